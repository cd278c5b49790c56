"""Archives of markup (workbooks): opened and gone through without trusting a word of theirs."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Final, Protocol
from xml.parsers import expat

from event_mgmt.core.sizes import MEGABYTE
from event_mgmt.registration_desk.imports.sheets import FileRefused, Locked, UnpacksToTooMuch

MOST_UNPACKED: Final = 12 * MEGABYTE
"""So large may the parts of a workbook be together: 2,000 rows of 60 cells with text take eight."""
MOST_PARTS: Final = 400
MOST_ELEMENTS: Final = 600_000
"""A list of 2,000 rows of 60 cells has 360,000, and 240,000 more where texts are shared."""
DEEPEST: Final = 64
_PIECE: Final = 64 * 1024
_UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError),
    *(EOFError, OSError, ValueError, LookupError, NotImplementedError, RuntimeError),
)
"""What a broken or hostile archive is known to raise."""


class Handler(Protocol):
    """Takes markup as it comes: names without their prefixes."""

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins; ``attributes`` without prefixes, too."""

    def ends(self, name: str) -> None:
        """The element that began last ends."""

    def text(self, text: str) -> None:
        """Text within it."""


class Markup:
    """Goes through markup, within a budget that all parts of a file share.

    Entities (which multiply), markup without end and markup deeper than any list's are refused
    before anything is made of them.
    """

    def __init__(self) -> None:
        self._left = MOST_ELEMENTS
        self._depth = 0

    def go_through(self, file: IO[bytes], handler: Handler) -> None:
        """Hand ``file``'s markup to ``handler``; UnpacksToTooMuch, or FileRefused for entities."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begins(handler.begins)
        parser.EndElementHandler = self._ends(handler.ends)
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = _declares
        self._depth = 0
        try:
            while piece := file.read(_PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except _UNREADABLE:
            raise FileRefused from None

    def _begins(
        self, begins: Callable[[str, Mapping[str, str]], None]
    ) -> Callable[[str, Mapping[str, str]], None]:
        def handle(name: str, attributes: Mapping[str, str]) -> None:
            self._left -= 1
            self._depth += 1
            if self._left < 0 or self._depth > DEEPEST:
                raise UnpacksToTooMuch
            begins(name.rpartition(":")[2], attributes)

        return handle

    def _ends(self, ends: Callable[[str], None]) -> Callable[[str], None]:
        def handle(name: str) -> None:
            self._depth -= 1
            ends(name.rpartition(":")[2])

        return handle


def _declares(*_declaration: object) -> None:
    raise FileRefused


@contextmanager
def opened(contents: bytes, needed: Callable[[str], bool]) -> Iterator[zipfile.ZipFile]:
    """The archive; FileRefused for whatever is wrong with it.

    Refused is what would unpack to more than any list, before any of it is unpacked: the parts
    that are ``needed`` by their names. The sizes are those in the archive's directory; no reader
    unpacks more than is declared there.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            parts = archive.infolist()
            wanted = [part for part in parts if needed(part.filename)]
            unpacked = sum(part.file_size for part in wanted)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
                raise UnpacksToTooMuch
            if any(part.flag_bits & 0x1 for part in parts):
                raise Locked
            yield archive
    except _UNREADABLE:
        raise FileRefused from None
