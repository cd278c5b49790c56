"""The process that waits for slow clients, so that no web process has to.

It reads requests until they are complete and gives them to a web process, and writes what is left
of answers. It keeps no more than ``spool.Budget`` allows, and lets nobody be endlessly slow
(``rates``). It knows nothing of the application. Killed, it is started again: the connections in
its hands end, as if the network had failed, and nothing that was acknowledged is concerned.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog

from event_mgmt.core.faults import is_disk_full
from event_mgmt.serving import handover, rates, refusals
from event_mgmt.serving.framing import Framing
from event_mgmt.serving.handover import Channels, Parcel, What
from event_mgmt.serving.spool import Budget, Overfull, Spool

log = structlog.get_logger()

_PIECE: Final = 64 * 1024
_AT_ONCE: Final = 64
_MOST_FILES: Final = 65_536
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True)
class Limits:
    """Where bytes may wait, how many a request may have, and how many proxies stand before us."""

    folder: Path
    most_body: int
    proxy_hops: int


class Connection:
    """One client's connection while it is waited for."""

    def __init__(self, parcel: Parcel, budget: Budget, folder: Path) -> None:
        self.parcel = parcel
        self.client = parcel.client
        self.counts_for = ""
        self.is_reading = parcel.what is What.READ
        self.is_unwritten = parcel.what is What.WRITE
        self.task: asyncio.Task[None] | None = None
        self._budget = budget
        self._taken = 0
        self.spool = Spool(folder, self.take)

    def take(self, size: int) -> None:
        """Room on the disk. Raises Overfull."""
        self._budget.take(self.counts_for, size)
        self._taken += size

    def count_for(self, client: str) -> None:
        """From now on it is this client's."""
        self._budget.give_back(self.counts_for, self._taken)
        self.counts_for = client
        self._budget.take(client, self._taken)

    def close(self) -> None:
        """Let go of everything."""
        self.spool.close()
        self.parcel.close()
        self._budget.give_back(self.counts_for, self._taken)
        self._taken = 0


class SlowClients:
    """The loop over all of them."""

    def __init__(self, limits: Limits, channels: Channels) -> None:
        self._channels = channels
        self._folder = limits.folder
        self._most_body = limits.most_body
        self._proxy_hops = limits.proxy_hops
        self._budget = Budget(limits.folder)
        self._most = rates.MOST_CONNECTIONS
        self._all: dict[Connection, None] = {}
        self._complete: deque[Connection] = deque()
        self._is_sending = False
        self._changed = asyncio.Event()

    async def run(self, *, is_read: int, web_gone: int) -> None:
        """Wait for clients until asked to end.

        Then ``is_read`` is closed once no request is waited for any more, and it ends when
        ``web_gone`` (a pipe) has ended too and every answer is written.
        """
        self._most = min(self._most, _raise_file_limit() // 2)
        loop = asyncio.get_running_loop()
        ending, gone = asyncio.Event(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ending.set)
        loop.add_reader(self._channels.at_waiting, self._receive)
        await ending.wait()
        for connection in [*self._all]:
            if connection.is_reading and not connection.spool.size and connection.task:
                connection.task.cancel()  # it has not begun to speak
        await self._until(lambda: not self._complete and not any(c.is_reading for c in self._all))
        os.close(is_read)
        loop.add_reader(web_gone, gone.set)
        await gone.wait()
        loop.remove_reader(web_gone)
        self._receive()
        await self._until(lambda: not any(c.is_unwritten for c in self._all))

    async def _until(self, holds: Any) -> None:
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    def _receive(self) -> None:
        for _turn in range(_AT_ONCE):
            try:
                parcel = handover.receive(self._channels.at_waiting)
            except BlockingIOError:
                return
            if parcel is not None:
                self._begin(parcel)

    def _begin(self, parcel: Parcel) -> None:
        connection = Connection(parcel, self._budget, self._folder)
        with suppress(OSError):
            peer = connection.client.getpeername()[0]
            connection.counts_for = rates.client_of(peer, b"", proxy_hops=self._proxy_hops)
        steps = {What.READ: self._read, What.WRITE: self._write, What.CLOSE: self._linger}
        step = steps[parcel.what]
        if parcel.what is What.READ and not self._make_room(connection):
            step = self._refuse_overload
        self._all[connection] = None
        connection.task = asyncio.ensure_future(self._see_to(connection, step(connection)))

    def _make_room(self, newcomer: Connection) -> bool:
        """Whether there is room for one more: who came first and has said least, goes for it."""
        among = [*self._all] if len(self._all) >= rates.MOST_CONNECTIONS_OF_ONE else []
        if len(among) < self._most:
            client = newcomer.counts_for
            among = [c for c in among if client and c.counts_for == client]
            if len(among) < rates.MOST_CONNECTIONS_OF_ONE:
                return True
        oldest = next((c for c in among if c.is_reading and c.spool.on_disk == 0), None)
        if oldest is None or oldest.task is None:
            return False
        oldest.is_reading = False
        oldest.task.cancel()
        return True

    async def _see_to(self, connection: Connection, step: Coroutine[Any, Any, None]) -> None:
        """One connection from here to its end, whatever that is."""
        try:
            await step
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            del self._all[connection]
            if connection not in self._complete:
                connection.close()
            self._changed.set()

    async def _read(self, connection: Connection) -> None:
        """Until its request is complete."""
        try:
            is_complete = await self._read_request(connection)
        except TimeoutError:
            if connection.spool.size:
                await self._refuse(connection, refusals.TOO_SLOW)
            return
        except Overfull:
            await self._refuse(connection, refusals.OVERLOADED)
            return
        except OSError as error:
            if is_disk_full(error):
                _note("disk_full", error)
                await self._refuse(connection, refusals.DISK_FULL)
            return
        if not is_complete:
            return
        if len(self._complete) >= rates.MOST_WAITING_FOR_A_WEB_PROCESS:
            await self._refuse(connection, refusals.OVERLOADED)
            return
        connection.is_reading = False
        self._complete.append(connection)
        self._pass_on()

    async def _read_request(self, connection: Connection) -> bool:
        """Whether the request came to its end. Raises TimeoutError, Overfull, OSError."""
        loop = asyncio.get_running_loop()
        framing = Framing(most_body=self._most_body)
        begun = loop.time()
        data, by = connection.parcel.data, begun + rates.HEAD_SECONDS
        connection.parcel.data = b""
        while True:
            had_head = framing.has_head
            connection.spool.write(data)
            framing.feed(data)
            if framing.is_complete:
                return True
            if framing.has_head and not had_head:
                begun = loop.time()
                self._head_is_there(connection, framing)
            if framing.has_head:
                done = framing.body_bytes
                by = rates.deadline(begun, done, grace=rates.BODY_GRACE_SECONDS)
            async with asyncio.timeout_at(by):
                data = await loop.sock_recv(connection.client, _PIECE)
            if not data:
                return False

    def _head_is_there(self, connection: Connection, framing: Framing) -> None:
        if framing.expects_continue and not framing.body_bytes:
            with suppress(BlockingIOError):
                connection.client.send(_CONTINUE)
        if self._proxy_hops:
            head = framing.head
            connection.count_for(rates.client_of("", head, proxy_hops=self._proxy_hops))

    def _pass_on(self) -> None:
        """Give what is complete to the web processes, as fast as they take it."""
        loop = asyncio.get_running_loop()
        while self._complete:
            connection = self._complete[0]
            spool = connection.spool
            parcel = Parcel(What.SERVE, connection.client, spool.content(), spool.file)
            try:
                handover.send(self._channels.to_serving, parcel)
            except BlockingIOError:
                if not self._is_sending:
                    self._is_sending = True
                    loop.add_writer(self._channels.to_serving, self._pass_on)
                return
            except OSError as error:
                _note("handover_failed", error)
            self._complete.popleft()
            if connection not in self._all:
                connection.close()
        if self._is_sending:
            self._is_sending = False
            loop.remove_writer(self._channels.to_serving)
        self._changed.set()

    async def _write(self, connection: Connection) -> None:
        """The rest of an answer, then the end of the connection."""
        loop = asyncio.get_running_loop()
        parcel = connection.parcel
        connection.take(parcel.length if parcel.file >= 0 else 0)
        begun, done, size = loop.time(), 0, parcel.length
        while done < size:
            if parcel.file < 0:
                piece = parcel.data[done : done + _PIECE]
            else:
                piece = os.pread(parcel.file, min(_PIECE, size - done), parcel.start + done)
            if not piece:
                return
            by = rates.deadline(begun, done, grace=rates.ANSWER_GRACE_SECONDS)
            async with asyncio.timeout_at(by):
                await loop.sock_sendall(connection.client, piece)
            done += len(piece)
        connection.is_unwritten = False
        self._changed.set()
        await self._linger(connection)

    async def _refuse_overload(self, connection: Connection) -> None:
        await self._refuse(connection, refusals.OVERLOADED)

    async def _refuse(self, connection: Connection, answer: bytes) -> None:
        connection.is_reading = False
        connection.client.send(answer)
        await self._linger(connection)

    async def _linger(self, connection: Connection) -> None:
        """Say that this was all, and read what still comes: closing at once could destroy the
        answer on its way (RFC 9112 § 9.6).
        """
        loop = asyncio.get_running_loop()
        connection.client.shutdown(socket.SHUT_WR)
        async with asyncio.timeout(rates.LINGER_SECONDS):
            while True:
                async with asyncio.timeout(rates.LINGER_SILENCE_SECONDS):
                    if not await loop.sock_recv(connection.client, _PIECE):
                        return


def run(limits: Limits, channels: Channels, *, is_read: int, web_gone: int) -> int:
    """The process; gives the exit status."""

    async def main() -> None:
        await SlowClients(limits, channels).run(is_read=is_read, web_gone=web_gone)

    asyncio.run(main())
    return 0


def _note(happening: str, error: OSError) -> None:
    log.error(happening, error=error.strerror)


def _raise_file_limit() -> int:
    """As many open files as this process may have; gives how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if wanted > soft:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return wanted
    return soft
