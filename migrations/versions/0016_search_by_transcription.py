"""What is written in Cyrillic and Greek letters is found by how it is written in Latin ones.

People by their names, organisations and functions, events by their titles, summaries and places.
What the version before writes while it still serves is found by its own letters only. How words
are transcribed is written down here as it was then: a migration does the same for ever.

Revision: 0016
Follows: 0015
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_GREEK_OR_CYRILLIC = "[\u0370-\u052f]"
_CYRILLIC = dict(
    zip("абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяђјљњћџ", """
    a,b,v/v/w,g,g,d,e,je/ye/je,z/zh/sch,z/z/s,i,i,ji/yi/ji,j/y/j,k,l,m,n,o,p,r,s,t,u,f,h/kh/ch,
    c/ts/z,c/ch/tsch,s/sh/sch,sc/shch/schtsch,,i/y/y,,e,ju/yu/ju,ja/ya/ja,dj,j,lj,nj,c,dz
    """.replace(" ", "").replace("\n", "").split(","), strict=True)
)  # fmt: skip
_GREEK = dict(
    zip("αβγδεζηθικλμνξοπρσςτυφχψω", """
    a,v,g,d,e,z,i,t/th/th,i,k,l,m,n,ks/x/x,o,p,r,s,s,t,i/y/y,f,h/ch/ch,ps,o
    """.replace(" ", "").replace("\n", "").split(","), strict=True)
)  # fmt: skip
_PAIRS = {
    "ου": "u/ou/ou", "αυ": "av", "ευ": "ev", "μπ": "b", "γγ": "ng", "ει": "i/ei/ei",
    "οι": "i/oi/oi", "αι": "e/ai/ai",
}  # fmt: skip
_ONE_LETTER = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("dj", "d"))


def upgrade() -> None:
    """Add to the search texts how their words are written in Latin letters."""
    names = [sa.column(name, sa.Text) for name in ("given_name", "family_name")]
    work = [sa.column(name, sa.Text) for name in ("organisation", "function")]
    _add_transcriptions("attendees", [*names, *work])
    texts = [sa.column(name, sa.JSON) for name in ("title", "summary")]
    place = [sa.column(name, sa.Text) for name in ("venue_name", "city")]
    _add_transcriptions("events", [*texts, *place])


def _add_transcriptions(name: str, sources: Sequence[sa.ColumnClause[Any]]) -> None:
    key, searched = sa.column("id", sa.Integer), sa.column("search_text", sa.Text)
    table = sa.table(name, key, searched, *sources)
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(key, searched, *sources).where(searched.regexp_match(_GREEK_OR_CYRILLIC))
    ).all()
    found = [{"row": row[0], "words": _with_ways(row[1], row[2:])} for row in rows]
    if found:
        connection.execute(
            sa.update(table)
            .where(key == sa.bindparam("row"))
            .values(search_text=sa.bindparam("words")),
            found,
        )


def _with_ways(searched: str, sources: Sequence[Any]) -> str:
    """The search text with the ways to write ``sources``: texts, or texts by language."""
    texts = [
        text for each in sources for text in (each.values() if isinstance(each, dict) else [each])
    ]
    ways = dict.fromkeys(_transcribed(" ".join(text for text in texts if text)))
    return " ".join([searched, *(way for way in ways if way not in searched)])


def _transcribed(text: str) -> Iterator[str]:
    """The words that hold such letters as Slovenian, English and German readers write them."""
    letters = "".join(map(_plain, unicodedata.normalize("NFC", text.casefold())))
    signs = {**_CYRILLIC, **_GREEK}
    words = " ".join(word for word in letters.split() if not signs.keys().isdisjoint(word))
    for language in range(3):
        way = words
        for written, read in [*_PAIRS.items(), *signs.items()]:
            way = way.replace(written, _way(read, language))
        folded = "".join(c if c.isalnum() else " " for c in way)
        for spelling, letter in _ONE_LETTER:
            folded = folded.replace(spelling, letter)
        yield " ".join(folded.split())


def _way(read: str, language: int) -> str:
    ways = read.split("/")
    return ways[language] if len(ways) > 1 else ways[0]


def _plain(letter: str) -> str:
    """A letter without its accents; й, ё and ї are letters of their own."""
    return letter if letter in _CYRILLIC else unicodedata.normalize("NFD", letter)[0]


def downgrade() -> None:
    """The version before finds in these texts what it found before; they stay."""
