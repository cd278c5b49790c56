"""Countries: which there are, what they are called, and what people write for them.

The table beside this module holds ISO 3166-1 (alpha-2, alpha-3) and Kosovo (XK), the signs on cars,
and names beside those that Unicode's CLDR gives in our languages: short, official, former and
their own.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from babel import Locale

from event_mgmt.core.text import sort_key
from event_mgmt.settings import LOCALES

_TABLE: Final = Path(__file__).with_name("countries.tsv")

_SHOWN: Final = {
    ("de", "HK"): "Hongkong",
    ("de", "MD"): "Moldau",
    ("de", "MO"): "Macau",
    ("en", "HK"): "Hong Kong",
    ("en", "MO"): "Macao",
    ("sl", "HK"): "Hongkong",
    ("sl", "MO"): "Macao",
}
"""Where CLDR's name stands in no list where a reader looks for it."""

_NO_PLACES: Final = frozenset({"XA", "XB", "ZZ"})
"""CLDR's codes for trying out software, and for nowhere."""

_LETTERS: Final = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "&": " and "}
)
_SPELT_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_SMALL: Final = frozenset({"and", "und", "u", "in", "i", "the", "die", "der", "das", "of", "von"})
_WRITTEN: Final = {"saint": "st", "sankt": "st", "sveti": "st", "sveta": "st"}
_INITIALS: Final = re.compile(r"\b(\w)\.\s*(?=\w\b)")
_KINDS: Final = re.compile(
    r"^\s*(?:(?:the\s+)?(?:republic|kingdom|state|principality)(?:\s+of)?"
    r"|rep\.|republik|republika|königreich|kraljevina|staat|fürstentum|država)\s+",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"[()\[\]/,;|]+|\s+[-–—]\s+")
_FLAG: Final = 0x1F1E6  # regional indicator symbol letter A
_LONGEST: Final = 120


@functools.cache
def _rows() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    return tuple((c, a3, car, tuple(others.split("|"))) for c, a3, car, others in cells)


@functools.cache
def codes() -> frozenset[str]:
    """Every country's code: ISO 3166-1 alpha-2, and XK."""
    return frozenset(row[0] for row in _rows())


@functools.lru_cache(maxsize=2048)
def name_of(code: str, locale: str) -> str:
    """The country's name for readers of ``locale``; an odd stored code by CLDR's word or itself.

    It is kept, since making CLDR's locale takes longer than the rest of a cell.
    """
    if code in _NO_PLACES:
        return code
    territories: Mapping[str, str] = Locale(locale).territories
    return _SHOWN.get((locale, code)) or str(territories.get(code, code))


@functools.cache
def country_names(locale: str) -> dict[str, str]:
    """Every country's name by its code, in the order of the locale's readers."""
    names = {code: name_of(code, locale) for code in codes()}
    return dict(sorted(names.items(), key=lambda pair: sort_key(locale, pair[1])))


def country_code_of(text: str) -> str | None:
    """The code of the country that somebody means by ``text``; None where nobody could tell.

    Read are codes (DE, DEU, D), names in our languages and the country's own, short, official and
    former ones, in any case and with or without accents, and several that mean the same one
    ("Germany (DE)", "Niederlande/Holland", "NRW, Deutschland").
    """
    whole = text.strip()
    if not whole or len(whole) > _LONGEST:
        return None
    return _one(whole) or _turned(whole) or _agreed(whole)


def _one(text: str) -> str | None:
    typed = _INITIALS.sub(r"\1", text).strip(" .'\"*-–").upper()
    if typed in codes():
        return typed
    if len(text) == 2 and all(0 <= ord(sign) - _FLAG < 26 for sign in text):
        return _one("".join(chr(ord(sign) - _FLAG + ord("A")) for sign in text))
    wanted = _key(text)
    found = _known().get(wanted) if wanted else None
    if found is None and (without := _KINDS.sub("", text)) != text:
        found = _known().get(_key(without))
    return found


def _turned(text: str) -> str | None:
    """As ISO's own list has it: "Korea, Republic of"."""
    name, comma, kind = text.partition(",")
    return _one(f"{kind} {name}") if comma and kind.strip() else None


def _agreed(text: str) -> str | None:
    found = {code for part in _PARTS.split(text) if part.strip() and (code := _one(part))}
    return found.pop() if len(found) == 1 else None


@functools.cache
def _known() -> dict[str, str]:
    """The code by each key that means it; codes before names, our languages before others."""
    known: dict[str, str] = {}
    for sayings in (_signs(), _our_names(), _other_names()):
        for name, code in sayings:
            known.setdefault(_key(name), code)
            known.setdefault(_key(name.casefold().translate(_SPELT_OUT)), code)
    known.pop("", None)
    return known


def _signs() -> Iterator[tuple[str, str]]:
    for code, alpha3, _car, _others in _rows():
        yield alpha3, code
    for code, _alpha3, car, _others in _rows():
        yield car, code


def _our_names() -> Iterator[tuple[str, str]]:
    for locale in LOCALES:
        territories: Mapping[str, str] = Locale(locale).territories
        for code in codes():
            yield name_of(code, locale), code
            yield str(territories.get(code, code)), code


def _other_names() -> Iterator[tuple[str, str]]:
    for code, _alpha3, _car, others in _rows():
        for name in others:
            yield name, code


def _key(text: str) -> str:
    """What is left of a name when case, accents, stops, hyphens and small words do not count."""
    whole = _INITIALS.sub(r"\1", text).casefold().translate(_LETTERS)
    lower = unicodedata.normalize("NFKD", whole)
    letters = "".join(c for c in lower if not unicodedata.combining(c))
    words = re.sub(r"[^\w]+", " ", letters).split()
    if any(len(word) > 2 and word not in _SMALL for word in words):
        words = [_WRITTEN.get(word, word) for word in words if word not in _SMALL]
    return "".join(words)
