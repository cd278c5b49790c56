"""PDF: sign-in sheet, door list, protocol list, or any columns as a table; set by Typst."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _, ngettext

from event_mgmt.attendee_lists.columns import Cells, Value
from event_mgmt.attendee_lists.formats import setting
from event_mgmt.attendee_lists.formats.sheet import Sheet
from event_mgmt.core import numbers
from event_mgmt.core.text import sort_key
from event_mgmt.web import times

_OWN_LETTERS: Final = "čćđšž"


def write_sign_in(sheet: Sheet, rows: Iterable[Cells], path: Path) -> None:
    """A line for each person, with room for a signature."""
    _set("sign_in", sheet, _people(sheet, rows), path)


def write_door(sheet: Sheet, rows: Iterable[Cells], path: Path) -> None:
    """Everybody by surname under its letter, with a box to tick."""
    people = _people(sheet, rows)
    for person in people:
        person["letter"] = initial(str(person["family_name"]), sheet.locale)
    _set("door", sheet, people, path)


def write_protocol(sheet: Sheet, rows: Iterable[Cells], path: Path) -> None:
    """Organisation by organisation, with forms of address, titles and functions."""
    _set("protocol", sheet, _people(sheet, rows), path)


def write_table(sheet: Sheet, rows: Iterable[Cells], path: Path) -> None:
    """The columns of the list as they are."""
    _set("table", sheet, [[_shown(value, sheet.locale) for value in row] for row in rows], path)


def initial(surname: str, locale: str) -> str:
    """The letter under which readers of ``locale`` look for a surname."""
    first = surname.strip()[:1].casefold()
    if locale == "sl" and first in _OWN_LETTERS:
        return first.upper()
    return sort_key("de", surname)[:1].upper() or "#"


def _people(sheet: Sheet, rows: Iterable[Cells]) -> list[dict[str, str]]:
    places = sheet.places()
    return [{key: _shown(row[at], sheet.locale) for key, at in places.items()} for row in rows]


def _shown(value: Value, locale: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{times.short_day(value, locale)}, {value:%H:%M}"
    if isinstance(value, date):
        return times.short_day(value, locale)
    return numbers.written(value, locale) if isinstance(value, float) else str(value)


def _set(layout: str, sheet: Sheet, rows: list[Any], path: Path) -> None:
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
        "words": _words(len(rows)),
        "heads": [{"label": head.label, "width": head.width} for head in sheet.heads],
        "rows": rows,
    }
    at = int(sheet.taken_at.timestamp())
    setting.set_pdf(f"attendee_lists/formats/paper/{layout}.typ", content, path, at=at)


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
    }
