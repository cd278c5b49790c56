"""The web process: gunicorn's synchronous worker, except that it never waits for a client.

A request that is there as a whole is served at once; one that is not is handed over to the process
that waits for slow clients (``slow_clients``), and comes back when it is complete. So does an
answer that a client does not take at once.
"""

from __future__ import annotations

import errno
import os
import select
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Final

import structlog
from gunicorn.http import RequestParser
from gunicorn.http.message import Request
from gunicorn.workers.sync import SyncWorker

from event_mgmt.core.errors import is_disk_full
from event_mgmt.serving import handover, open_files, rates, request_body
from event_mgmt.serving.framing import Framing
from event_mgmt.serving.handover import INLINE_LIMIT, Channels, HandedConnection, HandoverKind
from event_mgmt.serving.slow_response import SlowResponse

log = structlog.get_logger()

Address = tuple[str, *tuple[int, ...]]
"""Of a client: host and port, and two more numbers by IPv6."""

_PATIENCE_MS: Final = 2
_ORPHANED_MS: Final = 1000  # so soon an idle process notices that its parent was killed, and ends
_LUCK: Final = 20
_PIECE: Final = 64 * 1024


class WebWorker(SyncWorker):
    """One process; ``app`` is the ``Web`` of ``serve``, which has the channels and the limits."""

    def run(self) -> None:
        """Gunicorn's entry into the process; returns when it was stopped and has answered."""
        open_files.allow_many()  # a limit that also holds for those on their way to others
        self._listener: socket.socket = self.sockets[0]
        self._listener.setblocking(False)
        self._channels: Channels = self.app.channels
        self._luck = _LUCK
        events = select.poll()
        for readable in (self._listener, self._channels.at_serving, self.PIPE[0]):
            events.register(readable, select.POLLIN)
        while self.alive:
            self.notify()
            came_back = self._serve_what_came_back()
            if self._serve_newcomer() or came_back:
                continue
            if not self.is_parent_alive():
                return
            for number, _event in events.poll(_ORPHANED_MS):
                if number == self.PIPE[0]:
                    with suppress(BlockingIOError):
                        os.read(number, 64)
                elif number == self._listener.fileno() and not self._is_listening():
                    events.unregister(number)  # the system is being stopped
        while self._serve_what_came_back():
            self.notify()

    def _is_listening(self) -> bool:
        return bool(self._listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))

    def _serve_newcomer(self) -> bool:
        try:
            client, address = self._listener.accept()
        except OSError:  # none is there, or none any more
            return False
        client.setblocking(False)
        try:
            data = self._first_words(client)
        except OSError:
            client.close()
            return True
        framing = Framing(most_body=self.app.most_body)
        framing.feed(data)
        if framing.is_complete:
            self._serve(client, address, iter([data]))
        else:
            self._hand_over(HandedConnection(HandoverKind.READ, client, data))
        return True

    def _first_words(self, client: socket.socket) -> bytes:
        """What a client says at once; nothing from one that does not speak yet.

        A request arrives right behind its connection, so it is worth a moment's patience, until
        many in a row were silent.
        """
        with suppress(BlockingIOError):
            return client.recv(INLINE_LIMIT)
        if self._luck > 0:
            waiting = select.poll()
            waiting.register(client, select.POLLIN)
            if waiting.poll(_PATIENCE_MS):
                self._luck = _LUCK
                return client.recv(INLINE_LIMIT)
            self._luck -= 1
        return b""

    def _serve_what_came_back(self) -> bool:
        try:
            handed = handover.receive(self._channels.at_serving)
        except OSError:
            return False
        if handed is None:
            return True
        self._luck = min(_LUCK, self._luck + 1)
        try:
            address = handed.client.getpeername()
        except OSError:  # gone meanwhile
            handed.close()
            return True
        if handed.file < 0:
            self._serve(handed.client, address, iter([handed.data]))
            return True
        with open(handed.file, "rb", buffering=0) as file:  # noqa: PTH123 - it has no name
            handed.file = -1
            file.seek(0)
            self._serve(handed.client, address, _pieces(file))
        return True

    def _serve(self, client: socket.socket, address: Address, request: Iterator[bytes]) -> None:
        """Answer one complete request; whatever the client does not take is handed over."""
        answer = SlowResponse(client, self.app.spool_folder)
        parser = RequestParser(self.cfg, request, address)
        parsed = None
        try:
            parsed = next(parser)
            request_body.check(parsed)
            self.handle_request(self._listener, parsed, answer, address)
        except (StopIteration, OSError) as error:
            _note_full_disk(error)
            answer.close()
        except BaseException as error:  # noqa: BLE001 - gunicorn answers it, and the process goes on
            self.handle_error(parsed, answer, address, error)
        self._part(answer, parsed, address, request)

    def _part(
        self,
        answer: SlowResponse,
        parsed: Request | None,
        address: Address,
        request: Iterator[bytes],
    ) -> None:
        """Close the connection once everything is written and read; others see to the rest."""
        if answer.is_closed:
            answer.forget()
            return
        handed = answer.rest()
        if handed is None and _may_more_come(answer.client, parsed, request):
            handed = HandedConnection(HandoverKind.CLOSE, answer.client)
        if handed is None:
            answer.client.close()
            return
        forwarded = _forwarded_in(parsed) if parsed else ""
        hops = self.app.proxy_hops
        handed.counts_for = rates.client_of(address[0], forwarded, proxy_hops=hops)
        self._hand_over(handed)

    def _hand_over(self, handed: HandedConnection) -> None:
        """Give a connection to the process that waits, which may just be started anew."""
        channel = self._channels.to_waiting
        try:
            handover.send(channel, handed)
        except BlockingIOError:
            waiting = select.poll()
            waiting.register(channel, select.POLLOUT)
            waiting.poll(1000)
            with suppress(OSError):
                handover.send(channel, handed)
        except OSError:
            pass
        finally:
            handed.close()


def _note_full_disk(error: BaseException) -> None:
    """An answer of which the client has the beginning cannot say it any more: the log does."""
    if is_disk_full(error):
        log.error("disk_full", error=os.strerror(errno.ENOSPC))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while data := file.read(_PIECE):
        yield data


def _forwarded_in(parsed: Request) -> str:
    return ",".join(value for name, value in parsed.headers if name == "X-FORWARDED-FOR")


def _may_more_come(client: socket.socket, parsed: Request | None, request: Iterator[bytes]) -> bool:
    """Whether the client sent, or will send, more than was read: closing at once would cut the
    answer off.
    """
    if parsed is None or not getattr(parsed.body.reader, "is_at_end", False):
        return True
    if parsed.unreader.take_buffered() or next(request, b""):
        return True
    try:
        return bool(client.recv(1, socket.MSG_PEEK))
    except OSError:  # nothing has come
        return False
