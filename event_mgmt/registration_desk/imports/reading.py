"""A spreadsheet file as rows of text: workbooks (xlsx) and separated text in any usual encoding."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Final
from xml.parsers import expat

from flask_babel import lazy_gettext as _l, lazy_ngettext

from event_mgmt.core import numbers
from event_mgmt.core.refusals import Refusal

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ROWS: Final = 2000
MOST_COLUMNS: Final = 60
MOST_UNPACKED: Final = 12 * 1024 * 1024
"""So large may the parts of a workbook be together: 2,000 rows of 60 cells with text take eight."""
MOST_PARTS: Final = 400
MOST_ELEMENTS: Final = 600_000
"""A list of 2,000 rows of 60 cells has 360,000, and 240,000 more where texts are shared."""
DEEPEST: Final = 64
_PIECE: Final = 64 * 1024
_UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError),
    *(EOFError, OSError, ValueError, NotImplementedError, RuntimeError),
)
"""What a broken or hostile archive is known to raise."""

ENCODINGS: Final = ("utf-8", "cp1250", "cp1252", "utf-16")
_DELIMITERS: Final = ";,\t|"
_SAMPLE: Final = 30

_CENTRAL: Final = frozenset("äöüßÄÖÜčšžćđČŠŽĆĐáéíóúýÁÉÍÓÚôëâîç°§€„“”‚‘’–—…»«·×")
_WESTERN: Final = frozenset("äöüßÄÖÜéèêëáàâãåíìîïóòôõøúùûñçšžæœÉÈÊÀÁÅØÇÑ°§€„“”‚‘’–—…»«·×")


class FileRefused(Refusal):
    """A file that cannot be read as a list of people."""

    message = _l("This file cannot be read. Please save it as an Excel workbook (.xlsx) or as CSV.")
    field = "file"


class TooLarge(FileRefused):
    """A file that is larger than any list of people."""

    message = _l("This file is too large: at most 2 MB.")


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

    message = _l("This list has very many columns. Please keep only those that are needed.")


class NothingThere(FileRefused):
    """A file without a row below its header."""

    message = _l("There is nothing in this file but a header, if that.")


class Locked(FileRefused):
    """A workbook that only opens with a password."""

    message = _l("This file is protected by a password. Please save it without one.")


@dataclass(frozen=True)
class Row:
    """One row as the spreadsheet numbers it, its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """All rows that hold something. ``encoding`` is '' for a workbook, ``name`` for text."""

    rows: tuple[Row, ...]
    name: str = ""
    encoding: str = ""


def read(contents: bytes, *, encoding: str = "") -> Sheet:
    """The rows of an uploaded file; ``encoding`` overrides what is recognised in text.

    Formulas give the value they had when the file was saved; they are never worked out. Refusals:
    FileRefused and its kinds. Whatever the file claims, memory stays flat and the time short.
    """
    if len(contents) > MOST_BYTES:
        raise TooLarge
    if contents[:4] == b"PK\x03\x04":
        sheet = _workbook(contents)
    elif contents[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _older_workbook(contents)
    else:
        sheet = _text(contents, encoding)
    if len(sheet.rows) < 2:
        raise NothingThere
    return sheet


def _older_workbook(contents: bytes) -> FileRefused:
    """The same container holds workbooks of before 2007 and newer ones with a password."""
    return Locked() if "EncryptedPackage".encode("utf-16-le") in contents else FileRefused()


def _workbook(contents: bytes) -> Sheet:
    _check_parts(contents)
    _check_markup(contents)
    from openpyxl import load_workbook  # noqa: PLC0415 - large, and few requests need it

    try:
        book = load_workbook(io.BytesIO(contents), read_only=True, data_only=True, keep_links=False)
        visible = [s for s in book.worksheets if s.sheet_state == "visible"]
        sheet = (visible or book.worksheets)[0]
        rows = tuple(_gathered(_cells_of(sheet)))
        name = str(sheet.title)
        book.close()
    except Refusal:
        raise
    except Exception:
        # A hostile or broken workbook fails in a hundred ways; to the reader they are one.
        raise FileRefused from None
    return Sheet(rows, name=name)


def _check_parts(contents: bytes) -> None:
    """Refuse what would unpack to more than any list, before any of it is unpacked.

    The sizes are those in the archive's directory; no reader unpacks more than is declared there.
    """
    with _opened(contents) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TooLarge
    if any(part.flag_bits & 0x1 for part in parts):
        raise Locked
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise FileRefused


def _check_markup(contents: bytes) -> None:
    """Refuse what would cost a reader far more than its size, before one builds anything of it.

    That are entities (which multiply), markup without end and markup deeper than any list's.
    """
    budget = _Budget()
    with _opened(contents) as archive:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as file:
                    budget.spend_on(file)


class _Budget:
    """How many elements all parts of a workbook may still have."""

    def __init__(self) -> None:
        self.left = MOST_ELEMENTS
        self.depth = 0

    def spend_on(self, file: IO[bytes]) -> None:
        """Go through one part's markup; TooLarge for too much of it, FileRefused for entities."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begins
        parser.EndElementHandler = self._ends
        parser.StartDoctypeDeclHandler = self._declares
        self.depth = 0
        while piece := file.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _begins(self, _name: str, _attributes: object) -> None:
        self.left -= 1
        self.depth += 1
        if self.left < 0 or self.depth > DEEPEST:
            raise TooLarge

    def _ends(self, _name: str) -> None:
        self.depth -= 1

    def _declares(self, *_declaration: object) -> None:
        raise FileRefused


@contextmanager
def _opened(contents: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive; FileRefused for whatever is wrong with it."""
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            yield archive
    except _UNREADABLE:
        raise FileRefused from None


def _cells_of(sheet: Any) -> Iterator[tuple[str, ...]]:
    empty = (None,) * (MOST_COLUMNS + 1)
    for values in sheet.iter_rows(min_row=1, min_col=1, max_col=MOST_COLUMNS + 1, values_only=True):
        yield () if values == empty else tuple(_as_text(value) for value in values)


def _as_text(value: Any) -> str:
    """A cell's value as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        return numbers.written(value, "en", grouped=False)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _text(contents: bytes, encoding: str) -> Sheet:
    text, encoding = _decoded(contents, encoding)
    first, _, rest = text.partition("\n")
    delimiter = ""
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter_of(text))
    stripped = (tuple(cell.strip() for cell in cells) for cells in reader)
    try:
        return Sheet(tuple(_gathered(stripped)), encoding=encoding)
    except csv.Error:
        raise FileRefused from None


def _gathered(rows: Iterable[tuple[str, ...]]) -> Iterator[Row]:
    """The rows that hold something, with their numbers; refuses more than a list may have."""
    found = 0
    for number, cells in enumerate(rows, start=1):
        if not any(cells):
            continue
        found += 1
        if found > MOST_ROWS + 1:
            raise TooManyRows
        width = max(place for place, cell in enumerate(cells, start=1) if cell)
        if width > MOST_COLUMNS:
            raise TooManyColumns
        yield Row(number, cells[:width])


def _decoded(contents: bytes, wanted: str) -> tuple[str, str]:
    """The text and its encoding: as told by a mark, else UTF-8 if it is that, else the likelier."""
    if contents[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        wanted = "utf-16"
    elif b"\0" in contents:
        raise FileRefused
    for encoding in (wanted,) if wanted in ENCODINGS else ("utf-8", _code_page(contents)):
        try:
            text = contents.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError:
            continue
        return text, encoding
    raise FileRefused


def _code_page(contents: bytes) -> str:
    """Central or western European: that in which fewer letters are strange to our readers.

    Both agree on ä, ö, ü, ß, š, ž and é. Where a list could be either, č is likelier than è.
    """

    def strange(encoding: str, usual: frozenset[str]) -> int:
        counts = Counter(contents.decode(encoding, errors="replace"))
        return sum(n for char, n in counts.items() if ord(char) > 127 and char not in usual)

    central, western = strange("cp1250", _CENTRAL), strange("cp1252", _WESTERN)
    return "cp1250" if central <= western else "cp1252"


def _delimiter_of(text: str) -> str:
    """The delimiter that cuts the first lines into columns most evenly."""
    lines = "\n".join(text.splitlines()[:_SAMPLE])

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            rows = [row for row in csv.reader(io.StringIO(lines), delimiter=delimiter) if any(row)]
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            return 0, 0
        width, times = widths.most_common(1)[0]
        return times, width

    return max(_DELIMITERS, key=evenness)
