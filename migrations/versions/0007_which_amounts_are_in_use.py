"""Lets the planner step from one amount in use to the next, however many rules there are.

Revision: 0007
Follows: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.drop_index("ix_reminder_rules_at", "reminder_rules")
    op.create_index("ix_reminder_rules_at", "reminder_rules", ["at"])
    op.create_index("ix_reminder_rules_amount", "reminder_rules", ["amount"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_reminder_rules_amount", "reminder_rules")
    op.drop_index("ix_reminder_rules_at", "reminder_rules")
    op.create_index("ix_reminder_rules_at", "reminder_rules", ["at", "amount", "unit", "is_active"])
