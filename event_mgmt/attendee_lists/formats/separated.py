"""CSV: UTF-8 with a byte order mark, separated as the reader's spreadsheet expects it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _

from event_mgmt.attendee_lists.columns import Kind
from event_mgmt.attendee_lists.formats.sheet import Cells, Sheet

_SEPARATORS: Final = {"de": ";", "sl": ";", "en": ","}
_DATES: Final = {"de": "%d.%m.%Y", "sl": "%d. %m. %Y", "en": "%Y-%m-%d"}

_BEGINS_A_FORMULA: Final = frozenset("=+-@＝＋－＠")
_SKIPPED: Final = frozenset("\t\r\n\0 \N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{BOM}'\"")
_LOOK_AT: Final = _BEGINS_A_FORMULA | _SKIPPED


def write(sheet: Sheet, rows: Iterable[Cells], path: Path) -> None:
    """Write the file row by row (RFC 4180; Excel reads UTF-8 reliably only with a BOM)."""
    show = _shower(sheet)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, delimiter=_SEPARATORS[sheet.locale])
        lines.writerow([guarded(head.label) for head in sheet.heads])
        lines.writerows(show(row) for row in rows)


def guarded(text: str) -> str:
    """``text`` as no spreadsheet takes it for a formula: with an apostrophe before it.

    Nothing is stripped: a phone number keeps its +, and a name that begins with a dash its dash
    (OWASP, CSV injection; the full-width forms count too, and blanks before any of them).
    """
    if text[:1] not in _LOOK_AT:
        return text
    first = next((c for c in text if c not in _SKIPPED), "")
    blank = text[0] in "\t\r\n\0"
    return f"'{text}" if blank or first in _BEGINS_A_FORMULA else text


def _shower(sheet: Sheet) -> Callable[[Cells], list[Any]]:
    """A function that makes a row's typed cells text; own words and numbers need no guard."""
    day = _DATES[sheet.locale]
    yes, no = _("yes"), _("no")
    makers: dict[Kind, Callable[[Any], Any]] = {
        Kind.TEXT: _text,
        Kind.LONG_TEXT: _text,
        Kind.WORD: _text,
        Kind.DATE: lambda value: value.strftime(day) if isinstance(value, date) else _text(value),
        Kind.MOMENT: lambda value: (
            value.strftime(f"{day} %H:%M") if isinstance(value, datetime) else ""
        ),
        Kind.YES_NO: lambda value: "" if value is None else (yes if value else no),
    }
    plan = [(at, makers[head.kind]) for at, head in enumerate(sheet.heads) if head.kind in makers]

    def show(row: Cells) -> list[Any]:
        cells = list(row)
        for at, make in plan:
            if cells[at] is not None:
                cells[at] = make(cells[at])
        return cells

    return show


def _text(value: Any) -> str:
    text = str(value)
    return guarded(text) if text[:1] in _LOOK_AT else text
