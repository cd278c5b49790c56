"""A process that holds a lock, stands still with it, and goes on when it is told to."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection

from pysqlite3 import dbapi2
from sqlalchemy import text

from event_mgmt.core.database import db, transactional
from event_mgmt.registrations.lifecycle import seats
from tests.applications import an_application


@dataclass(frozen=True)
class Order:
    """Hold ``event_id`` in the database of ``instance`` or ``database_url``."""

    instance: str
    database_url: str
    event_id: int


def amid_a_change(order: Order, line: Connection) -> None:
    """Stand still in the middle of a use case, with the event, its pool and a row half written."""
    app = an_application(INSTANCE_DIR=order.instance, DATABASE_URL=order.database_url)

    @transactional
    def change() -> None:
        seats.lock_event_pool(order.event_id)
        db.session.execute(
            text("UPDATE seat_pools SET taken = taken + 1 WHERE event_id = :id"),
            {"id": order.event_id},
        )
        _stand_still(line)
        db.session.execute(
            text("UPDATE seat_pools SET taken = taken - 1 WHERE event_id = :id"),
            {"id": order.event_id},
        )

    with app.app_context():
        change()
        db.session.remove()
        db.engine.dispose()
    line.send("done")


def with_the_file_locked(order: Order, line: Connection) -> None:
    """Stand still with SQLite's own write lock, as another program does that opened the file."""
    path = order.database_url.removeprefix("sqlite:///")
    connection = dbapi2.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    _stand_still(line)
    connection.execute("ROLLBACK")
    connection.close()
    line.send("done")


def _stand_still(line: Connection) -> None:
    line.send("holds")
    os.kill(os.getpid(), signal.SIGSTOP)
