"""Calendar entries belong to a registration: each has an identity and a version of its own.

Until now all entries of an event had one identity, with the host of PUBLIC_BASE_URL in it. Whoever
has such an entry keeps it, so that the next mail still finds it; of several registrations under one
address, whose entries were one in that calendar, only one does.

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEEP_THE_IDENTITY_THAT_WAS_SENT = """
    UPDATE registrations SET calendar_uid = 'event-' || event_id || '@' || :host
    WHERE id IN (
        SELECT id FROM (
            SELECT r.id, row_number() OVER (
                PARTITION BY r.event_id, r.email
                ORDER BY CASE WHEN r.status = 'confirmed' THEN 0 ELSE 1 END, m.at DESC, r.id DESC
            ) AS place
            FROM registrations r
            JOIN (
                SELECT registration_id, to_address, max(coalesce(sent_at, created_at)) AS at
                FROM messages
                WHERE kind IN ('registration_confirmed', 'registration_changed', 'event_changed')
                AND (state = 'sent' OR copies > 0)
                GROUP BY registration_id, to_address
            ) m ON m.registration_id = r.id AND m.to_address = r.email
            WHERE r.confirmed_at IS NOT NULL AND r.erased_at IS NULL
        ) entries
        WHERE place = 1
    )
"""
GIVE_EVERYBODY_ELSE_ONE_OF_THEIR_OWN = """
    UPDATE registrations SET calendar_uid = {random} WHERE calendar_uid IS NULL AND erased_at IS NULL
"""
BEGIN_WHERE_THE_EVENT_STOOD = """
    UPDATE registrations SET calendar_sequence = (
        SELECT revision FROM events WHERE events.id = registrations.event_id
    ) WHERE event_id IN (SELECT id FROM events WHERE revision > 0)
"""
RANDOM = {
    "postgresql": "gen_random_uuid()",
    "sqlite": (  # version 4, as RFC 9562, 5.4 has it
        "lower(hex(randomblob(4)) || '-' || hex(randomblob(2))"
        " || '-4' || substr(hex(randomblob(2)), 2)"
        " || '-' || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2)"
        " || '-' || hex(randomblob(6)))"
    ),
}


def upgrade() -> None:
    """Change the schema, and store what was sent so far."""
    op.add_column("registrations", sa.Column("calendar_uid", sa.String(300), nullable=True))
    op.add_column(
        "registrations",
        sa.Column("calendar_sequence", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("messages", sa.Column("calendar_sequence", sa.Integer(), nullable=True))
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM registrations LIMIT 1")).first() is None:
        return
    host = context.config.attributes["public_host"]()
    connection.execute(sa.text(KEEP_THE_IDENTITY_THAT_WAS_SENT), {"host": str(host)})
    random = RANDOM[connection.dialect.name]
    connection.execute(sa.text(GIVE_EVERYBODY_ELSE_ONE_OF_THEIR_OWN.format(random=random)))
    connection.execute(sa.text(BEGIN_WHERE_THE_EVENT_STOOD))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("messages", "calendar_sequence")
    op.drop_column("registrations", "calendar_sequence")
    op.drop_column("registrations", "calendar_uid")
