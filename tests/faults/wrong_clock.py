"""A worker on a machine whose clock is off."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

import time_machine

from event_mgmt import worker
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.worker import Worker
from tests.applications import an_application
from tests.mail import samples  # noqa: F401 - its notice writes the messages' letters


@dataclass(frozen=True)
class Order:
    """Deliver what is due. ``trusts_itself``: the control, which goes by its own clock."""

    off_by: timedelta
    trusts_itself: bool
    instance: str
    database_url: str
    mail_url: str


def work(order: Order, line: Connection) -> None:
    """Say "ready", wait for a word, look at the outbox once, and end."""
    signal.alarm(120)
    with time_machine.travel(datetime.now(UTC) + order.off_by, tick=True):
        app = an_application(
            INSTANCE_DIR=order.instance, DATABASE_URL=order.database_url, MAIL_URL=order.mail_url
        )
        if order.trusts_itself:
            worker.database_now = utc_now
        line.send("ready")
        line.recv()
        Worker(app).deliver()
        with app.app_context():
            db.engine.dispose()
    line.send("done")
