"""vCard 3.0 (RFC 2426), the version that Outlook, Apple and Google all read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from flask_babel import gettext as _

from event_mgmt.attendee_lists.columns import Cells
from event_mgmt.attendee_lists.formats.document import ListDocument

_LINE: Final = 75
"""Octets after which a line is folded (RFC 2425, 5.8.1)."""


def write(sheet: ListDocument, rows: Iterable[Cells], path: Path) -> None:
    """Write one card for each attendee; its UID lets a second import replace the first."""
    places = sheet.places()
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            person = {key: str(row[at] or "") for key, at in places.items()}
            file.writelines(folded(line) for line in _card(sheet, person))


def _card(sheet: ListDocument, person: dict[str, str]) -> Iterator[str]:
    given, family = person["given_name"], person["family_name"]
    title = person["academic_title"]
    yield "BEGIN:VCARD"
    yield "VERSION:3.0"
    if uid := person.get("card_id"):
        yield f"UID:{uid}"
    yield f"REV:{sheet.taken_at:%Y-%m-%dT%H:%M:%SZ}"
    yield f"N:{_listed(family, given, '', title, '')}"
    yield f"FN:{escaped(' '.join(part for part in (title, given, family) if part))}"
    optional = {
        "ORG": person["organisation"],
        "TITLE": person["function"],
        "EMAIL;TYPE=INTERNET": person["email"],
        "TEL;TYPE=WORK,VOICE": person["phone"],
        "NOTE": _note(person["companion_of"]),
    }
    yield from (f"{name}:{escaped(value)}" for name, value in optional.items() if value)
    if person["country"]:
        yield f"ADR;TYPE=WORK:{_listed('', '', '', '', '', '', person['country'])}"
    yield f"CATEGORIES:{escaped(sheet.event)}"
    yield "CLASS:CONFIDENTIAL"
    yield "END:VCARD"


def _note(contact: str) -> str:
    return contact and _("Companion of %(name)s", name=contact)


def _listed(*parts: str) -> str:
    return ";".join(escaped(part) for part in parts)


def escaped(text: str) -> str:
    r"""A text value: backslash, comma and semicolon escaped, line breaks as ``\n``."""
    for plain, safe in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\r\n", "\n"), ("\r", "\n")):
        text = text.replace(plain, safe)
    return text.replace("\n", "\\n")


def folded(line: str) -> str:
    """The line with its end, cut after at most 75 octets and never inside a character."""
    if len(line.encode("utf-8", "replace")) <= _LINE:
        return line + "\r\n"
    pieces, piece, length = [], "", 0
    for character in line:
        size = len(character.encode("utf-8", "replace"))
        if length + size > _LINE:
            pieces.append(piece)
            piece, length = " ", 1
        piece += character
        length += size
    return "\r\n".join([*pieces, piece]) + "\r\n"
