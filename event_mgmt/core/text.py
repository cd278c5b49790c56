"""Folding and ordering of names."""

from __future__ import annotations

import re
import unicodedata

from event_mgmt.core import academic_titles
from event_mgmt.core.transcription import transcriptions

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th", "ð": "d", "æ": "ae", "œ": "oe"}
)
_SLOVENIAN = str.maketrans({"č": "c~", "ć": "c~~", "đ": "d~", "š": "s~", "ž": "z~"})
_NO_KEY = re.compile(r"[^\w~ ]+|_")
_APOSTROPHES = dict.fromkeys(map(ord, "'\u2018\u2019\u201b\u02bc\u02b9\u00b4`\u2032\uff07"))
_HYPHENS = dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2212\u00b7_."), " ")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff"))
_LOOSE = str.maketrans({**_APOSTROPHES, **_HYPHENS, **_UNSEEN})
SAME_SOUND = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("dj", "d"))
"""Spellings of one letter: Müller, Mueller and Muller; Århus and Aarhus; Đorđe and Djordje."""

_TITLES = (
    (academic_titles.BEFORE_NAMES | academic_titles.DOCTORS_AFTER) - academic_titles.SPELT_OUT
    | {"dipl", "ing", "univ", "med", "mba", "bsc", "msc", "izr", "zasl"}
    | {"herr", "frau", "gospod", "gospa", "mr", "mrs", "ms"}
)
"""What does not tell one person from another."""


def fold(text: str) -> str:
    """``text`` as it is searched: no case, no diacritics, single spaces ("Žagar" -> "zagar")."""
    lower = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    if not lower.isascii():
        lower = "".join(c for c in lower if not unicodedata.combining(c))
    return " ".join(lower.split())


def search_fold(text: str) -> str:
    """``text`` as it is searched for however it is spelt; what is stored and what is typed alike.

    Beyond ``fold``: ä, ae and a are one, so are å, aa and a, đ, dj and d; apostrophes do not
    count, hyphens and full stops are spaces. Too much is found rather than too little (Bauer and
    Baur are one): this is for finding, and for telling people of one address apart.
    """
    folded = fold(text.translate(_LOOSE))
    for spelling, letter in SAME_SOUND:
        folded = folded.replace(spelling, letter)
    return folded


def searchable(text: str) -> str:
    """What is stored of ``text`` for searches: Cyrillic and Greek words in Latin letters too."""
    return " ".join(map(search_fold, [text, *transcriptions(text)]))


def search_words(text: str) -> list[tuple[str, list[str]]]:
    """The words of a search as (as typed, as folded); an address is looked for as it is typed.

    Signs between words do not count; where there is nothing else, they are meant.
    """
    words = [(word.casefold(), search_fold(word).split()) for word in text.split()]
    return [word for word in words if word[1]] or [(typed, [typed]) for typed, _none in words]


def search_parts(text: str) -> list[str]:
    """The words of a search as they are folded, where no addresses are searched."""
    return [part for _typed, parts in search_words(text) for part in parts]


def full_name(given_name: str, family_name: str) -> str:
    """Both names as one is called; people with one name have it as their family name."""
    return f"{given_name} {family_name}".strip()


def name_key(name: str) -> str:
    """``name`` as people are compared by it: spelling, order and titles in it do not count."""
    words = search_fold(name).split()
    named = [word for word in words if word not in _TITLES] or words
    without = [word for word in named if word not in academic_titles.SPELT_OUT]
    if len(without) > 1:  # a given and a family name are left: "Ana Doktor" keeps hers
        named = without
    return " ".join(sorted(named))


def sort_key(locale: str, *parts: str) -> str:
    """A key that orders names as the locale's readers expect.

    German and English: diacritics do not count (DIN 5007-1). Slovenian: č, ć, đ, š, ž are letters
    of their own after c, d, s, z (Slovenski pravopis). Other scripts stand after the Latin one,
    each by itself. Parts count one after the other; empty ones do not count.
    """
    return "\x1f".join(_part_key(locale, part) for part in parts if part)[:255]


def _part_key(locale: str, text: str) -> str:
    lower = unicodedata.normalize("NFC", text.casefold())
    if locale == "sl":
        lower = lower.translate(_SLOVENIAN)
    return _NO_KEY.sub("", fold(lower))
