"""Reading a mail server's lines from a socket without ever waiting past a deadline."""

from __future__ import annotations

import socket
from collections.abc import Callable


class LineReader:
    """Reads lines and blocks of bytes, however slowly they drip, until the deadline.

    ``remaining`` gives the seconds that are left, or raises TimeoutError.
    """

    def __init__(self, sock: socket.socket, remaining: Callable[[], float]) -> None:
        self._sock = sock
        self._remaining = remaining
        self._buffer = b""

    def readline(self, limit: int) -> bytes:
        """One line with its end; what there is of it at ``limit`` bytes or at the end."""
        while b"\n" not in self._buffer and len(self._buffer) < limit and self._receive():
            pass
        end = self._buffer.find(b"\n") + 1 or len(self._buffer)
        return self._take(min(end, limit))

    def read(self, size: int) -> bytes:
        """``size`` bytes; fewer when the other side ends before."""
        while len(self._buffer) < size and self._receive():
            pass
        return self._take(size)

    def close(self) -> None:
        """Forget what was received and not read."""
        self._buffer = b""

    def _receive(self) -> bool:
        self._sock.settimeout(self._remaining())
        received = self._sock.recv(8192)
        self._buffer += received
        return bool(received)

    def _take(self, size: int) -> bytes:
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken
