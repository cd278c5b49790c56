"""Clients that are slow on purpose, on plain sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
)


def connected(port: int, *, receive_buffer: int = 0, address: str = "127.0.0.1") -> socket.socket:
    """A connection that waits ten seconds at most; with a small buffer it reads slowly."""
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(10)
    client.connect((address, port))
    return client


def everything(client: socket.socket) -> bytes:
    """What comes until the other side ends the connection."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024 * 1024)
    pieces = []
    with suppress(ConnectionError):
        while piece := client.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def answer_to(port: int, request: bytes) -> bytes:
    """The whole answer to these bytes."""
    with connected(port) as client:
        client.sendall(request)
        return everything(client)


def status_of(answer: bytes) -> int:
    """The status that an answer begins with; 0 for no answer."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def head_of(port: int, path: str, *headers: str, method: str = "GET") -> bytes:
    """The head of a request to this port."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", ""]
    return "\r\n".join(lines).encode()


def form_of(port: int, path: str, body: bytes, *headers: str) -> bytes:
    """A form that is sent to this port."""
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = head_of(port, path, kind, *headers, f"Content-Length: {len(body)}", method="POST")
    return head + body


@dataclass
class Crowd:
    """Connections that send a byte now and then, or take one."""

    port: int
    host: str
    senders: list[socket.socket] = field(default_factory=list)
    readers: list[socket.socket] = field(default_factory=list)

    def send_slowly(self, count: int, path: str = "/login") -> None:
        """So many begin to send a form of which there will never be an end."""
        head = HEAD.format(path=path, host=self.host, length=200_000).encode()
        for _ in range(count):
            client = connected(self.port)
            client.sendall(head)
            self.senders.append(client)

    def read_slowly(self, count: int, request: bytes) -> None:
        """So many ask for something and take next to nothing of it."""
        for _ in range(count):
            client = connected(self.port, receive_buffer=2048)
            client.sendall(request)
            self.readers.append(client)

    def step(self) -> None:
        """Each sender sends a byte, each reader takes a few."""
        for sender in self.senders:
            with suppress(OSError):
                sender.send(b"a")
        for reader in self.readers:
            with suppress(OSError):
                reader.settimeout(0)
                reader.recv(16)

    def close(self) -> None:
        """Hang up."""
        for client in (*self.senders, *self.readers):
            client.close()


@contextmanager
def crowd(port: int, host: str = "") -> Iterator[Crowd]:
    """A crowd that goes on, a step every half second, until the block ends."""
    them, ended = Crowd(port, host or f"127.0.0.1:{port}"), threading.Event()

    def go_on() -> None:
        while not ended.wait(0.5):
            them.step()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield them
    finally:
        ended.set()
        thread.join()
        them.close()


def trickle(client: socket.socket, data: bytes, *, rate: int) -> None:
    """Send ``data`` evenly at so many bytes a second."""
    began, sent = time.monotonic(), 0
    while sent < len(data):
        piece = data[sent : sent + rate // 20]
        client.sendall(piece)
        sent += len(piece)
        time.sleep(max(0.0, began + sent / rate - time.monotonic()))
