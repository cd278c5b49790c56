"""vCard files as rows: 2.1 as Outlook writes it, 3.0 (RFC 2426) and 4.0 (RFC 6350)."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from event_mgmt.registration_desk.imports.sheets import (
    FileRefused,
    ListFile,
    ListSheet,
    RowCollector,
    SheetRow,
)

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
_NOBODY: Final = frozenset({"group", "location", "device", "application", "thing"})
"""Kinds of cards (RFC 6350 § 6.1.4) that are no people; Apple's address book calls groups alike."""
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


def read_cards(text: str, encoding: str, heading: tuple[str, ...]) -> ListFile:
    """One row for each card, below the ``heading`` of COLUMNS. Pictures and notes are not read.

    Groups of people, rooms and devices are nobody; of a company the name is asked for.
    """
    rows = RowCollector()
    nobody: list[SheetRow] = []
    rows.take(0, enumerate(heading))
    for number, card in enumerate(_cards(text), start=1):
        if _value(card, "KIND", "X-ADDRESSBOOKSERVER-KIND").lower() in _NOBODY:
            nobody.append(SheetRow(number, (_value(card, "FN", "N"),)))
        else:
            rows.take(number, enumerate(_cells(card)))
    if len(rows.rows) + len(nobody) < 2:
        raise FileRefused
    return ListFile((ListSheet(tuple(rows.rows), nobody=tuple(nobody)),), encoding)


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


def _first(card: list[_Line], *names: str) -> _Line:
    for name in names:
        found = [line for line in card if line.name == name and line.value.strip(";")]
        if found:
            return next((line for line in found if line.is_preferred), found[0])
    return _Line("", {}, "")


def _value(card: list[_Line], *names: str) -> str:
    return _first(card, *names).parts[0]


def _cells(card: list[_Line]) -> list[str]:
    family, given, more, prefix, suffix, *_rest = [*_first(card, "N").parts, *[""] * 5]
    organisation = _value(card, "ORG")
    shown = _value(card, "FN")
    if _is_company(card, shown):
        organisation = organisation or shown or family
        family = given = more = ""
    elif not (family or given):
        family = shown
    country = next(iter([*_first(card, "ADR").parts, *[""] * 7][6:7]), "")
    cells = {
        "academic_title": ", ".join(part for part in (prefix, suffix) if part),
        "given_name": f"{given} {more}".strip(),
        "family_name": family,
        "email": _value(card, "EMAIL").removeprefix("mailto:"),
        "organisation": organisation,
        "function": _value(card, "TITLE", "ROLE"),
        "phone": _value(card, "TEL").removeprefix("tel:"),
        "country": country,
        "language": _value(card, "LANG"),
    }
    return [cells[column] for column in COLUMNS]


def _is_company(card: list[_Line], shown: str) -> bool:
    """Whether a card is that of an organisation, and names nobody there."""
    _family, given, *_rest = [*_first(card, "N").parts, *[""] * 2]
    family = _first(card, "N").parts[0]
    if _value(card, "KIND", "X-ADDRESSBOOKSERVER-KIND").lower() == "org":
        return True
    if "COMPANY" in _value(card, "X-ABSHOWAS").upper():
        return not (given and family)
    return not given and shown == _value(card, "ORG") != "" and family in {"", shown}
