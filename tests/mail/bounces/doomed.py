"""A look at the mailbox by a process that is killed (by SIGKILL) at a given point."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from event_mgmt.core.database import db
from event_mgmt.mail.bounces import imap, poller, service
from tests.applications import an_application
from tests.faults.doomed import _around


@dataclass(frozen=True)
class Order:
    """Look at ``now``, and be killed in ``phase``."""

    phase: str
    now: datetime
    settings: dict[str, str]


def amid(reached: Callable[[], None]) -> None:
    """The message is marked, and nothing is committed."""
    _around(service, "_mark", after=lambda _none: reached())


def committed(reached: Callable[[], None]) -> None:
    """The mark and the mail's number are committed; the mail is still there."""
    _around(service, "handle", after=lambda _outcome: reached())


def flagged(reached: Callable[[], None]) -> None:
    """The mail is flagged for deletion, and still there."""
    real = imap.ImapClient.uid

    def uid(client: Any, command: str, *args: Any) -> Any:
        answer = real(client, command, *args)
        if command == "STORE":
            reached()
        return answer

    imap.ImapClient.uid = uid


def removed(reached: Callable[[], None]) -> None:
    """The mail is gone; the mailbox has not been given back."""
    _around(imap.Mailbox, "remove", after=lambda _none: reached())


def never(_reached: Callable[[], None]) -> None:
    """A look that comes to its end."""


PHASES = {phase.__name__: phase for phase in (amid, committed, flagged, removed, never)}


def work(order: Order, line: Connection) -> None:
    """Look once; tell how many messages were marked."""
    app = an_application(**order.settings)
    poller.database_now = lambda: order.now
    PHASES[order.phase](lambda: os.kill(os.getpid(), signal.SIGKILL))
    with app.app_context():
        found = poller.check_mailbox(is_urgent=True)
        db.session.remove()
        db.engine.dispose()
    line.send(None if found is None else found.marked)
