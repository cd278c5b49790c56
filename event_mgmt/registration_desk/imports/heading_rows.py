"""A sheet as a table: which row holds the headings, and which rows are nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from event_mgmt.core.text import fold
from event_mgmt.events.models import Question
from event_mgmt.registration_desk.imports import column_detection, footers
from event_mgmt.registration_desk.imports.columns import ListTable, how_many_known
from event_mgmt.registration_desk.imports.headings import MARKS, TOTALS
from event_mgmt.registration_desk.imports.sheets import (
    MOST_ROWS,
    ListFile,
    ListSheet,
    SheetRow,
    TooManyRows,
)

HEADING_WITHIN: Final = 30
"""So far down a heading is looked for."""

NO_HEADING: Final = 0
"""The number of the heading's row where there is none."""


def headed(
    sheet: ListSheet, questions: Sequence[Question], heading: int | None = None
) -> ListTable:
    """``sheet`` with its header; what stands above it is a title.

    ``heading`` is the number of its row, NO_HEADING for none; left out, it is guessed: that of the
    first rows in which most headings are recognised. TooManyRows for more people than one import
    takes.
    """
    at = _heading_at(sheet.rows, questions, heading)
    header = None if at is None else sheet.rows[at]
    above, below = ((), sheet.rows) if at is None else (sheet.rows[:at], sheet.rows[at + 1 :])
    notes = [row for row in below if _is_note(row, header)]
    noted = {row.number for row in notes}
    rows = tuple(row for row in below if row.number not in noted)
    foot = footers.beneath(rows)
    notes, rows = [*notes, *foot], rows[: len(rows) - len(foot)]
    if len(rows) > MOST_ROWS:
        raise TooManyRows
    return ListTable(header, rows, above, (*notes, *sheet.nobody))


def _heading_at(
    rows: Sequence[SheetRow], questions: Sequence[Question], wanted: int | None
) -> int | None:
    """The place of the heading among ``rows``; None for none."""
    if wanted is not None:
        return next((at for at, row in enumerate(rows) if row.number == wanted), None)
    candidates = [
        (how_many_known(row, questions), -at)
        for at, row in enumerate(rows[:HEADING_WITHIN])
        if not any(map(column_detection.is_address, row.cells))
    ]
    known, at = max(candidates, default=(0, 0))
    if known >= 2 or (known and -at == 0):
        return -at
    # Nothing is recognised: a first row that holds somebody's address is no heading.
    return None if rows and any(map(column_detection.is_address, rows[0].cells)) else 0


def _is_note(row: SheetRow, header: SheetRow | None) -> bool:
    """Whether a row is nobody: marks below the headings, the headings again, or a total."""
    cells = [cell for cell in row.cells if cell]
    if header is not None and cells == [cell for cell in header.cells if cell]:
        return True
    if len(cells) > 1 and all(fold(cell).strip(" .*:()") in MARKS for cell in cells):
        return True
    return column_detection.begins_with(cells[0], TOTALS) and not any(
        map(column_detection.is_address, cells)
    )


def with_people_first(book: ListFile, questions: Sequence[Question]) -> list[ListSheet]:
    """The sheets that hold something, in the order in which they are offered.

    Those come first in which most headings are recognised; hidden ones last.
    """

    def merit(sheet: ListSheet) -> tuple[bool, int]:
        rows = sheet.shown().rows[:HEADING_WITHIN]
        best = max((how_many_known(row, questions) for row in rows), default=0)
        addresses = any(column_detection.is_address(cell) for row in rows for cell in row.cells)
        return not sheet.is_hidden, best + addresses

    filled = [sheet for sheet in book.sheets if sheet.rows or sheet.refusal]
    return sorted(filled, key=merit, reverse=True)
