"""What gunicorn's parser lets through though it should not, and how a malformed body is told."""

from __future__ import annotations

from typing import Protocol

from gunicorn.http.body import LengthReader
from gunicorn.http.errors import ParseException, UnsupportedTransferCoding
from gunicorn.http.message import Request


class Reader(Protocol):
    """A body as gunicorn's parser reads it."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


def check(request: Request) -> None:
    """Let only a body through that can be read, and have its reader complain as a broken line does.

    Raises UnsupportedTransferCoding (501, RFC 9112 § 6.1) for any coding but one plain "chunked":
    the parser takes others too, and would hand out the body without undoing them.
    """
    codings = [value for name, value in request.headers if name == "TRANSFER-ENCODING"]
    if codings and [coding.lower() for coding in codings] != ["chunked"]:
        raise UnsupportedTransferCoding(", ".join(codings))
    request.body.reader = CheckedReader(request.body.reader)


class CheckedReader:
    """A body's reader; OSError, which the application answers with 400, for a malformed body.

    Gunicorn's own errors pass through the application, which would take them for its own faults.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, size: int) -> bytes:
        """The next bytes; fewer than ``size`` only at the body's end."""
        wanted = min(self._reader.length, size) if isinstance(self._reader, LengthReader) else 0
        try:
            data: bytes = self._reader.read(size)
        except ParseException:
            raise OSError("a malformed body") from None
        if len(data) < wanted:
            raise OSError("a body shorter than announced")
        return data

    @property
    def is_at_end(self) -> bool:
        """Whether all of it was read."""
        return not (getattr(self._reader, "length", 0) or getattr(self._reader, "parser", None))
