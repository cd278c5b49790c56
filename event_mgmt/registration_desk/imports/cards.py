"""vCard files as rows: 2.1 as Outlook writes it, 3.0 (RFC 2426) and 4.0 (RFC 6350)."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from event_mgmt.registration_desk.imports.sheets import Book, FileRefused, Gatherer, Sheet

COLUMNS: Final = (
    "academic_title",
    "given_name",
    "family_name",
    "email",
    "organisation",
    "function",
    "phone",
    "country",
    "language",
)
"""What is taken from a card, as columns.py calls it. Notes are the address book's owner's own."""

_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")
_SOFT_BREAK: Final = re.compile(r"=(?:\r\n|\r|\n)[ \t]?")
_FOLDED: Final = re.compile(r"(?:\r\n|\r|\n)[ \t]")
_QUOTED: Final = re.compile(r"ENCODING\s*=\s*QUOTED-PRINTABLE|;QUOTED-PRINTABLE", re.IGNORECASE)
_SPLIT: Final = re.compile(r"(?<!\\);")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_CHARSETS: Final = {"utf-8": "utf-8", "iso-8859-1": "cp1252", "windows-1252": "cp1252",
                    "iso-8859-2": "cp1250", "windows-1250": "cp1250"}  # fmt: skip


@dataclass(frozen=True)
class _Line:
    name: str
    parameters: Mapping[str, str]
    value: str

    @property
    def parts(self) -> list[str]:
        """The value's parts, each as text."""
        return [_plain(part) for part in _SPLIT.split(self.value)]

    @property
    def is_preferred(self) -> bool:
        """Whether the card names it before others of its kind."""
        kinds = self.parameters.get("TYPE", "").upper().split(",")
        return "PREF" in kinds or "PREF" in self.parameters


def is_cards(text: str) -> bool:
    """Whether ``text`` is a file of cards."""
    return text.lstrip("\N{BOM} \t\r\n")[:11].upper() == "BEGIN:VCARD"


def read_cards(text: str, encoding: str, heading: tuple[str, ...]) -> Book:
    """One row for each card, below the ``heading`` of COLUMNS. Pictures and notes are not read."""
    rows = Gatherer()
    rows.take(0, enumerate(heading))
    for number, card in enumerate(_cards(text), start=1):
        rows.take(number, enumerate(_cells(card)))
    if len(rows.rows) < 2:
        raise FileRefused
    return Book((Sheet(tuple(rows.rows)),), encoding)


def _cards(text: str) -> Iterator[list[_Line]]:
    lines: list[_Line] = []
    for raw in _logical_lines(text):
        head, colon, value = raw.partition(":")
        if not colon:
            continue
        line = _line(head, value)
        if line.name == "BEGIN":
            lines = []
        elif line.name == "END":
            yield lines
            lines = []
        else:
            lines.append(line)


def _logical_lines(text: str) -> Iterator[str]:
    """Lines with their continuations: folded ones, and those of quoted-printable (2.1)."""
    waiting = ""
    for line in _LINE_BREAK.split(_FOLDED.sub("", text)):
        whole = waiting + line
        head = whole.partition(":")[0]
        if whole.endswith("=") and _QUOTED.search(head):
            waiting = whole[:-1]
            continue
        waiting = ""
        yield whole


def _line(head: str, value: str) -> _Line:
    name, *given = head.split(";")
    parameters: dict[str, str] = {}
    for each in given:
        key, equals, setting = each.partition("=")
        kind = key.upper() if equals else "TYPE"
        found = setting.strip('"') if equals else key
        parameters[kind] = f"{parameters[kind]},{found}" if kind in parameters else found
    if _QUOTED.search(head):
        charset = _CHARSETS.get(parameters.get("CHARSET", "").lower(), "utf-8")
        value = quopri.decodestring(value.encode("utf-8", "replace")).decode(charset, "replace")
    return _Line(name.rpartition(".")[2].upper(), parameters, value)


def _plain(value: str) -> str:
    text = _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    return " ".join(text.split())


def _cells(card: list[_Line]) -> list[str]:
    def first(*names: str) -> _Line:
        for name in names:
            found = [line for line in card if line.name == name and line.value.strip(";")]
            if found:
                return next((line for line in found if line.is_preferred), found[0])
        return _Line("", {}, "")

    family, given, more, prefix, suffix, *_rest = [*first("N").parts, *[""] * 5]
    shown = first("FN")
    if not (family or given):
        family = shown.parts[0] if shown.value else ""
    country = next(iter([*first("ADR").parts, *[""] * 7][6:7]), "")
    cells = {
        "academic_title": ", ".join(part for part in (prefix, suffix) if part),
        "given_name": f"{given} {more}".strip(),
        "family_name": family,
        "email": first("EMAIL").parts[0].removeprefix("mailto:"),
        "organisation": first("ORG").parts[0],
        "function": first("TITLE", "ROLE").parts[0],
        "phone": first("TEL").parts[0].removeprefix("tel:"),
        "country": country,
        "language": first("LANG").parts[0],
    }
    return [cells[column] for column in COLUMNS]
