"""An answer on its way to a client that may take it slowly."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from event_mgmt.serving.handover import HandedConnection, HandoverKind
from event_mgmt.serving.spool import Spool

_PIECE: Final = 64 * 1024


class SlowResponse:
    """What gunicorn takes for the client's socket: writes what the client takes, keeps the rest."""

    def __init__(self, client: socket.socket, folder: Path) -> None:
        self.client = client
        self.is_closed = False
        self._taken = 0  # bytes
        self._folder = folder
        self._spool: Spool | None = None
        self._tail: tuple[int, int, int] | None = None  # a file's descriptor, start and length

    def sendall(self, data: bytes) -> None:
        """Write, or keep. Raises OSError when the client is gone or there is no room."""
        if self._tail:
            self._copy_tail()
        if self._spool is None:
            data = self._sent_at_once(data)
            if not data:
                return
            self._spool = Spool(self._folder)
        self._spool.write(data)

    def sendfile(self, file: IO[bytes], offset: int = 0, count: int | None = None) -> int:
        """Write an open file from ``offset`` on; what is not taken is read from it later."""
        if self._tail:
            self._copy_tail()
        size = count if count is not None else os.fstat(file.fileno()).st_size - offset
        start, missing = offset, size
        if self._spool is None:
            with suppress(BlockingIOError):
                while missing:
                    sent = os.sendfile(self.client.fileno(), file.fileno(), start, missing)
                    if not sent:
                        raise OSError("a file is shorter than it was")
                    start, missing = start + sent, missing - sent
                    self._taken += sent
        if missing and self._spool is None:
            self._tail = (os.dup(file.fileno()), start, missing)
        elif missing:
            self._copy(file.fileno(), start, missing)
        return size

    def send(self, data: bytes) -> int:
        """Only "100 Continue" is sent this way, and the request is complete: nothing to say."""
        return len(data)

    def gettimeout(self) -> float:
        """Gunicorn asks a socket for its patience; this one takes everything at once."""
        return 0.0

    def shutdown(self, _how: int) -> None:
        """Gunicorn cuts an answer that failed on its way, so that the client sees it."""
        raise OSError("cut")

    def close(self) -> None:
        """Gunicorn cuts a connection by closing it; the worker then passes nothing on."""
        self.is_closed = True

    def forget(self) -> None:
        """End the connection, and give back the room that its bytes took."""
        self.client.close()
        if self._spool:
            self._spool.close()
        if self._tail:
            os.close(self._tail[0])

    def rest(self) -> HandedConnection | None:
        """What the client has not taken yet, if there is anything."""
        if self._tail:
            file, start, length = self._tail
            return HandedConnection(
                HandoverKind.WRITE, self.client, b"", file, start, length, self._taken
            )
        if self._spool:
            spool = self._spool
            content, size = spool.content(), spool.size
            return HandedConnection(
                HandoverKind.WRITE, self.client, content, spool.file, 0, size, self._taken
            )
        return None

    def _sent_at_once(self, data: bytes) -> bytes:
        view = memoryview(data)
        with suppress(BlockingIOError):
            while view:
                sent = self.client.send(view)
                self._taken += sent
                view = view[sent:]
        return bytes(view)

    def _copy_tail(self) -> None:
        """Something follows a file: keep both, one behind the other."""
        assert self._tail
        file, start, length = self._tail
        self._tail = None
        try:
            self._copy(file, start, length)
        finally:
            os.close(file)

    def _copy(self, file: int, start: int, length: int) -> None:
        self._spool = self._spool or Spool(self._folder)
        while length:
            data = os.pread(file, min(length, _PIECE), start)
            if not data:
                raise OSError("a file is shorter than it was")
            self._spool.write(data)
            start, length = start + len(data), length - len(data)
