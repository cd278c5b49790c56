"""Excel workbooks (ECMA-376, SpreadsheetML) as rows, cell by cell, with what they hide.

Our own, because no library tells rows that a filter hides and stays within flat memory: those
that stream do not know them, and the others make a grid of whatever dimension a file claims.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from event_mgmt.core import numbers
from event_mgmt.registration_desk.imports.sheets import (
    MOST_SHEETS,
    MOST_WIDTH,
    NOT_WORKED_OUT,
    FileRefused,
    ListFile,
    ListSheet,
    RowCollector,
    SheetRow,
    UnpacksToTooMuch,
    in_one_piece,
)
from event_mgmt.registration_desk.imports.zipped_markup import Markup, opened

_NEEDED: Final = re.compile(r"xl/(workbook|sharedStrings|styles)\.xml|xl/worksheets/[^/]+\.xml")
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_STRINGS: Final = "xl/sharedStrings.xml"
_STYLES: Final = "xl/styles.xml"
_ON: Final = frozenset({"1", "true"})

_DAYS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""The built-in number formats that show days or times."""
_NOT_SHOWN: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_DIGITS: Final = re.compile(r'"?\+?"?\\?\+?(0+|#)')
_MOST_MERGED: Final = 2000
_LAST_DAY: Final = 2_958_466


def read_workbook(contents: bytes) -> ListFile:
    """The sheets of a workbook.

    Formulas give the value they had when the file was saved; they are never worked out. Those of
    programs that save none give NOT_WORKED_OUT.
    """
    markup = Markup()
    with opened(contents, lambda name: bool(_NEEDED.fullmatch(name))) as archive:
        names = set(archive.namelist())
        if _BOOK not in names:
            raise FileRefused
        book, links = _Contents(), _PartLinks()
        with archive.open(_BOOK) as file:
            markup.go_through(file, book)
        if _LINKS in names:
            with archive.open(_LINKS) as file:
                markup.go_through(file, links)
        strings, styles = _Strings(), _Styles()
        for part, handler in ((_STRINGS, strings), (_STYLES, styles)):
            if part in names:
                with archive.open(part) as file:
                    markup.go_through(file, handler)
        known = _WorkbookValues(strings.found, styles.formats, book.starts)
        return ListFile(
            tuple(
                _sheet(archive, markup, name, links.targets.get(link, ""), known, hidden=hidden)
                for name, link, hidden in book.sheets[:MOST_SHEETS]
                if links.targets.get(link, "") in names
            )
        )


def _sheet(
    archive: zipfile.ZipFile,
    markup: Markup,
    name: str,
    part: str,
    known: _WorkbookValues,
    *,
    hidden: bool,
) -> ListSheet:
    reader = _Cells(known)
    try:
        with archive.open(part) as file:
            markup.go_through(file, reader)
    except UnpacksToTooMuch:
        raise
    except FileRefused as refusal:
        if type(refusal) is FileRefused:
            raise
        return ListSheet(name=name, is_hidden=hidden, refusal=refusal)
    hides = frozenset(reader.hidden_columns)
    return ListSheet(reader.filled_down(), name, hidden, hides)


class _Quiet:
    """A handler that passes over what it does not ask for."""

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        """Ignored unless a handler overrides it."""

    def ends(self, name: str) -> None:
        """Ignored unless a handler overrides it."""

    def text(self, text: str) -> None:
        """Ignored unless a handler overrides it."""


class _Contents(_Quiet):
    """Which sheets there are, and from when days are counted."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.starts = datetime(1899, 12, 30)  # noqa: DTZ001 - workbooks know no zones

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            link = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), link, hidden))
        elif name == "workbookPr" and attributes.get("date1904") in _ON:
            self.starts = datetime(1904, 1, 1)  # noqa: DTZ001 - workbooks know no zones


class _PartLinks(_Quiet):
    """In which part of the archive a sheet lies."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            self.targets[attributes.get("Id", "")] = path


class _Strings(_Quiet):
    """The texts that cells share; how they are read aloud is no part of them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._within: list[str] = []

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - every handler is given them
        self._within.append(name)
        if name == "si":
            self._parts = []

    def ends(self, name: str) -> None:
        self._within.pop()
        if name == "si":
            self.found.append(in_one_piece(self._parts))

    def text(self, text: str) -> None:
        if self._within[-1] == "t" and "rPh" not in self._within:
            self._parts.append(text)


class _Styles(_Quiet):
    """The number format of each style: 'day', a pattern of zeros, or ''."""

    def __init__(self) -> None:
        self.formats: list[str] = []
        self._own: dict[str, str] = {}
        self._in_cells = False

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            self._own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self.formats.append(self._shape(attributes.get("numFmtId", "0")))

    def ends(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def _shape(self, number: str) -> str:
        code = self._own.get(number)
        if code is None:
            return "day" if number.isdecimal() and len(number) < 6 and int(number) in _DAYS else ""
        first = code.partition(";")[0]
        if _DIGITS.fullmatch(first):
            return first.replace('"', "").replace("\\", "")
        shown = _NOT_SHOWN.sub("", first).lower()
        return "day" if any(sign in shown for sign in "dmyh") and "general" not in shown else ""


class _WorkbookValues:
    """What a cell's value is read with."""

    def __init__(self, strings: list[str], formats: list[str], starts: datetime) -> None:
        self._strings, self._formats, self._starts = strings, formats, starts

    def value(self, raw: str, kind: str, style: str) -> str:
        """A cell's value as it would be typed."""
        if kind == "s":
            at = int(raw)
            return self._strings[at] if 0 <= at < len(self._strings) else ""
        if kind == "b":
            return "True" if raw in _ON else "False"
        if kind in {"str", "inlineStr", "e"}:
            return raw
        if kind == "d":
            return raw.removesuffix("T00:00:00")
        at = int(style or 0)
        return self._number(raw, self._formats[at] if 0 <= at < len(self._formats) else "")

    def _number(self, raw: str, shape: str) -> str:
        try:
            number = float(raw)
        except ValueError:
            return raw
        if shape == "day" and 0 <= number < _LAST_DAY:
            at = self._starts + timedelta(days=number)
            at = (at + timedelta(milliseconds=500)).replace(microsecond=0)
            return at.date().isoformat() if at.time() == at.min.time() else str(at)
        if abs(number) >= 1e15:
            return raw
        if not number.is_integer():
            return numbers.format_number(number, "en", grouped=False)
        whole = str(int(number))
        if shape and shape != "day":
            plus = "+" if shape.startswith("+") else ""
            return plus + whole.zfill(shape.count("0"))
        return whole


class _Cells(_Quiet):
    """The rows of one sheet. Cells without a value cost nothing."""

    def __init__(self, known: _WorkbookValues) -> None:
        self.hidden_columns: set[int] = set()
        self._rows = RowCollector()
        self._known = known
        self._merged: list[str] = []
        self._number = 0
        self._hidden = False
        self._line: list[tuple[int, str]] = []
        self._place = -1
        self._kind = self._style = ""
        self._parts: list[str] | None = None
        self._reading = ""
        self._is_formula = False

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            at = attributes.get("r", "")
            self._place = _place(at) if at else self._place + 1
            self._kind, self._style = attributes.get("t", ""), attributes.get("s", "")
            self._parts, self._is_formula = [], False
        elif name == "f":
            self._is_formula = True
        elif name in {"v", "t"}:
            self._reading = name if self._reading != "rPh" else "rPh"
        elif name == "rPh":
            self._reading = "rPh"
        elif name == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._hidden = attributes.get("hidden") in _ON
            self._line, self._place = [], -1
        elif name == "col" and attributes.get("hidden") in _ON:
            first, last = int(attributes["min"]), int(attributes["max"])
            self.hidden_columns.update(range(first - 1, min(last, MOST_WIDTH)))
        elif name == "mergeCell" and len(self._merged) < _MOST_MERGED:
            self._merged.append(attributes.get("ref", ""))

    def text(self, text: str) -> None:
        if self._parts is not None and self._reading in {"v", "t"}:
            self._parts.append(text)

    def ends(self, name: str) -> None:
        if name == "c":
            raw = in_one_piece(self._parts or [])
            if raw:
                self._line.append((self._place, self._known.value(raw, self._kind, self._style)))
            elif self._is_formula and self._kind != "str":
                self._line.append((self._place, NOT_WORKED_OUT))
            self._parts = None
        elif name in {"v", "t", "rPh"}:
            self._reading = "rPh" if self._reading == "rPh" and name != "rPh" else ""
        elif name == "row":
            self._line.sort(key=lambda pair: pair[0])
            self._rows.take(self._number, self._line, hidden=self._hidden)

    def filled_down(self) -> tuple[SheetRow, ...]:
        """The rows; a cell merged over several of them stands in each, as it reads."""
        by_number = {row.number: list(row.cells) for row in self._rows.rows}
        for ref in self._merged:
            first, _, last = ref.partition(":")
            if not last or _place(first) != _place(last):
                continue
            place, top, bottom = _place(first), _row(first), _row(last)
            cells = by_number.get(top, [])
            text = cells[place] if place < len(cells) else ""
            if not text:
                continue
            for number in range(top + 1, min(bottom, top + _MOST_MERGED) + 1):
                if number in by_number:
                    _put(by_number[number], place, text)
        return tuple(
            SheetRow(row.number, tuple(by_number[row.number]), row.hidden)
            for row in self._rows.rows
        )


def _put(cells: list[str], place: int, text: str) -> None:
    cells.extend([""] * (place + 1 - len(cells)))
    cells[place] = cells[place] or text


def _place(reference: str) -> int:
    """The place of a cell's column: that of "A7" is 0."""
    place = 0
    for sign in reference:
        if not "A" <= sign <= "Z":
            break
        place = place * 26 + ord(sign) - 64
    return place - 1


def _row(reference: str) -> int:
    return int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
