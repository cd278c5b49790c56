"""Names in Cyrillic and Greek letters are found by how they are written in Latin ones.

They are few, and stand behind all Latin names in the order of surnames. What the version before
writes while it still serves is found by its own letters only.

Revision: 0016
Follows: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from event_mgmt.core.text import full_name, searchable

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_FIRST = "\u0370"  # the first Greek letter
_ERASED = "\U0010fffd"
_TEXTS = ("given_name", "family_name", "organisation", "function")


def upgrade() -> None:
    """Write their search texts anew, as searches are made from now on."""
    people = sa.table("attendees", *map(sa.column, ("id", "search_text", "sort_key", *_TEXTS)))
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(people).where(people.c.sort_key >= _FIRST, people.c.sort_key < _ERASED)
    )
    texts = [
        {
            "row": row.id,
            "words": searchable(
                f"{full_name(row.given_name, row.family_name)} {row.organisation} {row.function}"
            ),
        }
        for row in rows
    ]
    if texts:
        connection.execute(
            sa.update(people)
            .where(people.c.id == sa.bindparam("row"))
            .values(search_text=sa.bindparam("words")),
            texts,
        )


def downgrade() -> None:
    """The version before finds in these texts what it found before; they stay."""
