"""Indexes that find what is to come among years of what has been.

Revision: 0006
Follows: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_index("ix_events_visibility_ends_at", "events", ["visibility", "ends_at"])
    op.create_index("ix_reminder_rules_at", "reminder_rules", ["at", "amount", "unit", "is_active"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_reminder_rules_at", "reminder_rules")
    op.drop_index("ix_events_visibility_ends_at", "events")
