"""What retention has done, and the numbers that stay.

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "kept_numbers",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_kept_numbers_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "event_id", "pool_id", "status", "country", name=op.f("pk_kept_numbers")
        ),
    )
    op.create_table(
        "retention_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_retention_records_event_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_records")),
        sa.UniqueConstraint("event_id", "kind", name=op.f("uq_retention_records_event_id_kind")),
    )
    op.create_table(
        "retention_rounds",
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_mails", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("night", name=op.f("pk_retention_rounds")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("retention_rounds")
    op.drop_table("retention_records")
    op.drop_table("kept_numbers")
