"""A migration with a flaw: killed at a statement, slow in the middle, or without its turn."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import event

from event_mgmt.core import schema
from event_mgmt.core.database import db
from tests.applications import an_application

_CHANGES = ("CREATE TABLE", "ALTER TABLE", "CREATE INDEX", "CREATE UNIQUE", "INSERT", "UPDATE")
COMMIT = 0


@dataclass(frozen=True)
class Order:
    """Upgrade the database of ``environ``.

    ``dies_at``: the number of the statement that changes something, or COMMIT. ``sleeps``: seconds
    of rest in the middle. ``takes_no_turn``: the control, which does not wait for the others.
    """

    environ: dict[str, str] = field(repr=False)
    dies_at: int | None = None
    sleeps: float = 0
    takes_no_turn: bool = False


def work(order: Order, line: Connection) -> None:
    """Upgrade, and tell what became of it: "" or the name of the error."""
    app = an_application(**order.environ)
    done = 0

    def before(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal done
        if statement.lstrip().startswith(_CHANGES):
            done += 1
            if done == order.dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            if done == 3:
                line.send("amid")
                time.sleep(order.sleeps)

    def at_commit(_conn: Any) -> None:
        if order.dies_at == COMMIT:
            os.kill(os.getpid(), signal.SIGKILL)

    if order.takes_no_turn:
        schema._take_turn = lambda _connection: None
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", before)
        event.listen(db.engine, "commit", at_commit)
        try:
            schema.upgrade(db.engine)
        except Exception as error:
            line.send(type(error).__name__)
        else:
            line.send("")
        db.engine.dispose()
