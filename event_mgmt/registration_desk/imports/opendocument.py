"""OpenDocument spreadsheets (.ods, ISO/IEC 26300) as rows, with what they hide."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Final

from event_mgmt.core import numbers
from event_mgmt.registration_desk.imports.sheets import (
    MOST_ROWS,
    MOST_SHEETS,
    MOST_WIDTH,
    FileRefused,
    ListFile,
    ListSheet,
    Locked,
    ReachesTooFar,
    RowCollector,
    TooManyRows,
    in_one_piece,
)
from event_mgmt.registration_desk.imports.zipped_markup import Markup, opened

MIMETYPE: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_FLAT_HEAD: Final = 8192
_CONTENT: Final = "content.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_NEEDED: Final = frozenset({_CONTENT, _MANIFEST})
_HIDES: Final = frozenset({"collapse", "filter"})
_LARGEST: Final = 1e15
_NOT_IN_CELL: Final = frozenset({"annotation", "ruby-text"})


def read_opendocument(contents: bytes) -> ListFile:
    """The sheets of an OpenDocument spreadsheet."""
    with opened(contents, lambda name: name in _NEEDED) as archive:
        names = set(archive.namelist())
        if _MANIFEST in names and b"encryption-data" in archive.read(_MANIFEST):
            raise Locked
        if _CONTENT not in names:
            raise FileRefused
        tables = _OpenDocumentTables()
        with archive.open(_CONTENT) as file:
            Markup().go_through(file, tables)
    return ListFile(tuple(tables.sheets))


def is_flat(contents: bytes) -> bool:
    """Whether it is a spreadsheet in one piece of markup (.fods)."""
    head = contents[:_FLAT_HEAD]
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and MIMETYPE in head


def read_flat(contents: bytes) -> ListFile:
    """The sheets of an OpenDocument spreadsheet in one piece of markup."""
    tables = _OpenDocumentTables()
    Markup().go_through(io.BytesIO(contents), tables)
    return ListFile(tuple(tables.sheets))


class _OpenDocumentTables:
    """Every table of the document. What is repeated counts as often as it says."""

    def __init__(self) -> None:
        self.sheets: list[ListSheet] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._name: str | None = None
        self._is_hidden = False
        self._rows = RowCollector()
        self._refusal: FileRefused | None = None
        self._hidden_columns: set[int] = set()
        self._column = 0
        self._number = 0
        self._row: Mapping[str, str] = {}
        self._line: list[tuple[int, str]] = []
        self._place = 0
        self._cell: Mapping[str, str] | None = None
        self._parts: list[str] = []
        self._passed_over = 0

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if self._name is None:
            self._outside(name, plain)
        elif name in _NOT_IN_CELL or self._passed_over:
            self._passed_over += 1
        elif name == "table-row":
            self._row, self._line, self._place = plain, [], 0
        elif name in {"table-cell", "covered-table-cell"}:
            self._cell, self._parts = plain, []
        elif name == "table-column":
            self._takes_column(plain)
        elif self._cell is not None:
            self._within_cell(name, plain)

    def _outside(self, name: str, plain: Mapping[str, str]) -> None:
        if name == "style":
            self._style = plain.get("name", "")
        elif name == "table-properties" and plain.get("display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table" and len(self.sheets) < MOST_SHEETS:
            self._name = plain.get("name", "")
            self._is_hidden = plain.get("style-name") in self._hidden_styles
            self._rows, self._refusal = RowCollector(), None
            self._hidden_columns, self._column, self._number = set(), 0, 0

    def _within_cell(self, name: str, plain: Mapping[str, str]) -> None:
        if name == "p" and self._parts:
            self._parts.append("\n")
        elif name == "s":
            self._parts.append(" " * min(_count(plain, "c"), MOST_WIDTH))
        elif name in {"tab", "line-break"}:
            self._parts.append("\n" if name == "line-break" else " ")

    def _takes_column(self, plain: Mapping[str, str]) -> None:
        times = _count(plain, "number-columns-repeated")
        if plain.get("visibility") in _HIDES:
            self._hidden_columns.update(range(self._column, min(self._column + times, MOST_WIDTH)))
        self._column += times

    def text(self, text: str) -> None:
        if self._cell is not None and not self._passed_over:
            self._parts.append(text)

    def ends(self, name: str) -> None:
        if self._name is None:
            return
        if self._passed_over:
            self._passed_over -= 1
        elif name in {"table-cell", "covered-table-cell"} and self._cell is not None:
            self._cell_ends(self._cell)
        elif name == "table-row":
            self._row_ends()
        elif name == "table":
            rows = () if self._refusal else tuple(self._rows.rows)
            hidden = frozenset(self._hidden_columns)
            sheet = ListSheet(rows, self._name, self._is_hidden, hidden, self._refusal)
            self.sheets.append(sheet)
            self._name = None

    def _cell_ends(self, cell: Mapping[str, str]) -> None:
        text = _value(cell, in_one_piece(self._parts))
        times = _count(cell, "number-columns-repeated")
        if text and self._refusal is None:
            if self._place + times > MOST_WIDTH:
                self._refusal = ReachesTooFar(self._place + times - 1)
            else:
                self._line.extend((self._place + n, text) for n in range(times))
        self._place += times
        self._cell = None

    def _row_ends(self) -> None:
        times = _count(self._row, "number-rows-repeated")
        hidden = self._row.get("visibility") in _HIDES
        if self._line and self._refusal is None:
            try:
                if times > MOST_ROWS:
                    raise TooManyRows
                for n in range(times):
                    self._rows.take(self._number + n + 1, self._line, hidden=hidden)
            except FileRefused as refusal:
                self._refusal = refusal
        self._number += times


def _count(plain: Mapping[str, str], key: str) -> int:
    return max(1, int(plain.get(key, "1")))


def _value(cell: Mapping[str, str], shown: str) -> str:
    """A cell's value as it would be typed."""
    match cell.get("value-type", ""):
        case "float":
            value = cell.get("value", "")
            if shown.lstrip("+0").isdigit() and shown.lstrip("+0") == value:
                return shown  # a postcode, or a number with its plus, as its format shows it
            return _written(value) or shown
        case "date":
            return cell.get("date-value", shown).removesuffix("T00:00:00")
        case "boolean":
            return "True" if cell.get("boolean-value") == "true" else "False"
        case _:
            return shown


def _written(value: str) -> str:
    """A number in the way that nobody mistakes for another."""
    try:
        number = float(value)
    except ValueError:
        return value
    if number.is_integer():
        return str(int(number)) if abs(number) < _LARGEST else value
    return numbers.format_number(number, "en", grouped=False)
