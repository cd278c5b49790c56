"""One client's connection while it is waited for, and all of them, which may not be too many."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from event_mgmt.serving import refusals
from event_mgmt.serving.handover import HandedConnection, HandoverKind
from event_mgmt.serving.rates import Limits
from event_mgmt.serving.spool import Budget, Spool


class Connection:
    """An open connection, what was read of it, and what that takes of the budget."""

    def __init__(self, handed: HandedConnection, budget: Budget, folder: Path) -> None:
        self.handed = handed
        self.client = handed.client
        self.counts_for = handed.counts_for
        self.is_reading = handed.what is HandoverKind.READ
        self.is_unwritten = handed.what is HandoverKind.WRITE
        self.task: asyncio.Task[None] | None = None
        self._budget = budget
        self._taken = 0
        self.spool = Spool(folder, self.take)

    def take(self, size: int) -> None:
        """Room on the disk. Raises Overfull."""
        self._budget.take(self.counts_for, size)
        self._taken += size

    def count_for(self, client: str) -> None:
        """From now on it is this client's. Raises Overfull when that one has too much already."""
        self._budget.move(self.counts_for, client, self._taken)
        self.counts_for = client

    def end(self, answer: bytes = b"") -> None:
        """A last word to the client, and then nothing more (RFC 9112 § 9.6); what it had is let go.

        Raises OSError when it is gone.
        """
        self.is_reading = self.is_unwritten = False
        self._let_go()
        if answer:
            self.client.send(answer)
        self.client.shutdown(socket.SHUT_WR)

    def give_up(self) -> None:
        """End it now, for another one; who has said something is told so."""
        has_asked = self.is_reading and self.spool.size
        with suppress(OSError):
            self.end(refusals.OVERLOADED if has_asked else b"")
        if self.task:  # not before its first step, without which it would not be cleared away
            asyncio.get_running_loop().call_soon(self.task.cancel)

    def close(self) -> None:
        """Let go of everything."""
        self._let_go()
        self.handed.close()

    def _let_go(self) -> None:
        self.spool.close()
        self.handed.drop()
        self._budget.give_back(self.counts_for, self._taken)
        self._taken = 0


class OpenConnections:
    """All connections that are waited for: of whom, and in the order in which they came."""

    def __init__(self, limits: Limits) -> None:
        self.most = limits.connections
        self._most_of_one = limits.connections_of_one
        self._of_each: dict[str, dict[Connection, None]] = {}
        self._count = 0

    def __iter__(self) -> Iterator[Connection]:
        return (connection for those in [*self._of_each.values()] for connection in [*those])

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._of_each.get(connection.counts_for, {})

    def add(self, newcomer: Connection) -> None:
        """One more; where there are too many, another one is given up for it.

        Of its own client's, if that one has as many as one may have; else of whoever has most.
        """
        own = self._of_each.get(newcomer.counts_for, {})
        if newcomer.counts_for and len(own) >= self._most_of_one:
            self._give_up(_first_to_drop([own]))
        elif self._count >= self.most:
            groups = self._of_each.values()
            most = max(map(len, groups))
            self._give_up(_first_to_drop([those for those in groups if len(those) == most]))
        self._of_each.setdefault(newcomer.counts_for, {})[newcomer] = None
        self._count += 1

    def remove(self, connection: Connection) -> None:
        """It has ended, if it was not given up before."""
        those = self._of_each.get(connection.counts_for, {})
        if connection not in those:  # it was given up
            return
        del those[connection]
        self._count -= 1
        if not those:
            del self._of_each[connection.counts_for]

    def count_for(self, connection: Connection, client: str) -> None:
        """Whose it is shows only now. Raises Overfull when that client has too much already."""
        self.remove(connection)
        try:
            connection.count_for(client)
        finally:
            self.add(connection)

    def _give_up(self, connection: Connection) -> None:
        self.remove(connection)
        connection.give_up()


def _first_to_drop(groups: Iterable[Iterable[Connection]]) -> Connection:
    """The oldest of those from which least is lost, or else the oldest."""
    oldest = None
    for connection in chain.from_iterable(groups):
        if not connection.is_unwritten and not connection.spool.on_disk:
            return connection
        oldest = oldest or connection
    assert oldest is not None
    return oldest
