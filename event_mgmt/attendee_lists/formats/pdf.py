"""PDF: sign-in sheet, door list, protocol list, or any columns as a table; set by Typst."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from flask_babel import gettext as _, ngettext

from event_mgmt.attendee_lists.columns import Cell, Cells, ColumnHeading, ColumnKind
from event_mgmt.attendee_lists.formats.document import ListDocument
from event_mgmt.core import numbers
from event_mgmt.core.text import sort_key
from event_mgmt.documents import engine, layout
from event_mgmt.documents.text_width import width_of
from event_mgmt.web import times

_OWN_LETTERS: Final = "čćđšž"
_SIZE: Final = 9.5
_HEADING_SIZE: Final = 8.5
_SIGNATURE: Final = 176.0
_WIDEST_WORD: Final = 90.0
_NAMES_ROWS: Final = ("number", "given_name", "family_name")
"""The columns by which a row is known again on the next sheet."""

Person = dict[str, str]


def write_sign_in(sheet: ListDocument, rows: Iterable[Cells], path: Path) -> None:
    """A line for each person, with room for a signature."""
    people = _people(sheet, rows)
    fixed = {"number": _narrow(people, "number", _("No.")), "signature": _SIGNATURE}
    shares = {"name": 1.15} | _if_any(people, organisation=1.15)
    order = ("number", "name", "organisation", "signature")
    _set_people(
        "sign_in",
        sheet,
        people,
        order,
        layout.shared(layout.PORTRAIT, fixed, shares),
        path,
    )


def write_door(sheet: ListDocument, rows: Iterable[Cells], path: Path) -> None:
    """Everybody by surname under its letter, with a box to tick."""
    people = _people(sheet, rows)
    for person in people:
        person["letter"] = initial(person["family_name"], sheet.locale)
    fixed = {"tick": _narrow(people, "", _("Here"))}
    shares = {"name": 1.0} | _if_any(people, organisation=1.0, companion_of=0.8)
    order = ("tick", "name", "organisation", "companion_of")
    _set_people(
        "door",
        sheet,
        people,
        order,
        layout.shared(layout.PORTRAIT, fixed, shares),
        path,
    )


def write_protocol(sheet: ListDocument, rows: Iterable[Cells], path: Path) -> None:
    """Organisation by organisation, with forms of address, titles and functions."""
    people = _people(sheet, rows)
    fixed = {"number": _narrow(people, "number", _("No."))}
    if any(person["form_of_address"] for person in people):
        fixed["form_of_address"] = _narrow(people, "form_of_address", _("Form of address"))
    shares = {"name": 1.0}
    if any(person["function"] or person["companion_of"] for person in people):
        shares["function"] = 1.2
    order = ("number", "form_of_address", "name", "function")
    _set_people(
        "protocol",
        sheet,
        people,
        order,
        layout.shared(layout.PORTRAIT, fixed, shares),
        path,
    )


def write_table(sheet: ListDocument, rows: Iterable[Cells], path: Path) -> None:
    """The columns of the list as they are, on as many sheets side by side as they need."""
    shown = [[_shown(value, sheet.locale) for value in row] for row in rows]
    by_column = list(zip(*shown, strict=True)) or [()] * len(sheet.heads)
    asked = [
        layout.wants(head.label, cells) for head, cells in zip(sheet.heads, by_column, strict=True)
    ]
    found = layout.arranged(asked, _repeated(sheet.heads))
    content = {
        "landscape": found.is_landscape,
        "size": found.size,
        "parts": [
            _part(sheet.heads, shown, part, found.size)
            | {"title": _part_title(sheet.heads, found.parts, number)}
            for number, part in enumerate(found.parts)
        ],
    }
    _set("table", sheet, len(shown), content, path)


def initial(surname: str, locale: str) -> str:
    """The letter under which readers of ``locale`` look for a surname."""
    first = surname.strip()[:1].casefold()
    if locale == "sl" and first in _OWN_LETTERS:
        return first.upper()
    letter = sort_key("de", surname)[:1].upper()
    return letter if letter.isalpha() else "#"


def _repeated(heads: Sequence[ColumnHeading]) -> list[int]:
    found = [at for at, head in enumerate(heads) if head.key in _NAMES_ROWS]
    return found or [0]


def _part(
    heads: Sequence[ColumnHeading], rows: Sequence[Sequence[str]], part: layout.Part, size: float
) -> dict[str, object]:
    places = list(zip(part.columns, part.widths, strict=True))
    picked = [[row[at] for at in part.columns] for row in rows]
    return {
        "widths": part.widths,
        "aligned": [
            "right" if heads[at].kind is ColumnKind.NUMBER else "left" for at in part.columns
        ],
        "heads": [layout.fitted(heads[at].label, width, size) for at, width in places],
        "rows": [
            {
                "tall": layout.is_tall(row, part.widths, size),
                "cells": [
                    layout.fitted(cell, width, size)
                    for cell, width in zip(row, part.widths, strict=True)
                ],
            }
            for row in picked
        ],
    }


def _part_title(heads: Sequence[ColumnHeading], parts: Sequence[layout.Part], number: int) -> str:
    if len(parts) == 1:
        return ""
    before = {at for part in parts[:number] for at in part.columns}
    own = [at for at in parts[number].columns if at not in before]
    return _(
        "Sheet %(number)d of %(all)d: %(first)s to %(last)s",
        number=number + 1,
        all=len(parts),
        first=heads[own[0]].label,
        last=heads[own[-1]].label,
    )


def _people(sheet: ListDocument, rows: Iterable[Cells]) -> list[Person]:
    places = sheet.places()
    return [{key: _shown(row[at], sheet.locale) for key, at in places.items()} for row in rows]


def _narrow(people: Sequence[Person], key: str, heading: str) -> float:
    """Points for a column of short words: as wide as its widest, within reason."""
    words = max((width_of(person[key]) for person in people), default=0.0) if key else 0.0
    widest = max(words * _SIZE, width_of(heading) * _HEADING_SIZE)
    return min(widest, _WIDEST_WORD) + layout.INSET


def _if_any(people: Sequence[Person], **shares: float) -> dict[str, float]:
    """The shares of those columns in which somebody has something."""
    return {key: share for key, share in shares.items() if any(person[key] for person in people)}


def _shown(value: Cell, locale: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{times.short_date(value, locale)}, {value:%H:%M}"
    if isinstance(value, date):
        return times.short_date(value, locale)
    return numbers.format_number(value, locale) if isinstance(value, float) else str(value)


def _set_people(
    name: str,
    sheet: ListDocument,
    people: Sequence[Person],
    order: Sequence[str],
    widths: Mapping[str, float],
    path: Path,
) -> None:
    """Set a layout that knows its columns by name; those without a width are left out."""
    columns = [key for key in order if key in widths]
    column_of = {"given_name": "name", "family_name": "name", "academic_title": "name"}
    whole = sum(widths.values())

    def room(key: str) -> float:
        below = {"companion_of": "function" if name == "protocol" else "name", "function": "name"}
        column = key if key in widths else column_of.get(key) or below.get(key, "")
        return widths.get(column, whole)

    content = {
        "columns": columns,
        "widths": [widths[key] for key in columns],
        "heads": [layout.fitted(_words(0)[key], widths[key], _HEADING_SIZE) for key in columns],
        "rows": [
            {
                key: text if key == "letter" else layout.fitted(text, room(key), _SIZE)
                for key, text in person.items()
            }
            | {"group": person.get("organisation", "")}
            for person in people
        ],
    }
    _set(name, sheet, len(people), content, path)


def _set(
    name: str, sheet: ListDocument, people: int, more: Mapping[str, object], path: Path
) -> None:
    content = {
        "locale": sheet.locale,
        "title": sheet.title,
        "event": sheet.event,
        "when": sheet.when,
        "place": sheet.place,
        "hosts": sheet.hosts,
        "accents": sheet.accents,
        "taken": f"{sheet.taken} · {sheet.purpose}",
        "confidential": sheet.confidential,
        "words": _words(people),
        "people": people,
        **more,
    }
    at = int(sheet.taken_at.timestamp())
    engine.set_pdf(f"attendee_lists/layouts/{name}.typ", content, path, at=at)


def _words(people: int) -> Mapping[str, str]:
    """What the layouts themselves say, in the reader's language."""
    return {
        "page": _("Page {page} of {pages}"),
        "people": ngettext("%(num)d person", "%(num)d people", people),
        "nobody": _("Nobody fits this list."),
        "number": _("No."),
        "name": _("Name"),
        "organisation": _("Organisation"),
        "signature": _("Signature"),
        "tick": _("Here"),
        "companion_of": _("Companion of"),
        "form_of_address": _("Form of address"),
        "function": _("Function"),
        "no_organisation": _("Without organisation"),
        "lacks_letters": engine.lacks_letters(),
    }
