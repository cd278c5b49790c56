"""The ledger of erasures, and marks on what was erased.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("key", name=op.f("uq_erasures_key")),
    )
    op.create_index("ix_erasures_address_digest", "erasures", ["address_digest"])
    op.add_column("registrations", sa.Column("erased_at", sa.DateTime(timezone=True)))
    op.create_index("ix_registrations_email", "registrations", ["email"])
    op.add_column("users", sa.Column("erased_at", sa.DateTime(timezone=True)))
    op.create_index("ix_messages_to_address", "messages", ["to_address"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_messages_to_address", "messages")
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_column("erased_at")
    op.drop_index("ix_registrations_email", "registrations")
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.drop_column("erased_at")
    op.drop_table("erasures")
