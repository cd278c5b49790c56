"""Under which name an organiser decided about somebody whom a guest has corrected since.

Who was corrected before counts as decided under the name that stands: no other was kept.

Revision: 0018
Follows: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("attendees", sa.Column("decided_name", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("attendees", "decided_name")
