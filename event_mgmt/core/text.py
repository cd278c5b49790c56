"""Folding and ordering of names."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"})
_SLOVENIAN = str.maketrans({"č": "c~", "ć": "c~~", "đ": "d~", "š": "s~", "ž": "z~"})
_NO_KEY = re.compile(r"[^0-9a-z~ ]+")


def fold(text: str) -> str:
    """``text`` as it is searched: no case, no diacritics, single spaces ("Žagar" -> "zagar")."""
    lower = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    if not lower.isascii():
        lower = "".join(c for c in lower if not unicodedata.combining(c))
    return " ".join(lower.split())


def sort_key(locale: str, *parts: str) -> str:
    """A key that orders names as the locale's readers expect.

    German and English: diacritics do not count (DIN 5007-1). Slovenian: č, ć, đ, š, ž are letters
    of their own after c, d, s, z (Slovenski pravopis). Parts count one after the other.
    """
    return "\x1f".join(_part_key(locale, part) for part in parts)[:255]


def _part_key(locale: str, text: str) -> str:
    lower = unicodedata.normalize("NFC", text.casefold())
    if locale == "sl":
        lower = lower.translate(_SLOVENIAN)
    return _NO_KEY.sub("", fold(lower))
