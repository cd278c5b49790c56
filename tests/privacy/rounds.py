"""One process of several that let the same data go at the same moment."""

from __future__ import annotations

from datetime import datetime
from multiprocessing.connection import Connection

from event_mgmt.core.database import db
from event_mgmt.core.refusals import Busy
from event_mgmt.privacy import retention
from tests.applications import an_application


def work(
    instance: str, database_url: str, now: datetime, parties_at_once: int, line: Connection
) -> None:
    """Say "ready", wait for a word, erase what is due, and send how many batches that were."""
    app = an_application(INSTANCE_DIR=instance, DATABASE_URL=database_url)
    retention.PARTIES_AT_ONCE = parties_at_once
    with app.app_context():
        db.session.execute(db.text("SELECT 1")).all()
        db.session.rollback()
        line.send("ready")
        line.recv()
        line.send(_erased(now))
        db.engine.dispose()


def _erased(now: datetime) -> int:
    """Erase batch by batch; who has not had a turn asks again, as a slow machine is no fault."""
    done = 0
    for _ in range(10):
        try:
            while retention.erase_due(now, batches=1):
                done += 1
        except Busy:
            continue
        return done
    raise Busy
