"""Search texts in which Müller, Mueller and Muller are one; keys for names in other scripts.

Set-based: one statement per table, whatever its size. What the version before writes while the
upgrade is under way is found by it as before, and by this one unless it is spelt with ae, oe or ue.

Revision: 0013
Follows: 0012
"""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_GONE = "'\u2018\u2019\u201b\u02bc\u02b9`\u2032\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff"
_SPACES = "-\u2010\u2011\u2012\u2013\u2014\u2212\u00b7_."
_ONE_LETTER = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("dj", "d"))
_EMPTY_KEY = "\x1f"
_LAST = "\U0010fffd"


def upgrade() -> None:
    for table in ("attendees", "events"):
        _fold_again(sa.table(table, sa.column("search_text", sa.Text)))
    _order_other_scripts()
    _put_the_erased_last()


def _fold_again(table: sa.TableClause) -> None:
    folded: sa.ColumnElement[str] = table.c.search_text
    steps = [(sign, "") for sign in _GONE] + [(sign, " ") for sign in _SPACES] + [*_ONE_LETTER]
    for old, new in steps:
        folded = sa.func.replace(folded, sa.literal(old), sa.literal(new))
    op.execute(sa.update(table).values(search_text=folded).where(table.c.search_text != ""))


def _order_other_scripts() -> None:
    """Names without any Latin letter had an empty key; there are few of them."""
    people = sa.table(
        "attendees",
        *(
            sa.column(name)
            for name in ("id", "given_name", "family_name", "sort_key", "sort_key_sl")
        ),
    )
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(people.c.id, people.c.family_name, people.c.given_name).where(
            people.c.sort_key == _EMPTY_KEY
        )
    ).all()
    keys = [
        {"row": row.id, "key": _EMPTY_KEY.join(map(_key, (row.family_name, row.given_name)))[:255]}
        for row in rows
    ]
    if keys:
        key = sa.bindparam("key")
        connection.execute(
            sa.update(people)
            .where(people.c.id == sa.bindparam("row"))
            .values(sort_key=key, sort_key_sl=key),
            keys,
        )


def _put_the_erased_last() -> None:
    """Behind the names in all scripts, not only behind the Latin ones."""
    keys = [sa.column(name, sa.String) for name in ("sort_key", "sort_key_sl", "organisation_key")]
    people = sa.table("attendees", *keys)
    op.execute(
        sa.update(people).where(people.c.sort_key == "~").values({key.name: _LAST for key in keys})
    )


def _key(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w ]+|_", "", plain).split())


def downgrade() -> None:
    """The version before finds less in these texts; they stay."""
