"""How somebody wants a list to be read, and which of its cells were written anew.

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.add_column("import_uploads", sa.Column("choice", sa.JSON(), nullable=True))
    op.add_column("import_uploads", sa.Column("mends", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("import_uploads", schema=None) as batch_op:
        batch_op.drop_column("mends")
        batch_op.drop_column("choice")
