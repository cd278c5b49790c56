"""Tables in HTML and in the XML of Excel 2003, as programs export them under a workbook's name.

They are taken apart as text: nothing is rendered, nothing is loaded, and no script, style or
comment is looked at. The work grows with the length alone, whatever the markup.
"""

from __future__ import annotations

import html
import re
from typing import Final

from event_mgmt.registration_desk.imports.sheets import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    MOST_WIDTH,
    FileRefused,
    ListFile,
    ListSheet,
    RowCollector,
    UnpacksToTooMuch,
)

_MARK: Final = re.compile(
    r"<!--|<(/?)(?:ss:)?(table|tr|row|td|th|cell|br|p|div|script|style|head)(?=[\s/>])([^<>]*)>",
    re.IGNORECASE,
)
_ANY_MARK: Final = re.compile(r"<[^<>]*>")
_SPAN: Final = re.compile(r"\b(col|row)span\s*=\s*[\"']?(\d{1,4})", re.IGNORECASE)
_INDEX: Final = re.compile(r"\bss:index\s*=\s*[\"'](\d{1,5})", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|ss:hidden=.1", re.IGNORECASE)
_SAME: Final = {"row": "tr", "cell": "td"}
_CHARSET: Final = re.compile(
    rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([a-z0-9-]{1,20})", re.IGNORECASE
)
_PASSED_OVER: Final = frozenset({"script", "style", "head"})
_KNOWN: Final = {"iso-8859-1": "cp1252", "windows-1252": "cp1252", "iso-8859-2": "cp1250",
                 "windows-1250": "cp1250", "utf-8": "utf-8"}  # fmt: skip
_LOOKED_AT: Final = 4096
_MOST_MARKS: Final = 300_000
"""A list of 2,000 rows of 60 cells has half of it, written with the ends of rows and cells."""


def is_html(text: str) -> bool:
    """Whether ``text`` is a page with a table in it."""
    begins = text[:_LOOKED_AT].lstrip("\N{BOM} \t\r\n").lower()
    return begins.startswith("<") and "<table" in text[:500_000].lower()


def declared_encoding(contents: bytes) -> str:
    """The encoding that the page itself names; '' for none that we know."""
    found = _CHARSET.search(contents[:_LOOKED_AT])
    return _KNOWN.get(found[1].decode("ascii").lower(), "") if found else ""


def read_html(text: str, encoding: str) -> ListFile:
    """Every table of a page that is not within another one, as a sheet."""
    tables = _HtmlTables()
    at = begun = marks = 0
    while (start := text.find("<", at)) >= 0:
        mark = _MARK.match(text, start)
        if mark is None:  # a mark that says nothing about rows and cells, or a plain "<"
            at = start + 1
            continue
        marks += 1
        if marks > _MOST_MARKS:
            raise UnpacksToTooMuch
        tables.take_text(text[begun:start])
        at = mark.end()
        name = (mark[2] or "!").lower()
        if name == "!":
            at = _after(text, "-->", at)
        elif name in _PASSED_OVER and not mark[1]:
            at = _after(text, f"</{name}", at)
        else:
            tables.take_mark(_SAME.get(name, name), mark[3], ends=bool(mark[1]))
        begun = at
    tables.take_text(text[begun:])
    tables.close()
    if not tables.sheets:
        raise FileRefused
    return ListFile(tuple(tables.sheets), encoding)


def _after(text: str, end: str, at: int) -> int:
    """The place after the next ``end``; that of the text's end where there is none."""
    found = text.find(end, at)
    if found < 0:
        found = text.find(end.upper(), at)
    return found + len(end) if found >= 0 else len(text)


class _HtmlTables:
    def __init__(self) -> None:
        self.sheets: list[ListSheet] = []
        self._depth = 0
        self._rows = RowCollector()
        self._refusal: FileRefused | None = None
        self._number = 0
        self._hidden = False
        self._line: list[tuple[int, str]] = []
        self._below: dict[int, tuple[str, int]] = {}
        self._reaching: dict[int, tuple[str, int]] = {}
        self._place = 0
        self._cell: list[str] | None = None
        self._spans = (1, 1)

    def take_text(self, text: str) -> None:
        """Text between two marks that count."""
        if self._cell is None or not text:
            return
        if "<" in text:
            text = _ANY_MARK.sub("", text)
        self._cell.append(html.unescape(text) if "&" in text else text)

    def take_mark(self, name: str, attributes: str, *, ends: bool) -> None:
        """A mark that counts."""
        if name == "table":
            self._depth += -1 if ends else 1
            if self._depth == 1 and not ends:
                self._begin_table()
            elif self._depth <= 0 and ends:
                self.close()
        elif self._depth != 1 or self._refusal is not None:
            return
        elif name in {"td", "th"}:
            self._end_cell()
            if not ends:
                self._begin_cell(attributes)
        elif name == "tr":
            self._end_row()
            self._hidden = not ends and bool(_HIDDEN.search(attributes))
        elif self._cell is not None:
            self._cell.append("\n")

    def close(self) -> None:
        """The table, or the page, ends."""
        if self._depth or self._rows.rows or self._line or self._cell:
            self._end_row()
            rows = () if self._refusal else tuple(self._rows.rows)
            if (rows or self._refusal) and len(self.sheets) < MOST_SHEETS:
                self.sheets.append(ListSheet(rows, refusal=self._refusal))
        self._depth = 0
        self._rows = RowCollector()

    def _begin_table(self) -> None:
        self._rows, self._refusal = RowCollector(), None
        self._number, self._hidden, self._line = 0, False, []
        self._below, self._reaching = {}, {}
        self._place, self._cell = 0, None

    def _begin_cell(self, attributes: str) -> None:
        spans = {kind.lower(): int(number) for kind, number in _SPAN.findall(attributes)}
        if index := _INDEX.search(attributes):
            self._place = max(self._place, min(int(index[1]) - 1, MOST_WIDTH))
        across = min(max(1, spans.get("col", 1)), MOST_WIDTH)
        self._spans = (across, min(max(1, spans.get("row", 1)), MOST_ROWS))
        while self._place in self._below:  # a cell from above reaches into this place
            self._take_from_above()
        self._cell = []

    def _take_from_above(self) -> None:
        text, rows = self._below.pop(self._place)
        self._line.append((self._place, text))
        if rows > 1:
            self._reaching[self._place] = (text, rows - 1)
        self._place += 1

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        lines = [" ".join(line.split()) for line in "".join(self._cell).split("\n")]
        text = "\n".join(filter(None, lines))
        across, down = self._spans
        if text:
            self._line.append((self._place, text))
        if down > 1 and len(self._reaching) < MOST_COLUMNS:
            self._reaching[self._place] = (text, down - 1)
        self._place += across
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        for place in sorted(at for at in self._below if at >= self._place):
            self._place = place
            self._take_from_above()
        if self._place or self._line:
            self._number += 1
            try:
                if self._refusal is None:
                    self._rows.take(self._number, self._line, hidden=self._hidden)
            except FileRefused as refusal:
                self._refusal = refusal
        if self._place or self._line or self._reaching:
            self._below, self._reaching = self._reaching, {}
        self._line, self._place = [], 0
