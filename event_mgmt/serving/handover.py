"""Connections on their way between processes: an open socket, and what was read of or is to be
written to it.
"""

from __future__ import annotations

import array
import os
import socket
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

INLINE_LIMIT: Final = 32 * 1024
"""What fits into one message; more goes as an open file."""

_BUFFER: Final = 1024 * 1024


class What(IntEnum):
    """What is to be done with a connection that is handed over."""

    READ = 1  # the rest of its request must be waited for
    SERVE = 2  # its request is complete
    WRITE = 3  # the rest of its answer must be written
    CLOSE = 4  # its answer is written; what it still sends is read and forgotten


@dataclass
class Parcel:
    """A connection in passing. ``data`` holds the bytes, or ``file`` from ``start`` on."""

    what: What
    client: socket.socket
    data: bytes = b""
    file: int = -1
    start: int = 0
    length: int = 0

    def close(self) -> None:
        """Let go of this process's share in it."""
        self.client.close()
        if self.file >= 0:
            os.close(self.file)
            self.file = -1


@dataclass(frozen=True)
class Channels:
    """The ways between the web processes and the process that waits for slow clients."""

    to_waiting: socket.socket
    at_waiting: socket.socket
    to_serving: socket.socket
    at_serving: socket.socket

    @classmethod
    def open(cls) -> Channels:
        """Both ways; made before the processes are, so that they outlive each of them."""
        to_waiting, at_waiting = _pair()
        to_serving, at_serving = _pair()
        return cls(to_waiting, at_waiting, to_serving, at_serving)


def _pair() -> tuple[socket.socket, socket.socket]:
    sender, receiver = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (sender, receiver):
        end.setblocking(False)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    return sender, receiver


_HEADER: Final = 17  # what (1), start (8), length (8)


def send(channel: socket.socket, parcel: Parcel) -> None:
    """Hand ``parcel`` over. Raises BlockingIOError when there is no room on the way."""
    header = (
        bytes([parcel.what]) + parcel.start.to_bytes(8, "big") + parcel.length.to_bytes(8, "big")
    )
    files = [parcel.client.fileno(), *([parcel.file] if parcel.file >= 0 else [])]
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))
    channel.sendmsg([header, parcel.data], [rights])


def receive(channel: socket.socket) -> Parcel | None:
    """The next parcel; None for one that arrived broken. Raises BlockingIOError when none waits."""
    room = socket.CMSG_SPACE(2 * array.array("i").itemsize)
    message, extras, flags, _address = channel.recvmsg(_HEADER + INLINE_LIMIT, room)
    files = array.array("i")
    for level, kind, content in extras:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            files.frombytes(content[: len(content) - len(content) % files.itemsize])
    if not files or flags & socket.MSG_CTRUNC:  # out of file descriptors
        for number in files:
            os.close(number)
        return None
    client = socket.socket(fileno=files[0])
    client.setblocking(False)
    return Parcel(
        What(message[0]),
        client,
        message[_HEADER:],
        files[1] if len(files) > 1 else -1,
        int.from_bytes(message[1:9], "big"),
        int.from_bytes(message[9:17], "big"),
    )
