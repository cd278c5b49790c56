"""CSV: UTF-8 with a byte order mark, separated as the reader's spreadsheet expects it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _

from event_mgmt.attendee_lists.columns import Head, Kind
from event_mgmt.attendee_lists.formats.sheet import Cells, Sheet

_SEPARATORS: Final = {"de": ";", "sl": ";", "en": ","}
_DATES: Final = {"de": "%d.%m.%Y", "sl": "%d. %m. %Y", "en": "%Y-%m-%d"}

_TEXTS: Final = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.WORD})

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
    """A function that makes a row's typed cells text, and guards those that are text."""
    typed = [(at, make) for at, head in enumerate(sheet.heads) if (make := _maker(head, sheet))]
    texts = [at for at, head in enumerate(sheet.heads) if head.kind in _TEXTS]

    def show(row: Cells) -> list[Any]:
        cells = list(row)
        for at in texts:
            text = cells[at]
            if text and text[0] in _LOOK_AT:  # type: ignore[index]
                cells[at] = guarded(text)  # type: ignore[arg-type]
        for at, make in typed:
            if cells[at] is not None:
                cells[at] = make(cells[at])
        return cells

    return show


def _maker(head: Head, sheet: Sheet) -> Callable[[Any], str] | None:
    day = _DATES[sheet.locale]
    if head.kind is Kind.YES_NO:
        yes, no = _("yes"), _("no")
        return lambda value: yes if value else no
    if head.kind is Kind.DATE:
        # An answer that was never a date is still shown, as text.
        return lambda value: format(value, day) if isinstance(value, date) else guarded(str(value))
    if head.kind is Kind.MOMENT:
        moment = f"{day} %H:%M"
        return lambda value: format(value, moment)
    return None
