"""People who send large files and take them back, while others register."""

from __future__ import annotations

import hashlib
import http.client
import random
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from event_mgmt.files.purposes import FilePurpose, FileRetention
from tests.faults.guests import fields_of
from tests.faults.memory import MB
from tests.serving.server import Server

SIZE = 20 * MB
PURPOSE = FilePurpose("trial", 23 * MB, 100, FileRetention.WITH_OWNER)
_NOISE = random.Random(7).randbytes(MB)


@dataclass(frozen=True)
class Content:
    """A file of SIZE bytes that no other one equals, and that is never whole in memory."""

    number: int

    def pieces(self) -> Iterator[bytes]:
        for place in range(SIZE // MB):
            mark = f"{self.number}-{place:04}".encode()
            yield mark + _NOISE[len(mark) :]

    @property
    def digest(self) -> str:
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    def stream(self) -> Stream:
        """The same to read from."""
        return Stream(self.pieces())


class Stream:
    """Pieces of a file, read as an upload's stream is."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most ``size``."""
        piece = self._left or next(self._pieces, b"")
        self._left = piece[size:]
        return piece[:size]


@dataclass
class Traffic:
    """People who send a file, take it back, and compare; and guests who register meanwhile."""

    server: Server
    event_id: int
    slug: str
    digests: dict[str, str] = field(default_factory=dict)
    registered: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def run(self, files: int) -> None:
        """All at once; ends when every file has come back."""
        over = threading.Event()
        guests = threading.Thread(target=self._guarded, args=(self._register, over))
        senders = [
            threading.Thread(target=self._guarded, args=(self._up_and_down, number))
            for number in range(files)
        ]
        for thread in (guests, *senders):
            thread.start()
        for thread in senders:
            thread.join()
        over.set()
        guests.join()

    def _guarded(self, what: Callable[..., None], *given: object) -> None:
        try:
            what(*given)
        except Exception as error:
            self.faults.append(f"{what.__name__}{given}: {type(error).__name__}: {error}")

    def _register(self, over: threading.Event) -> None:
        path = f"/events/{self.slug}/register"
        number = 0
        while not over.is_set():
            guest = self.server.guest()
            answer = guest.post(path, fields_of(guest.form(path), number))
            assert answer.status == 303, answer.status
            self.registered.append(answer.seconds)
            number += 1

    def _up_and_down(self, number: int) -> None:
        content = Content(number)
        file_id = self._sent(content)
        self.digests[file_id] = content.digest
        assert self._fetched(file_id) == content.digest

    def _sent(self, content: Content) -> str:
        mark = uuid.uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="f.bin"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        tail = f"\r\n--{mark}--\r\n".encode()
        length = len(head) + SIZE + len(tail)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Content-Length": str(length),
        }
        body = iter([head, *content.pieces(), tail])
        answer = self._call("POST", f"/filing/{self.event_id}", body, headers)
        return answer.read().decode()

    def _fetched(self, file_id: str) -> str:
        answer = self._call("GET", f"/filing/files/{file_id}")
        digest = hashlib.sha256()
        while piece := answer.read(1 << 16):
            digest.update(piece)
        return digest.hexdigest()

    def _call(
        self, method: str, path: str, body: Iterator[bytes] | None = None, headers: object = None
    ) -> http.client.HTTPResponse:
        host = {"Host": f"127.0.0.1:{self.server.port}", **(headers or {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        connection.request(method, path, body, host)
        answer = connection.getresponse()
        assert answer.status == 200, (method, answer.status)
        return answer
