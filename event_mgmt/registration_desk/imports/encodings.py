"""In which characters a text is written: told by a mark, else by the letters that result."""

from __future__ import annotations

import functools
import itertools
import re
from typing import Final

from event_mgmt.registration_desk.imports.headings import HEADINGS
from event_mgmt.registration_desk.imports.sheets import FileRefused

_USUAL: Final = frozenset("äöüßÄÖÜéÉ")
_CENTRAL: Final = _USUAL | frozenset("čšžćđČŠŽĆĐáíóúýÁÍÓÚôëâîç")
_WESTERN: Final = _USUAL | frozenset("èêëàáâãåíìîïóòôøúùûñçšžæœÈÊÀÁÅØÇÑ")
_FURTHER: Final = frozenset("õąęłńśźżőűřěůňťďľĺŕăşţĄĘŁŃŚŹŻŐŰŘĚŮŇŤĎĽĹŔĂŞŢÂÎÔËÝ")
"""Letters of our readers' neighbours: they count half."""
_SIGNS: Final = frozenset("°§€„“”‚‘’–—…»«·×\N{NO-BREAK SPACE}")
_NOT_BEHIND_LETTERS: Final = frozenset("„‚«§€°×")
_WITHIN_WORDS: Final = frozenset("’‘·")
_FAMILIES: Final = {
    "cp1250": _CENTRAL,
    "cp1252": _WESTERN,
    "iso8859-2": _CENTRAL,
    "cp850": _WESTERN,
    "cp852": _CENTRAL,
    "mac_roman": _WESTERN,
    "mac_latin2": _CENTRAL,
}
"""The code pages in the order of their likelihood, with the letters that are usual in them.

The first two agree on ä, ö, ü, ß, š, ž and é. Where a list could be either, č is likelier than è.
"""
ENCODINGS: Final = ("utf-8", "utf-16", *_FAMILIES)
"""What can be chosen."""
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_LOOKED_AT: Final = 5000
_HEADINGS_WITHIN: Final = 20_000
_KNOWN: Final = frozenset(
    heading.casefold()
    for lines in HEADINGS.values()
    for heading in "|".join(lines).split("|")
    if not heading.isascii()
)
"""Headings that are only right in the right characters: "Država", "E-pošta", "Anzahl Gäste"."""


def decoded(contents: bytes, wanted: str = "") -> tuple[str, str]:
    """The text and its encoding: as told by a mark, else UTF-8 if it is that, else the likeliest.

    ``wanted`` overrides what is recognised. FileRefused for what is no text, or not in these
    characters.
    """
    if contents[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _text(contents, "utf-16"), "utf-16"
    if b"\0" in contents:
        return _text(contents, _without_mark(contents)), "utf-16"
    if wanted in ENCODINGS:
        return _text(contents, wanted), wanted
    try:
        return _read_once(_text(contents, "utf-8")), "utf-8"
    except FileRefused:
        encoding = likeliest(contents)
        return contents.decode(encoding, "replace"), encoding


def _read_once(text: str) -> str:
    """``text`` as it was before a program took UTF-8 for Windows' letters and saved it again.

    Only where all of it can be taken back: "MÃ¼ller" beside "Müller" may be meant.
    """
    if text.isascii():
        return text
    try:
        once = b"".join(map(_byte, text))
        return once.decode("utf-8")
    except UnicodeError:
        return text


@functools.lru_cache(maxsize=512)
def _byte(char: str) -> bytes:
    return bytes([ord(char)]) if ord(char) < 0x100 else char.encode("cp1252")


def _text(contents: bytes, encoding: str) -> str:
    try:
        return contents.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        raise FileRefused from None


def _without_mark(contents: bytes) -> str:
    """Which half of a character stands first, where every second byte is zero; else no text."""
    quarter = len(contents) // 4
    if contents[1::2].count(0) > quarter and not contents[::2].count(0):
        return "utf-16-le"
    if contents[::2].count(0) > quarter and not contents[1::2].count(0):
        return "utf-16-be"
    raise FileRefused


def likeliest(contents: bytes) -> str:
    """The code page in which fewest letters are strange, and most headings known.

    Old ones (DOS, Macintosh, ISO) are told only where they leave less strange than those of
    Windows. A file in UTF-8 with a few broken characters is in UTF-8.
    """
    broken = contents.decode("utf-8", "replace")
    replaced = broken.count("\N{REPLACEMENT CHARACTER}")
    if sum(1 for _found in _BEYOND_ASCII.finditer(broken)) > 2 * replaced:
        return "utf-8"
    strange = {
        encoding: _implausibility(contents.decode(encoding, "replace"), usual)
        for encoding, usual in _FAMILIES.items()
    }
    return min(strange, key=lambda encoding: strange[encoding])


def _implausibility(text: str, usual: frozenset[str]) -> float:
    found = itertools.islice(_BEYOND_ASCII.finditer(text), _LOOKED_AT)
    strange = sum(_character_penalty(text, at.start(), usual) for at in found)
    head = text[:_HEADINGS_WITHIN].casefold()
    cells = {cell.strip(' "*:\r') for cell in re.split(r"[;,\t\n|]", head)}
    return strange - len(_KNOWN & cells)


def _character_penalty(text: str, at: int, usual: frozenset[str]) -> float:
    """How strange a character is where it stands: 0 for not at all."""
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if char.isalpha():
        odd = 0 if char in usual else 0.5 if char in _FURTHER else 1
        return odd + (char.isupper() and before.islower())
    if char not in _SIGNS:
        return 2
    if before.isalpha() and char in _NOT_BEHIND_LETTERS:
        return 1
    return float(before.isalpha() and after.isalpha() and char not in _WITHIN_WORDS)
