"""The process that waits for slow clients by itself: the test is the web process, and the clients."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from event_mgmt.serving import handover, slow_clients
from event_mgmt.serving.handover import Channels, HandedConnection, HandoverKind
from event_mgmt.serving.rates import Limits
from event_mgmt.serving.slow_clients import SlowClients

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([slow_clients.__name__])
MOST_BODY = 1_000_000


@dataclass
class Waiting:
    """The running process, and the ways to and from it."""

    channels: Channels
    pid: int
    reading: socket.socket
    web: socket.socket
    clients: list[socket.socket] = field(default_factory=list)

    def hand_over(
        self, what: HandoverKind, *, address: str = "127.0.0.1", **handed: object
    ) -> socket.socket:
        """A client of this address, whose connection is handed over; gives the client's end."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            client = socket.socket()
            self.clients.append(client)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            client.settimeout(20)
            client.bind((address, 0))
            client.connect(listener.getsockname())
            accepted, _address = listener.accept()
        accepted.setblocking(False)
        made = HandedConnection(what, accepted, **handed)
        handover.send(self.channels.to_waiting, made)
        made.close()
        return client

    def served(self, seconds: float = 10) -> bytes:
        """The next request that came to its end; nothing where none does in this time."""
        if not select.select([self.channels.at_serving], [], [], seconds)[0]:
            return b""
        handed = handover.receive(self.channels.at_serving)
        assert handed is not None
        assert handed.what is HandoverKind.SERVE
        data = handed.data
        if handed.file >= 0:
            data = os.pread(handed.file, 10 * MOST_BODY, 0)
        handed.close()
        return data

    def ask_to_end(self) -> None:
        """As the supervisor does; web processes are there until ``web`` is closed."""
        os.kill(self.pid, signal.SIGTERM)


@contextmanager
def waiting(folder: Path, limits: Limits, *, proxy_hops: int = 0) -> Iterator[Waiting]:
    """The process, with these limits."""
    channels = Channels.open()
    reading, at_end = socket.socketpair()
    web, web_gone = socket.socketpair()
    process = _context.Process(
        target=_wait, args=(limits, channels, folder, proxy_hops, at_end, web_gone)
    )
    process.start()
    assert process.pid
    at_end.close()
    web_gone.close()
    them = Waiting(channels, process.pid, reading, web)
    try:
        yield them
        assert process.exitcode in {None, 0}
    finally:
        process.kill()
        process.join()
        for end in (*vars(channels).values(), reading, web, *them.clients):
            end.close()


def _wait(
    limits: Limits,
    channels: Channels,
    folder: Path,
    proxy_hops: int,
    at_end: socket.socket,
    web_gone: socket.socket,
) -> None:
    them = SlowClients(limits, channels, folder=folder, most_body=MOST_BODY, proxy_hops=proxy_hops)
    slow_clients.run(them, is_read=at_end.detach(), web_gone=web_gone.fileno())
