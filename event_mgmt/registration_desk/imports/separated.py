"""Separated text in any usual encoding as rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Final

from event_mgmt.registration_desk.imports.sheets import Book, FileRefused, Gatherer, Sheet

ENCODINGS: Final = ("utf-8", "cp1250", "cp1252", "utf-16")
_DELIMITERS: Final = ";,\t|"
_SAMPLE: Final = 60

_CENTRAL: Final = frozenset("äöüßÄÖÜčšžćđČŠŽĆĐáéíóúýÁÉÍÓÚôëâîç°§€„“”‚‘’–—…»«·×")
_WESTERN: Final = frozenset("äöüßÄÖÜéèêëáàâãåíìîïóòôõøúùûñçšžæœÉÈÊÀÁÅØÇÑ°§€„“”‚‘’–—…»«·×")


def read_text(text: str, encoding: str) -> Book:
    """The rows of separated text."""
    first, _, rest = text.partition("\n")
    delimiter = ""
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter_of(text))
    stripped = ([cell.strip() for cell in cells] for cells in reader)
    try:
        return Book((Sheet(Gatherer().take_all(stripped)),), encoding)
    except csv.Error:
        raise FileRefused from None


def decoded(contents: bytes, wanted: str = "") -> tuple[str, str]:
    """The text and its encoding: as told by a mark, else UTF-8 if it is that, else the likelier.

    ``wanted`` overrides what is recognised. FileRefused for what is no text.
    """
    if contents[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        wanted = "utf-16"
    elif b"\0" in contents:
        raise FileRefused
    for encoding in (wanted,) if wanted in ENCODINGS else ("utf-8", _code_page(contents)):
        try:
            text = contents.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError:
            continue
        return text, encoding
    raise FileRefused


def _code_page(contents: bytes) -> str:
    """Central or western European: that in which fewer letters are strange to our readers.

    Both agree on ä, ö, ü, ß, š, ž and é. Where a list could be either, č is likelier than è.
    """

    def strange(encoding: str, usual: frozenset[str]) -> int:
        counts = Counter(contents.decode(encoding, errors="replace"))
        return sum(n for char, n in counts.items() if ord(char) > 127 and char not in usual)

    central, western = strange("cp1250", _CENTRAL), strange("cp1252", _WESTERN)
    return "cp1250" if central <= western else "cp1252"


def _delimiter_of(text: str) -> str:
    """The delimiter that cuts the first lines into most columns, and most evenly."""
    lines = "\n".join(text[:200_000].splitlines()[:_SAMPLE])

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            rows = [row for row in csv.reader(io.StringIO(lines), delimiter=delimiter) if any(row)]
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            return 0, 0
        return max((times * (width - 1), width) for width, times in widths.items())

    return max(_DELIMITERS, key=evenness)
