"""How quickly 100,000 reminders are planned, on either database.

The yardstick is one raw INSERT … SELECT that writes as many rows of the same shape into the same
table, with a key made of the registration's id, and asks nothing. Both run several times in turn;
the rows are deleted in between.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, text

from benchmarks import databases, guests, report
from benchmarks.report import Row
from event_mgmt import settings as settings_module
from event_mgmt.core import schema
from event_mgmt.core.database import db, transactional
from event_mgmt.mail.models import Message
from event_mgmt.messaging import planner
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.registrations.enums import Status
from event_mgmt.wiring import create_app

REMINDERS = 100_000
ROUNDS = 3
_RAW = text(
    """
    INSERT INTO messages (key, kind, locale, to_address, to_name, event_id, registration_id,
                          rule_id, facts, state, created_at, due_at, attempts, copies, subject,
                          last_error)
    SELECT 'raw:' || registrations.id, 'reminder', locale, email, 'Ana Novak', event_id,
           registrations.id, 1, '{}', 'queued', :now, :now, 0, 0, '', ''
    FROM registrations
    """
)


def run() -> list[Row]:
    """Fill a database and measure in turn, on each of both."""
    with databases.postgresql() as url:
        return [*_on("", "embedded database"), *_on(url, "PostgreSQL")]


def _on(database_url: str, name: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        settings = {"INSTANCE_DIR": folder, "DATABASE_URL": database_url}
        app = create_app(settings_module.load(settings, testing=True))
        with app.app_context():
            schema.upgrade(db.engine)
            rows = _plan(REMINDERS, name)
            db.session.remove()
            db.engine.dispose()
    return rows


def _plan(reminders: int, database: str) -> list[Row]:
    """The figures: planning, and planning again with nothing left to do."""
    event, _user = guests.an_event_with(reminders, slug="reminded")
    due = event.starts_at - timedelta(days=1)
    _add_rule(event.id)
    raw, planned, again = [], [], []
    for _ in range(ROUNDS):
        raw.append(_seconds(lambda: _insert_raw(due.replace(tzinfo=None)), reminders))
        _forget()
        planned.append(_seconds(lambda: planner.plan(due), reminders))
        again.append(_seconds(lambda: planner.plan(due + timedelta(seconds=20)), 0))
        _forget()
    name = f"plan {reminders:,} reminders, {database}"
    return [
        report.at_most(name, planned, "s", yardstick=raw, ratio=3.0),
        report.at_most(
            f"plan again, nothing left, {database}", again, "s", yardstick=raw, ratio=1.0
        ),
    ]


def _seconds(work: Callable[[], int], rows: int) -> float:
    started = time.perf_counter()
    written = work()
    took = time.perf_counter() - started
    assert written == rows, f"{written} rows were written instead of {rows}"
    return took


@transactional
def _add_rule(event_id: int) -> None:
    db.session.add(
        ReminderRule(
            event_id=event_id,
            amount=1,
            unit=Unit.DAYS,
            statuses=list(Status),
            created_at=guests.BEGAN,
            armed_at=guests.BEGAN,
        )
    )


@transactional
def _insert_raw(now: object) -> int:
    return int(db.session.execute(_RAW, {"now": str(now)}).rowcount)


@transactional
def _forget() -> None:
    db.session.execute(delete(Message))
