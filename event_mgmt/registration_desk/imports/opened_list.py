"""An uploaded list as it stands: its sheet, its table, what its columns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from event_mgmt.events.models import Question
from event_mgmt.registration_desk.imports import columns, file_reader, heading_rows
from event_mgmt.registration_desk.imports.columns import ListTable
from event_mgmt.registration_desk.imports.sheets import ListFile, ListSheet, NothingThere, SheetRow
from event_mgmt.registration_desk.imports.uploads import ReadingChoice

MEND_MOST: Final = 500
"""So long may a cell be that is corrected on the page."""


@dataclass(frozen=True)
class OpenedList:
    """A file as it is read.

    ``sheets`` are those on offer, the one with people first; ``sheet`` is the one that is read,
    with what it hides, ``table`` without.
    """

    book: ListFile
    sheets: Sequence[ListSheet]
    sheet: ListSheet
    table: ListTable
    targets: tuple[str, ...]
    questions: Sequence[Question]
    choice: ReadingChoice
    is_sure: bool

    @property
    def needs_columns(self) -> bool:
        """Whether somebody must say what the columns are before the list can be checked."""
        return bool(columns.lacking(self.targets)) or not self.is_sure

    def place_of(self, sheet: ListSheet) -> int:
        """Where a sheet stands in its file."""
        return next(at for at, other in enumerate(self.book.sheets) if other is sheet)

    @property
    def others_with_people(self) -> list[ListSheet]:
        """Further visible sheets on which columns are recognised as people's."""
        return [
            sheet
            for sheet in self.sheets
            if sheet is not self.sheet and not sheet.is_hidden and _has_people(sheet)
        ]


def _has_people(sheet: ListSheet) -> bool:
    rows = sheet.shown().rows[: heading_rows.HEADING_WITHIN]
    return max((columns.how_many_known(row, ()) for row in rows), default=0) >= 2


def open_list(
    contents: bytes,
    choice: ReadingChoice,
    questions: Sequence[Question],
    *,
    targets: Sequence[str] = (),
    mends: Mapping[str, str] | None = None,
) -> OpenedList:
    """``contents`` read by ``choice``; refusals are FileRefused and its kinds."""
    book = file_reader.read(contents, encoding=choice.encoding)
    sheets = heading_rows.with_people_first(book, questions)
    if not sheets:
        raise NothingThere
    sheet = _chosen(book, sheets, choice.sheet)
    if sheet.refusal is not None:
        raise sheet.refusal
    shown = sheet.shown(rows=choice.hidden_rows, columns=choice.hidden_columns)
    table = heading_rows.headed(shown, questions, choice.heading)
    if not table.rows:
        raise NothingThere
    found = tuple(targets) or columns.recognise(table, questions)
    is_sure = bool(targets) or table.header is not None
    table = replace(table, rows=tuple(_corrected(row, mends or {}) for row in table.rows))
    return OpenedList(book, sheets, sheet, table, found, questions, choice, is_sure)


def _chosen(book: ListFile, sheets: Sequence[ListSheet], wanted: int | None) -> ListSheet:
    if wanted is not None and 0 <= wanted < len(book.sheets):
        return book.sheets[wanted]
    return next((sheet for sheet in sheets if sheet.refusal is None), sheets[0])


def _corrected(row: SheetRow, mends: Mapping[str, str]) -> SheetRow:
    """``row`` with the cells that were corrected on the page."""
    prefix = f"{row.number}-"
    changed = {
        int(key[len(prefix) :]): text for key, text in mends.items() if key.startswith(prefix)
    }
    if not changed:
        return row
    cells = [*row.cells, *[""] * (max(changed) + 1 - len(row.cells))]
    for place, text in changed.items():
        cells[place] = text
    return replace(row, cells=tuple(cells))
