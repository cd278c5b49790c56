"""The process that waits for slow clients, so that no web process has to.

It reads requests until they are complete and gives them to a web process, and writes what is left
of answers. It keeps no more than ``spool.Budget`` allows, and lets nobody be endlessly slow
(``rates``). It knows nothing of the application. Killed, it is started again: the connections in
its hands end, as if the network had failed, and nothing that was acknowledged is concerned.
"""

from __future__ import annotations

import asyncio
import math
import os
import signal
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from event_mgmt.core.errors import is_disk_full
from event_mgmt.serving import handover, open_files, rates, refusals
from event_mgmt.serving.connection import Connection, OpenConnections
from event_mgmt.serving.framing import Framing
from event_mgmt.serving.handover import Channels, HandedConnection, HandoverKind
from event_mgmt.serving.rates import Limits, RateAllowance
from event_mgmt.serving.spool import Budget, Overfull

log = structlog.get_logger()

_PIECE: Final = 64 * 1024
_AT_ONCE: Final = 64
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class SlowClients:
    """The loop over all of them.

    ``folder`` is where bytes may wait, ``most_body`` how many a request may have, ``proxy_hops``
    how many proxies of one's own stand before us.
    """

    def __init__(
        self, limits: Limits, channels: Channels, *, folder: Path, most_body: int, proxy_hops: int
    ) -> None:
        self._limits = limits
        self._channels = channels
        self._folder = folder
        self._most_body = most_body
        self._proxy_hops = proxy_hops
        self._budget = Budget(folder, limits.on_disk)
        self._open_connections = OpenConnections(limits)
        self._complete: deque[Connection] = deque()
        self._is_sending = False
        self._changed = asyncio.Event()

    async def run(self, *, is_read: int, web_gone: int) -> None:
        """Wait for clients until asked to end.

        Then ``is_read`` is closed once no request is waited for any more, and it ends when
        ``web_gone`` (a pipe) has ended too and every answer is written.
        """
        self._open_connections.most = min(self._open_connections.most, open_files.allow_many() // 3)
        loop = asyncio.get_running_loop()
        ending, gone = asyncio.Event(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ending.set)
        loop.add_reader(self._channels.at_waiting, self._receive)
        await ending.wait()
        for connection in self._open_connections:
            if connection.is_reading and not connection.spool.size:
                connection.give_up()  # it has not begun to speak
        await self._until(
            lambda: not self._complete and not any(c.is_reading for c in self._open_connections)
        )
        os.close(is_read)
        loop.add_reader(web_gone, gone.set)
        await gone.wait()
        loop.remove_reader(web_gone)
        while self._receive():
            pass
        await self._until(lambda: not any(c.is_unwritten for c in self._open_connections))

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    def _receive(self) -> bool:
        """Begin with some of those that are handed over; whether there may be more."""
        for _turn in range(_AT_ONCE):
            try:
                handed = handover.receive(self._channels.at_waiting)
            except BlockingIOError:
                return False
            if handed is not None:
                self._begin(handed)
        return True

    def _begin(self, handed: HandedConnection) -> None:
        connection = Connection(handed, self._budget, self._folder)
        if not connection.counts_for:
            with suppress(OSError):
                peer = connection.client.getpeername()[0]
                connection.counts_for = rates.client_of(peer, "", proxy_hops=self._proxy_hops)
        self._open_connections.add(connection)
        steps = {
            HandoverKind.READ: self._read,
            HandoverKind.WRITE: self._write,
            HandoverKind.CLOSE: self._part,
        }
        step = steps[handed.what](connection)
        connection.task = asyncio.ensure_future(self._see_to(connection, step))

    async def _see_to(self, connection: Connection, step: Coroutine[object, object, None]) -> None:
        """One connection from here to its end, whatever that is."""
        try:
            await step
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._open_connections.remove(connection)
            if connection not in self._complete:
                connection.close()
            self._changed.set()

    async def _read(self, connection: Connection) -> None:
        """Until its request is complete."""
        try:
            framing = await self._read_request(connection)
        except TimeoutError:
            if connection.spool.size:
                await self._part(connection, refusals.TOO_SLOW)
            return
        except Overfull:
            await self._part(connection, refusals.OVERLOADED)
            return
        except OSError as error:
            if is_disk_full(error):
                _note("disk_full", error)
                await self._part(connection, refusals.DISK_FULL)
            elif error.errno in open_files.TOO_MANY:
                await self._part(connection, refusals.OVERLOADED)
            return
        if not framing.is_complete:
            return
        if framing.is_head_too_long:
            await self._part(connection, refusals.HEAD_TOO_LONG)
        elif len(self._complete) >= self._limits.waiting_for_a_web_process:
            await self._part(connection, refusals.OVERLOADED)
        else:
            connection.is_reading = False
            self._complete.append(connection)
            self._pass_on()

    async def _read_request(self, connection: Connection) -> Framing:
        """What came of it, to its end or to the line's. Raises TimeoutError, Overfull, OSError."""
        loop, limits = asyncio.get_running_loop(), self._limits
        framing = Framing(most_body=self._most_body)
        patience = RateAllowance(loop.time(), grace=limits.head_seconds, rate=math.inf)
        data, connection.handed.data = connection.handed.data, b""
        while connection.is_reading:  # or it was given up
            had_head, body_bytes = framing.has_head, framing.body_bytes
            connection.spool.write(data)
            framing.feed(data)
            if framing.is_complete:
                break
            if framing.has_head and not had_head:
                patience = self._patience_with_body(loop.time())
                self._head_is_there(connection, framing)
            patience.earn(loop.time(), framing.body_bytes - body_bytes)
            async with asyncio.timeout_at(patience.until):
                data = await loop.sock_recv(connection.client, _PIECE)
            if not data:
                break
        return framing

    def _patience_with_body(self, now: float) -> RateAllowance:
        limits = self._limits
        grace, silence = limits.body_grace_seconds, limits.body_silence_seconds
        return RateAllowance(now, grace=grace, rate=limits.least_rate, silence=silence)

    def _head_is_there(self, connection: Connection, framing: Framing) -> None:
        if framing.expects_continue and not framing.body_bytes:
            with suppress(BlockingIOError):
                connection.client.send(_CONTINUE)
        if self._proxy_hops:
            forwarded = rates.forwarded_in(framing.head)
            client = rates.client_of("", forwarded, proxy_hops=self._proxy_hops)
            self._open_connections.count_for(connection, client)

    def _pass_on(self) -> None:
        """Give what is complete to the web processes, as fast as they take it."""
        loop = asyncio.get_running_loop()
        while self._complete:
            connection = self._complete[0]
            spool = connection.spool
            handed = HandedConnection(
                HandoverKind.SERVE, connection.client, spool.content(), spool.file
            )
            try:
                handover.send(self._channels.to_serving, handed)
            except BlockingIOError:
                if not self._is_sending:
                    self._is_sending = True
                    loop.add_writer(self._channels.to_serving, self._pass_on)
                return
            except OSError as error:
                _note("handover_failed", error)
            self._complete.popleft()
            if connection not in self._open_connections:
                connection.close()
        if self._is_sending:
            self._is_sending = False
            loop.remove_writer(self._channels.to_serving)
        self._changed.set()

    async def _write(self, connection: Connection) -> None:
        """The rest of an answer, then the end of the connection."""
        loop, limits, handed = asyncio.get_running_loop(), self._limits, connection.handed
        connection.take(handed.length if handed.file >= 0 else 0)
        grace, rate = limits.answer_grace_seconds, limits.least_rate
        patience = RateAllowance(loop.time(), grace=grace, rate=rate, done=handed.done)
        done, size = 0, handed.length
        while done < size:
            if handed.file < 0:
                piece = handed.data[done : done + _PIECE]
            else:
                piece = os.pread(handed.file, min(_PIECE, size - done), handed.start + done)
            if not piece:
                return
            async with asyncio.timeout_at(patience.until):
                await loop.sock_sendall(connection.client, piece)
            done += len(piece)
            patience.earn(loop.time(), len(piece))
        await self._part(connection)

    async def _part(self, connection: Connection, answer: bytes = b"") -> None:
        """A last word, then read what still comes: closing at once could destroy the answer on its
        way (RFC 9112 § 9.6).
        """
        loop, limits = asyncio.get_running_loop(), self._limits
        connection.end(answer)
        self._changed.set()
        async with asyncio.timeout(limits.linger_seconds):
            while True:
                async with asyncio.timeout(limits.linger_silence_seconds):
                    if not await loop.sock_recv(connection.client, _PIECE):
                        return


def run(slow_clients: SlowClients, *, is_read: int, web_gone: int) -> int:
    """The process; gives the exit status."""
    asyncio.run(slow_clients.run(is_read=is_read, web_gone=web_gone))
    return 0


def _note(happening: str, error: OSError) -> None:
    log.error(happening, error=error.strerror)
