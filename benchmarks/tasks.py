"""Whether a long task delays mail: messages a second with one running beside the worker, and without.

The task writes the event's list as a spreadsheet again and again, in a child of a process that runs
tasks, as in use. Both ways are measured in turn.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from benchmarks import databases, guests, mail, report
from benchmarks.report import Row
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.attendee_lists import downloads, export_plan
from event_mgmt.attendee_lists.export_plan import Exporter, ExportRequest
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.queries import event_for_desk
from event_mgmt.tasks import kinds, service, worker
from event_mgmt.tasks.enums import AfterDeath, TaskState
from event_mgmt.tasks.kinds import TaskKind, Work
from event_mgmt.tasks.models import Task

SECONDS = 3600
WISH = ExportRequest(
    "xlsx", "benchmark", ("family_name", "given_name", "organisation", "email", "country")
)


@dataclass(frozen=True)
class Again:
    """Write the list of this event until killed."""

    event_id: int


def _write_again(given: Again, work: Work) -> None:
    event = event_for_desk(given.event_id)
    assert event is not None
    taker = Exporter(work.viewer, work.asker_name, work.locale)
    plan = export_plan.plan_export(event, WISH, taker)
    while True:
        downloads.write(event, plan, taker, work.folder / "list", now=utc_now())
        work.tell(50, "")


KIND = TaskKind(
    name="benchmark",
    label="",
    arguments=Again,
    run=_write_again,
    may=lambda _given, _viewer: True,
    after_death=AfterDeath.RESTART,
    seconds=SECONDS,
)


def run() -> list[Row]:
    """With one mail worker, on either database."""
    with databases.postgresql() as url, mail.Sink() as sink:
        return [_on("", "embedded database", sink), _on(url, "PostgreSQL", sink)]


def _on(database_url: str, name: str, sink: mail.Sink) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        app = mail._app(Path(folder), database_url, sink.port)
        kinds.init_app(app, [KIND])
        with app.app_context():
            event, user = guests.an_event_with(mail.GUESTS, slug="mailed")
            event_id, viewer = event.id, viewer_of(user)
            service.ask(KIND.name, Again(event_id), viewer=viewer, locale="de", now=utc_now())
            alone, beside = list[float](), list[float]()
            for _ in range(mail.ROUNDS):
                alone.append(mail._with_workers(app, 1, sink, event_id).per_second)
                with _a_running_task(app):
                    beside.append(mail._with_workers(app, 1, sink, event_id).per_second)
            db.session.remove()
            db.engine.dispose()
    title = f"mail while a long task runs, {name}"
    return report.at_least(title, beside, mail.UNIT, yardstick=alone, ratio=0.9)


@contextmanager
def _a_running_task(app) -> Iterator[None]:
    """A process that runs tasks, in the middle of one."""
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if pid == 0:
        worker.main(app)
        os._exit(0)
    try:
        while db.session.scalars(select(Task.state)).one() is not TaskState.RUNNING:
            db.session.rollback()
            time.sleep(0.05)
        db.session.rollback()
        yield
        assert db.session.scalars(select(Task.state)).one() is TaskState.RUNNING
    finally:
        db.session.rollback()
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
