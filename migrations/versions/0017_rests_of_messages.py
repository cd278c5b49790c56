"""Counts how long a message was kept back because its recipient's domain rested.

Revision: 0017
Follows: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.add_column(
        "messages",
        sa.Column("rested_seconds", sa.Integer(), nullable=False, server_default="0"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("messages", "rested_seconds")
