"""How quickly confirmations reach a local relay: text, HTML and calendar part, durable bookkeeping.

Each message is a real confirmation of a registration of its own: the letter is written from what
the database says, in the guest's language, with a personal link and a calendar entry. The yardstick
are finished messages of the same size on one kept connection, sent with the standard library's
client and nothing else, in turn with the workers.
"""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from sqlalchemy import select

from benchmarks import databases, guests, report
from benchmarks.report import Row
from event_mgmt import settings as settings_module
from event_mgmt.core import schema
from event_mgmt.core.database import db, transactional
from event_mgmt.mail import html_rendering, mime_rendering, outbox
from event_mgmt.mail.delivery import deliver_due
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration
from event_mgmt.wiring import create_app

UNIT, UNIT_COMPUTED = "messages/s", "messages/CPU s"
GUESTS = 3750  # of whom four in five are confirmed
MESSAGES = 3000
ROUNDS = 3
NOW = guests.BEGAN + timedelta(days=8)


@dataclass(frozen=True)
class Speed:
    """Messages per second by the clock, and per second that the sender computed."""

    per_second: float
    per_second_computed: float


class Sink:
    """A relay in a process of its own."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.smtp_sink"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.stdin.close()
        self._process.terminate()
        self._process.wait()

    def taken(self) -> int:
        """How many messages came since the last time."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def run() -> list[Row]:
    """Send with one worker on either database; on PostgreSQL also with two."""
    with databases.postgresql() as url, Sink() as sink:
        return [*_on("", "embedded database", sink), *_on(url, "PostgreSQL", sink)]


def _on(database_url: str, name: str, sink: Sink) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder), database_url, sink.port)
        with app.app_context():
            event_id = guests.an_event_with(GUESTS, slug="mailed")[0].id
            yardstick, one, two = list[Speed](), list[Speed](), list[Speed]()
            for _ in range(ROUNDS):
                yardstick.append(_prebuilt(sink.port, event_id))
                one.append(_with_workers(app, 1, sink, event_id))
                if database_url:
                    two.append(_with_workers(app, 2, sink, event_id))
            db.session.remove()
            db.engine.dispose()
    rows = _compared(f"mail to a local relay, one worker, {name}", one, yardstick)
    if two:
        title = f"two workers against one, {name}"
        both = [[speed.per_second for speed in speeds] for speeds in (two, one)]
        rows.append(report.at_least(title, both[0], UNIT, yardstick=both[1], ratio=1.6))
    return rows


def _compared(title: str, figures: list[Speed], yardsticks: list[Speed]) -> list[Row]:
    """By the clock; and, to explain it, by the sender's own processor time."""

    def taken(speeds: list[Speed], kind: str) -> list[float]:
        return [getattr(speed, kind) for speed in speeds]

    rate, computed = "per_second", "per_second_computed"
    return [
        report.at_least(
            title, taken(figures, rate), UNIT, yardstick=taken(yardsticks, rate), ratio=0.4
        ),
        report.told(
            f"{title}, its processor time",
            taken(figures, computed),
            UNIT_COMPUTED,
            yardstick=taken(yardsticks, computed),
        ),
    ]


def _app(folder: Path, database_url: str, port: int):
    settings = settings_module.load(
        {
            "INSTANCE_DIR": str(folder),
            "DATABASE_URL": database_url,
            "MAIL_URL": f"smtp://127.0.0.1:{port}",
            "PUBLIC_BASE_URL": "https://events.example.org",
        },
        testing=True,
    )
    app = create_app(settings)
    with app.app_context():
        schema.upgrade(db.engine)
    return app


def _prebuilt(port: int, event_id: int) -> Speed:
    """Messages per second when they are finished before the clock starts."""
    _fill(event_id)
    message = db.session.scalars(select(Message).limit(1)).one()
    with html_rendering.in_locale(message.locale):
        letter = mail_kinds().write(message)
    outgoing, _subject = mime_rendering.compose_mail(letter, message, now=NOW)
    assert b"text/calendar" in outgoing.content
    client = smtplib.SMTP("127.0.0.1", port, local_hostname="benchmark")
    started, computed = time.perf_counter(), time.process_time()
    for _ in range(MESSAGES):
        client.sendmail(outgoing.sender, [outgoing.recipient], outgoing.content)
    took, computed = time.perf_counter() - started, time.process_time() - computed
    client.quit()
    return Speed(MESSAGES / took, MESSAGES / computed)


def _with_workers(app, count: int, sink: Sink, event_id: int) -> Speed:
    """Messages per second from a full queue to the last result written down."""
    _fill(event_id)
    sink.taken()
    db.session.remove()
    db.engine.dispose()
    with _workers(app, count) as wait:
        took, computed = wait()
    left = db.session.query(Message).filter(Message.state != MessageState.SENT).count()
    assert left == 0, f"{left} messages were not sent"
    assert sink.taken() == MESSAGES
    return Speed(MESSAGES / took, MESSAGES / computed)


@transactional
def _fill(event_id: int) -> None:
    """One confirmation for each confirmed registration."""
    db.session.query(Message).delete()
    confirmed = db.session.execute(
        select(Registration.id, Registration.locale, Registration.email).where(
            Registration.event_id == event_id, Registration.status == Status.CONFIRMED
        )
    ).all()
    assert len(confirmed) == MESSAGES
    drafts = [
        MessageDraft(
            key=f"benchmark:{registration_id}",
            kind="registration_confirmed",
            locale=locale,
            to_address=email,
            to_name="Luka Žagar",
            event_id=event_id,
            registration_id=registration_id,
        )
        for registration_id, locale, email in confirmed
    ]
    outbox.enqueue_all(drafts, now=NOW)


@contextmanager
def _workers(app, count: int) -> Iterator[Callable[[], tuple[float, float]]]:
    """Processes that wait at a gate, deliver all that is due, and end."""
    gate_reader, gate = os.pipe()
    pids = []
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                os.close(gate)
                os.read(gate_reader, 1)
                with app.app_context():
                    deliver_due(NOW)
                status = 0
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(status)
        pids.append(pid)
    os.close(gate_reader)
    started = time.perf_counter()
    os.close(gate)

    def wait() -> tuple[float, float]:
        ends = [os.wait4(pid, 0) for pid in pids]
        assert [status for _pid, status, _usage in ends] == [0] * count
        computed = sum(usage.ru_utime + usage.ru_stime for _pid, _status, usage in ends)
        return time.perf_counter() - started, computed

    yield wait
