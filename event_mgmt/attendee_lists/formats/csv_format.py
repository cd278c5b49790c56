"""CSV: UTF-8 with a byte order mark, separated as the reader's spreadsheet expects it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from flask_babel import gettext as _

from event_mgmt.attendee_lists.columns import Cell, Cells, ColumnHeading, ColumnKind, is_all_text
from event_mgmt.attendee_lists.formats.document import ListDocument
from event_mgmt.core import numbers

_SEPARATORS: Final = {"de": ";", "sl": ";", "en": ","}
_BATCH: Final = 250

_BEGINS_A_FORMULA: Final = frozenset("=+-@＝＋－＠")
_BLANK: Final = frozenset("\t\r\n\0")
_SKIPPED: Final = _BLANK | frozenset(" \N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{BOM}'\"")
_LOOK_AT: Final = _BEGINS_A_FORMULA | _SKIPPED


def write(sheet: ListDocument, rows: Iterable[Cells], path: Path) -> None:
    """Write the file batch by batch (RFC 4180; Excel reads UTF-8 reliably only with a BOM).

    A batch is made text column by column: most columns need neither quotes nor guards, and one
    look at a whole column tells. That is faster than the csv module's look at each cell.
    """
    separator = _SEPARATORS[sheet.locale]
    show = [_shower(head, sheet.locale) for head in sheet.heads]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\N{BOM}")
        labels = quoted([guarded(head.label) for head in sheet.heads], separator)
        file.write(separator.join(labels) + "\r\n")
        stream = iter(rows)
        while batch := list(islice(stream, _BATCH)):
            file.write(_lines(batch, show, separator))


def _lines(
    batch: Sequence[Cells],
    show: Sequence[Callable[[Cells], Sequence[str]]],
    separator: str,
) -> str:
    columns = [
        quoted(make(cells), separator)
        for make, cells in zip(show, zip(*batch, strict=True), strict=True)
    ]
    return "\r\n".join([*map(separator.join, zip(*columns, strict=True)), ""])


def quoted(cells: Sequence[str], separator: str) -> Sequence[str]:
    """The cells, with quotes around those that hold a separator, a quote or a line break."""
    whole = "".join(cells)
    special = [sign for sign in (separator, '"', "\n", "\r") if sign in whole]
    if not special:
        return cells
    return [
        '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in special) else cell
        for cell in cells
    ]


def guarded(text: str) -> str:
    """``text`` as no spreadsheet takes it for a formula: with an apostrophe before it.

    Nothing is stripped: a phone number keeps its +, and a name that begins with a dash its dash
    (OWASP, CSV injection; the full-width forms count too, and blanks before any of them).
    """
    if text[:1] not in _LOOK_AT:
        return text
    if text[0] in _BEGINS_A_FORMULA:
        return f"'{text}"
    first = next((c for c in text if c not in _SKIPPED), "")
    return f"'{text}" if text[0] in _BLANK or first in _BEGINS_A_FORMULA else text


def _shower(head: ColumnHeading, locale: str) -> Callable[[Cells], Sequence[str]]:
    """A function that makes a column's cells text."""
    match head.kind:
        case ColumnKind.NUMBER:
            return lambda cells: _numbers(cells, locale)
        case ColumnKind.YES_NO:
            words: dict[object, Cell] = {None: "", True: _("yes"), False: _("no")}
            return lambda cells: _texts([words.get(cell, cell) for cell in cells])
        case ColumnKind.DATE | ColumnKind.MOMENT:
            days = _Days(locale)
            return lambda cells: _datetimes(cells, days)
        case _:
            return _texts


def _texts(cells: Cells) -> Sequence[str]:
    texts = cells if is_all_text(cells) else ["" if cell is None else str(cell) for cell in cells]
    if _LOOK_AT.isdisjoint([text[:1] for text in texts]):
        return texts
    return [guarded(text) if text[:1] in _LOOK_AT else text for text in texts]


def _numbers(cells: Cells, locale: str) -> Sequence[str]:
    if set(map(type, cells)) == {int}:
        return list(map(str, cells))
    return ["" if cell is None else _number(cell, locale) for cell in cells]


def _number(value: Cell, locale: str) -> str:
    """Decimals as the reader's spreadsheet expects them; no signs between thousands."""
    if isinstance(value, float):
        return numbers.format_number(value, locale, grouped=False)
    return guarded(value) if isinstance(value, str) else str(value)


class _Days(dict[str, str]):
    """How readers of a language write a day, by its ISO 8601 form."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self._pattern = _PATTERNS[locale]

    def __missing__(self, iso: str) -> str:
        year, month, day = iso.split("-")
        written = self[iso] = self._pattern.format(year=year, month=month, day=day)
        return written


_PATTERNS: Final = {
    "de": "{day}.{month}.{year}",
    "sl": "{day}. {month}. {year}",
    "en": "{year}-{month}-{day}",
}


def _datetimes(cells: Cells, days: _Days) -> Sequence[str]:
    return [
        days[(iso := cell.isoformat(" ", "minutes"))[:10]] + iso[10:]
        if isinstance(cell, datetime)
        else _date(cell, days)
        for cell in cells
    ]


def _date(value: Cell, days: _Days) -> str:
    """A day; an answer that was never a date is shown as text."""
    if value is None:
        return ""
    return days[value.isoformat()] if isinstance(value, date) else guarded(str(value))
