"""The standard library's IMAP client within limits: of time for all, and of bytes for an answer."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from imaplib import IMAP4
from typing import TYPE_CHECKING, Final

from event_mgmt.mail.deadlines import DeadlineClient
from event_mgmt.mail.line_reader import LineReader
from event_mgmt.mail.server_faults import Stage

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_ANSWER_BYTES: Final = 1 << 20


class ImapClient(DeadlineClient, IMAP4):
    """The standard client with a deadline, which takes so much an answer and no more."""

    def __init__(self, wrap: ssl.SSLContext | None) -> None:
        DeadlineClient.__init__(self, wrap)
        self._budget = _ANSWER_BYTES
        self._lines: LineReader | None = None
        self._lines_of: socket.socket | None = None
        self.has_heard = False

    def begin(self, host: str, port: int, *, seconds: float) -> None:
        """Connect, and read the greeting."""
        self.allow(seconds)
        IMAP4.__init__(self, host, port)
        self.stage = Stage.TALKING

    def expect(self) -> None:
        """The next answer may bring so much again."""
        self._budget = _ANSWER_BYTES

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """As the library asks, by the deadline and not by ``timeout``."""
        del timeout
        self.host, self.port = host, port
        self.sock = self.connected(host, port)

    def readline(self) -> bytes:
        """One line; raises IMAP4.abort where an answer brings too much, TimeoutError when late."""
        return self._counted(self._reader().readline(_ANSWER_BYTES))

    def read(self, size: int) -> bytes:
        """So many bytes; raises as ``readline``."""
        if size > self._budget:
            raise self.abort("more than was asked for")
        return self._counted(self._reader().read(size))

    def send(self, data: ReadableBuffer) -> None:
        """All of ``data``; TimeoutError when the deadline has passed."""
        self.sock.settimeout(self.remaining())
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """Close the socket; may be called at any time."""
        # The library makes a file of the socket after STARTTLS, which would keep it open.
        for thing in (vars(self).get("file"), vars(self).get("_file"), vars(self).get("sock")):
            if thing is not None:
                with suppress(OSError):
                    thing.close()

    def _counted(self, data: bytes) -> bytes:
        self.has_heard = self.has_heard or bool(data)
        self._budget -= len(data)
        if self._budget < 0:
            raise self.abort("more than was asked for")
        return data

    def _reader(self) -> LineReader:
        """Anew after STARTTLS: what was said before in the clear is not believed."""
        if self._lines is None or self._lines_of is not self.sock:
            self._lines, self._lines_of = LineReader(self.sock, self.remaining), self.sock
        return self._lines
