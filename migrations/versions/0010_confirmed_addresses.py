"""Says which addresses their readers have confirmed, and which spellings are one mailbox.

Confirmed counts whoever followed the link that an event with address check had sent. The
mailbox of the registrations so far is the address without what follows a plus sign.

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WITHOUT_PLUS = {
    "sqlite": """
        UPDATE registrations SET mailbox =
        substr(mailbox, 1, instr(mailbox, '+') - 1) || substr(mailbox, instr(mailbox, '@'))
        WHERE mailbox LIKE '%+%@%'
    """,
    "postgresql": """
        UPDATE registrations SET mailbox =
        split_part(mailbox, '+', 1) || '@' || split_part(mailbox, '@', 2)
        WHERE mailbox LIKE '%+%@%'
    """,
}
WITHOUT_DOTS = {
    "sqlite": """
        UPDATE registrations SET mailbox =
        replace(substr(mailbox, 1, instr(mailbox, '@') - 1), '.', '') || '@gmail.com'
        WHERE mailbox LIKE '%@gmail.com' OR mailbox LIKE '%@googlemail.com'
    """,
    "postgresql": """
        UPDATE registrations SET mailbox =
        replace(split_part(mailbox, '@', 1), '.', '') || '@gmail.com'
        WHERE mailbox LIKE '%@gmail.com' OR mailbox LIKE '%@googlemail.com'
    """,
}
CONFIRMED = """
    UPDATE registrations SET address_confirmed_at = changed_at
    WHERE source = 'web' AND status <> 'unconfirmed' AND cancelled_at IS NULL
    AND erased_at IS NULL AND event_id IN (SELECT id FROM events WHERE address_check)
"""


def upgrade() -> None:
    """Change the schema, and bring what is there into line."""
    op.add_column(
        "registrations",
        sa.Column("mailbox", sa.String(254), nullable=False, server_default=""),
    )
    op.add_column(
        "registrations",
        sa.Column("address_confirmed_at", sa.DateTime(timezone=True), nullable=True),
    )
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE registrations SET mailbox = lower(email)"))
    for spelling in (WITHOUT_PLUS, WITHOUT_DOTS):
        connection.execute(sa.text(spelling[connection.dialect.name]))
    connection.execute(sa.text(CONFIRMED))
    op.create_index("ix_registrations_mailbox", "registrations", ["mailbox"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_registrations_mailbox", "registrations")
    op.drop_column("registrations", "address_confirmed_at")
    op.drop_column("registrations", "mailbox")
