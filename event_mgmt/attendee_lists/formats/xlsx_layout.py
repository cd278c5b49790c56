"""How a workbook looks: column widths, the height of its heading, and how it lies on paper."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from event_mgmt.attendee_lists.columns import Cell, ColumnHeading, ColumnKind
from event_mgmt.documents.text_width import width_of

SAMPLE: Final = 2000
"""Rows that widths and heights are measured by: others are written unseen, memory stays flat."""

GLANCE: Final = 250
"""Rows that are measured of a longer list, which has no time to lose."""

_A4: Final = 9
_DIGIT: Final = 0.507
"""A digit in em: spreadsheets measure columns in digits of their usual font (Calibri 11)."""

_NARROWEST: Final = 5.0
_WIDEST: Final = 42.0
_WIDEST_FOR_A_HEADING: Final = 24.0
_LONG_TEXT: Final = 40.0
_MOMENT: Final = len("12. 12. 2027 18:00") + 1
_ARROW: Final = 3.2
"""Digits that the arrow of the filter covers."""

_LINE: Final = 15.0
_TALLEST: Final = 400.0
"""Points of a row: spreadsheets know no more than 409."""

_CAUTION: Final = 1.06
_SPACE: Final = 0.5
_WIDE_LETTER: Final = 1.3
"""Digits that a letter takes at most, near enough: shorter texts have one line anyway."""

_POINTS: Final = 5.25
_BESIDE: Final = 3.75
"""Points of a column's width for each digit, and beside them."""

_PORTRAIT_COLUMNS: Final = 5
_MARGIN: Final = 0.4
_ROOM: Final = 842 - 2 * 72 * _MARGIN
_SMALLEST: Final = 0.68
"""Text of 11 points is readable on paper down to this scale (7.5 points)."""

_NAMES: Final = ("number", "given_name", "family_name")


def _digits(text: str) -> float:
    return width_of(text) / _DIGIT


def width(head: ColumnHeading, values: Iterable[Cell]) -> float:
    """The width of a column, in digits: for its heading in two lines and its first cells."""
    if head.kind is ColumnKind.LONG_TEXT:
        return _LONG_TEXT
    word = max(map(_digits, head.label.split()), default=0.0) + _ARROW
    heading = max(word, min(_in_two_lines(_with_arrow(head.label)), _WIDEST_FOR_A_HEADING))
    widest = max(map(_cell, values), default=0.0) + 1.0
    return math.ceil(10 * min(max(widest, heading, _NARROWEST), _WIDEST)) / 10


def _in_two_lines(text: str) -> float:
    """How wide a column must be for ``text`` to take no more than two lines."""
    words = text.split()
    halves = [(words[:at], words[at:]) for at in range(1, len(words) + 1)]
    return min((max(map(_line, pair)) for pair in halves), default=0.0)


def _line(words: Sequence[str]) -> float:
    """The digits of one line, rather too many than too few."""
    return sum(_digits(word) * _CAUTION for word in words) + _SPACE * max(len(words) - 1, 0)


def _cell(value: Cell) -> float:
    if isinstance(value, datetime):
        return _MOMENT
    if isinstance(value, date):
        return _MOMENT - len(" 18:00")
    if value is None:
        return 0.0
    return max((_line(line.split()) for line in str(value).splitlines()), default=0.0)


def heights(
    labels: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[float]
) -> dict[int, float]:
    """Points of the heading's row and of those with more than one line.

    Excel finds out by itself, but not every other program does.
    """
    found = {
        0: _most(_heading_lines(label, wide) for label, wide in zip(labels, widths, strict=True))
        + 3
    }
    for at, row in enumerate(rows, 1):
        lines = [
            sum(_lines(part, wide) for part in cell.splitlines())
            for cell, wide in zip(row, widths, strict=True)
            if isinstance(cell, str) and (len(cell) * _WIDE_LETTER > wide or "\n" in cell)
        ]
        if lines and max(lines) > 1:
            found[at] = _most(lines)
    return found


def _most(lines: Iterable[int]) -> float:
    return min(max(lines, default=1) * _LINE, _TALLEST)


def _heading_lines(label: str, room: float) -> int:
    return _lines(_with_arrow(label), room)


def _with_arrow(label: str) -> str:
    """The arrow of the filter stands in the last line, at the right."""
    return label + " " + "0" * math.ceil(_ARROW)


def _lines(text: str, room: float) -> int:
    """Lines of a text that is wrapped, rather one too many than one too few."""
    lines, at = 1, 0.0
    for word in text.split():
        wide = _digits(word) * _CAUTION
        if at and at + _SPACE + wide > room:
            lines, at = lines + 1, 0.0
        at += (_SPACE if at else 0.0) + wide
        while at > room:
            lines, at = lines + 1, at - room
    return lines


def setup(heads: Sequence[ColumnHeading], widths: Sequence[float]) -> dict[str, object]:
    """A4 on as many pages side by side as it takes to be read, with the names on each."""
    points = [each * _POINTS + _BESIDE for each in widths]
    first, last = _names(heads)
    names = sum(points[first : last + 1])
    room = _ROOM / _SMALLEST
    pages = 1
    if sum(points) > room:
        pages = math.ceil((sum(points) - names) / max(room - names, room / 2))
    return {
        "landscape": len(heads) > _PORTRAIT_COLUMNS,
        "paper_size": _A4,
        "margins": {"left": _MARGIN, "right": _MARGIN, "top": 0.75, "bottom": 0.75}
        | {"header": 0.3, "footer": 0.3},
        "repeat_rows": 0,
        "fit_to_pages": (pages, 0),
    } | ({"repeat_columns": (first, last)} if pages > 1 else {})


def _names(heads: Sequence[ColumnHeading]) -> tuple[int, int]:
    """The columns by which a row is known: those with the names, as far as they stand together."""
    at = {head.key: place for place, head in enumerate(heads)}
    last = at.get("family_name", at.get("given_name", 0))
    first = last
    while (
        first and last - first < len(_NAMES) and heads[first - 1].key in (*_NAMES, "academic_title")
    ):
        first -= 1
    return first, last
