"""Rows of text as every kind of file gives them, their limits, and why a file is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from flask_babel import gettext as _, lazy_gettext as _l, lazy_ngettext

from event_mgmt.core.refusals import Refusal
from event_mgmt.core.sizes import MEGABYTE, size_text

MOST_BYTES: Final = 2 * MEGABYTE
MOST_ROWS: Final = 2000
MOST_ABOVE: Final = 50
"""So many rows may a list have besides its people: titles, headings, notes."""
MOST_COLUMNS: Final = 100
"""So many columns may hold values; an address book has 92, most of them empty."""
MOST_WIDTH: Final = 1000
"""So far to the right is looked for values at all."""
MOST_CHARACTERS: Final = 8 * MEGABYTE
"""So much text may all cells hold together: what a file repeats counts each time."""
MOST_SHEETS: Final = 50
NOT_WORKED_OUT: Final = "#FORMULA!"
"""Stands where a formula has no value in the file."""


class FileRefused(Refusal):
    """A file that cannot be read as a list of people."""

    message = _l(
        "This file cannot be read. Please save it as an Excel workbook (.xlsx), as an"
        " OpenDocument spreadsheet (.ods) or as CSV."
    )
    field = "file"


class OldWorkbook(FileRefused):
    """A workbook of a program before 2007."""

    message = _l("This is a workbook of Excel 97–2003 (.xls). Please open it and save it as .xlsx.")


class TooLarge(FileRefused):
    """A file that is larger than any list of people."""

    message = _l("This file is too large: at most %(size)s.", size=size_text(MOST_BYTES))


class UnpacksToTooMuch(FileRefused):
    """A small file that holds more than any list of people."""

    message = _l(
        "This file holds far more than a list of people: unpacked at most 12 MB and 300,000 cells."
    )


class TooManyRows(FileRefused):
    """More rows than one import takes."""

    def __init__(self) -> None:
        super().__init__(
            lazy_ngettext(
                "One import takes at most %(num)d row. Please split the list.",
                "One import takes at most %(num)d rows. Please split the list.",
                MOST_ROWS,
            )
        )


class TooManyColumns(FileRefused):
    """More columns than a list of people has."""

    message = _l(
        "This list has very many columns: at most %(num)d may hold values. Please keep only"
        " those that are needed.",
        num=MOST_COLUMNS,
    )


class ReachesTooFar(FileRefused):
    """A cell with a value far off to the right."""

    def __init__(self, place: int) -> None:
        super().__init__(
            _l(
                "This list reaches to column %(column)s, the %(num)dth. Only the first %(most)d"
                " are read. Please delete what stands beyond them.",
                column=letters(place),
                num=place + 1,
                most=MOST_WIDTH,
            )
        )


class NothingThere(FileRefused):
    """A file without a row below its header."""

    message = _l("There is nothing in this file but a header, if that.")


class Locked(FileRefused):
    """A workbook that only opens with a password."""

    message = _l("This file is protected by a password. Please save it without one.")


@dataclass(frozen=True)
class SheetRow:
    """One row as the spreadsheet numbers it, its cells as text; ``hidden`` as by a filter."""

    number: int
    cells: tuple[str, ...]
    hidden: bool = False

    def cell(self, place: int) -> str:
        """The text in a column; '' beyond the last one."""
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True)
class ListSheet:
    """All rows of one sheet that hold something.

    ``hidden_columns`` are places that the spreadsheet does not show. ``refusal`` says why its rows
    are not there. ``nobody`` are rows of which the file itself says that they are no people.
    """

    rows: tuple[SheetRow, ...] = ()
    name: str = ""
    is_hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    refusal: FileRefused | None = None
    nobody: tuple[SheetRow, ...] = ()

    @property
    def hidden_rows(self) -> int:
        """How many of the rows the spreadsheet does not show."""
        return sum(row.hidden for row in self.rows)

    @property
    def hidden_with_values(self) -> list[int]:
        """The hidden columns that hold something."""
        return sorted(
            place for place in self.hidden_columns if any(row.cell(place) for row in self.rows)
        )

    def shown(self, *, rows: bool = False, columns: bool = False) -> ListSheet:
        """This sheet without what it hides; ``rows`` and ``columns``: those all the same."""
        left = self.rows if rows else tuple(row for row in self.rows if not row.hidden)
        if not columns and self.hidden_columns:
            left = tuple(filter(any_cell, (self._without_hidden_columns(row) for row in left)))
        return replace(self, rows=left)

    def _without_hidden_columns(self, row: SheetRow) -> SheetRow:
        cells = ("" if at in self.hidden_columns else cell for at, cell in enumerate(row.cells))
        return SheetRow(row.number, tuple(cells), row.hidden)


def any_cell(row: SheetRow) -> bool:
    """Whether a row holds anything."""
    return any(row.cells)


@dataclass(frozen=True)
class ListFile:
    """A file: its sheets in their order. ``encoding`` is that of text, '' for anything else."""

    sheets: tuple[ListSheet, ...]
    encoding: str = ""


@dataclass
class RowCollector:
    """Takes rows one by one, and refuses more than a list may have: TooManyRows and the others."""

    rows: list[SheetRow] = field(default_factory=list)
    characters: int = 0
    filled: set[int] = field(default_factory=set)

    def take(self, number: int, cells: Iterable[tuple[int, str]], *, hidden: bool = False) -> None:
        """Take a row's (place, text) pairs, in the order of their places; an empty row is none."""
        found: list[tuple[int, str]] = []
        for place, text in cells:
            if text and place >= MOST_WIDTH:
                raise ReachesTooFar(place)
            if text:
                found.append((place, text))
        if not found:
            return
        width = found[-1][0] + 1
        if len(self.rows) >= MOST_ROWS + MOST_ABOVE:
            raise TooManyRows
        self.characters += sum(len(text) for _place, text in found)
        if self.characters > MOST_CHARACTERS:
            raise UnpacksToTooMuch
        self.filled.update(place for place, _text in found)
        if len(self.filled) > MOST_COLUMNS:
            raise TooManyColumns
        line = [""] * width
        for place, text in found:
            line[place] = text
        self.rows.append(SheetRow(number, tuple(line), hidden))

    def take_all(self, rows: Iterable[Iterable[str]]) -> tuple[SheetRow, ...]:
        """Take rows of texts that follow each other; gives what was taken."""
        for number, cells in enumerate(rows, start=1):
            self.take(number, enumerate(cells))
        return tuple(self.rows)


def letters(place: int) -> str:
    """What spreadsheets call a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_name(place: int) -> str:
    """A column without a heading, to the reader."""
    return _("Column %(place)s", place=letters(place))


def in_one_piece(parts: Iterable[str]) -> str:
    """Pieces of a cell's text put together, without blanks around."""
    return "".join(parts).strip()
