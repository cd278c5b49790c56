"""Cyrillic and Greek names in Latin letters, as each of our languages writes them."""

from __future__ import annotations

import unicodedata
from typing import Final

_CYRILLIC: Final = dict(
    zip("абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяђјљњћџ", """
    a,b,v/v/w,g,g,d,e,je/ye/je,z/zh/sch,z/z/s,i,i,ji/yi/ji,j/y/j,k,l,m,n,o,p,r,s,t,u,f,h/kh/ch,
    c/ts/z,c/ch/tsch,s/sh/sch,sc/shch/schtsch,,i/y/y,,e,ju/yu/ju,ja/ya/ja,dj,j,lj,nj,c,dz
    """.replace(" ", "").replace("\n", "").split(","), strict=True)
)  # fmt: skip
_GREEK: Final = dict(
    zip("αβγδεζηθικλμνξοπρσςτυφχψω", """
    a,v,g,d,e,z,i,t/th/th,i,k,l,m,n,ks/x/x,o,p,r,s,s,t,i/y/y,f,h/ch/ch,ps,o
    """.replace(" ", "").replace("\n", "").split(","), strict=True)
)  # fmt: skip
_TOGETHER: Final = {
    "ου": "u/ou/ou", "αυ": "av", "ευ": "ev", "μπ": "b", "γγ": "ng", "ει": "i/ei/ei",
    "οι": "i/oi/oi", "αι": "e/ai/ai",
}  # fmt: skip
"""Pairs of Greek letters that are one sound."""

_LANGUAGES: Final = 3


def _table(at: int) -> tuple[dict[str, str], dict[int, str]]:
    """How the Slovenian, the English or the German reader writes pairs, and single letters."""

    def written(found: str) -> str:
        ways = found.split("/")
        return ways[at] if len(ways) > 1 else ways[0]

    singles = {ord(sign): written(found) for sign, found in {**_CYRILLIC, **_GREEK}.items()}
    return {pair: written(found) for pair, found in _TOGETHER.items()}, singles


_TABLES: Final = tuple(map(_table, range(_LANGUAGES)))
_LETTERS: Final = frozenset({*_CYRILLIC, *_GREEK})


def transcriptions(text: str) -> list[str]:
    """The words of ``text`` that hold such letters, in small Latin ones, each way once.

    "Шевченко" is "sevcenko", "shevchenko" and "schewtschenko" to the readers of our languages.
    """
    if text.isascii():
        return []
    letters = "".join(map(_plain, unicodedata.normalize("NFC", text.casefold())))
    words = " ".join(word for word in letters.split() if not _LETTERS.isdisjoint(word))
    return list(dict.fromkeys(_written(words, *table) for table in _TABLES)) if words else []


def _plain(letter: str) -> str:
    """A letter without its accents; й, ё and ї are letters of their own."""
    return letter if letter in _CYRILLIC else unicodedata.normalize("NFD", letter)[0]


def _written(words: str, pairs: dict[str, str], singles: dict[int, str]) -> str:
    for pair, letters in pairs.items():
        words = words.replace(pair, letters)
    return words.translate(singles)
