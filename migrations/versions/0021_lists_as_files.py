"""Lists between upload and import are files; what the version before took in stays where it is.

Revision: 0021
Follows: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_REFERENCES = {"event": "events", "user": "users", "pool": "seat_pools", "file": "files"}


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "import_lists",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("tells", sa.Boolean(), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.Column("choice", sa.JSON(), nullable=True),
        sa.Column("mends", sa.JSON(), nullable=True),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_import_lists_{name}_id_{table}"),
                ondelete="CASCADE",
            )
            for name, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_import_lists")),
    )
    for column in ("file_id", "kept_at", "user_id"):
        op.create_index(op.f(f"ix_import_lists_{column}"), "import_lists", [column])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("import_lists")
