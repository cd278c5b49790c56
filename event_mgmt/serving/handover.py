"""Connections on their way between processes: an open socket, and what was read of or is to be
written to it.
"""

from __future__ import annotations

import array
import errno
import os
import socket
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

INLINE_LIMIT: Final = 32 * 1024
"""What fits into one message; more goes as an open file."""

_BUFFER: Final = 1024 * 1024


class HandoverKind(IntEnum):
    """What is to be done with a connection that is handed over."""

    READ = 1  # the rest of its request must be waited for
    SERVE = 2  # its request is complete
    WRITE = 3  # the rest of its answer must be written
    CLOSE = 4  # its answer is written; what it still sends is read and forgotten


@dataclass
class HandedConnection:
    """A connection in passing. ``data`` holds the bytes, or ``file`` from ``start`` on.

    ``counts_for`` names the client where that is known; ``done`` is how much of its answer it has
    taken already.
    """

    what: HandoverKind
    client: socket.socket
    data: bytes = b""
    file: int = -1
    start: int = 0
    length: int = 0
    done: int = 0
    counts_for: str = ""

    def close(self) -> None:
        """Let go of this process's share in it."""
        self.client.close()
        self.drop()

    def drop(self) -> None:
        """Let go of the bytes, but not of the client."""
        self.data = b""
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


_HEADER: Final = struct.Struct("!BQQQB")  # what, start, length, done, length of the client's name
_LONGEST_NAME: Final = 255


def send(channel: socket.socket, handed: HandedConnection) -> None:
    """Hand ``handed`` over. Raises BlockingIOError when there is no room on the way."""
    name = handed.counts_for.encode()[:_LONGEST_NAME]
    numbers = (handed.what, handed.start, handed.length, handed.done, len(name))
    files = [handed.client.fileno(), *([handed.file] if handed.file >= 0 else [])]
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))
    try:
        channel.sendmsg([_HEADER.pack(*numbers), name, handed.data], [rights])
    except OSError as error:
        if error.errno == errno.ETOOMANYREFS:  # too many open files are on their way
            raise BlockingIOError from error
        raise


def receive(channel: socket.socket) -> HandedConnection | None:
    """The next handed; None for one that arrived broken. Raises BlockingIOError when none waits."""
    room = socket.CMSG_SPACE(2 * array.array("i").itemsize)
    message, extras, flags, _address = channel.recvmsg(
        _HEADER.size + _LONGEST_NAME + INLINE_LIMIT, room
    )
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
    what, start, length, done, name_length = _HEADER.unpack_from(message)
    name, data = message[_HEADER.size :][:name_length], message[_HEADER.size + name_length :]
    file = files[1] if len(files) > 1 else -1
    return HandedConnection(
        HandoverKind(what), client, data, file, start, length, done, name.decode()
    )
