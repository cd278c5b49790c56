"""Hold the outbox.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "outbox_holds",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_outbox_holds_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_holds")),
    )


def downgrade() -> None:
    """Change it back."""
    op.drop_table("outbox_holds")
