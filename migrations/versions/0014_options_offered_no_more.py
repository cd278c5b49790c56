"""Keeps the words of options that a question offers no more, for the answers given with them.

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.add_column(
        "questions",
        sa.Column("retired_options", sa.JSON(), nullable=False, server_default="[]"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("questions", "retired_options")
