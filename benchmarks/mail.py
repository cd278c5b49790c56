"""How quickly mail reaches a local relay: text, HTML and calendar part, durable bookkeeping.

``python -m benchmarks.mail``. The yardstick are finished messages of the same size on one kept
connection, sent with the standard library's client and nothing else.
"""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from benchmarks import report
from benchmarks.report import Row
from event_mgmt import settings as settings_module
from event_mgmt.core import schema
from event_mgmt.core.database import db, transactional
from event_mgmt.mail import outbox, rendering
from event_mgmt.mail.delivery import deliver_due
from event_mgmt.mail.letters import (
    Button,
    CalendarPart,
    Facts,
    Host,
    Letter,
    Paragraph,
    notices,
)
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.outbox import Draft
from event_mgmt.wiring import create_app

MESSAGES = 3000
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
ENTRY = b"\r\n".join(
    [
        b"BEGIN:VCALENDAR",
        b"METHOD:REQUEST",
        *[
            b"X-FILL: as long as an entry with its time zone, place and description is"
            for _ in range(24)
        ],
        b"END:VCALENDAR",
        b"",
    ]
)


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


def letter_for(message: Message) -> Letter:
    """A confirmation as guests get it; greeting and link differ for each of them."""
    number = message.facts["number"]
    return Letter(
        subject="Sie sind angemeldet: Jahresempfang des Konsulats und der Branchencluster",
        greeting=f"Guten Tag Luka Žagar {number},",
        blocks=(
            Paragraph("wir haben Ihre Anmeldung erhalten und Plätze für Sie reserviert."),
            Facts(
                [
                    ("Wann", "Montag, 15. Februar 2027, 18:00–21:30"),
                    ("Wo", "Ständehaus\nStändehausstraße 1, 40217 Düsseldorf"),
                    ("Plätze", str(1 + number % 4)),
                ]
            ),
            Button("Meine Anmeldung", f"https://events.example.org/registration/{number:040d}"),
        ),
        hosts=(Host("Konsulat", "#3b3a8f"), Host("AutoCluster.NRW", "#1d5fa8")),
        closing="Mit freundlichen Grüßen\nAutoCluster.NRW",
        sender_name="AutoCluster.NRW",
        reply_to="office@example.org",
        footer=("Sie erhalten diese Nachricht, weil Sie angemeldet sind.",),
        footer_links=(("Datenschutz", "https://events.example.org/privacy"),),
        calendar=CalendarPart("REQUEST", ENTRY),
    )


def run(database_url: str = "") -> list[Row]:
    """Send with one worker on the embedded database; on PostgreSQL also with two."""
    with tempfile.TemporaryDirectory() as folder, Sink() as sink:
        app = _app(Path(folder), database_url, sink.port)
        with app.app_context():
            yardstick = max(_prebuilt(sink.port) for _ in range(2))
            one = max(_with_workers(app, 1, sink) for _ in range(2))
            name = "PostgreSQL" if database_url else "embedded database"
            rows = [
                report.at_least(
                    f"mail to a local relay, one worker, {name}",
                    one,
                    "messages/s",
                    yardstick=yardstick,
                    ratio=0.4,
                )
            ]
            if database_url:
                two = max(_with_workers(app, 2, sink) for _ in range(2))
                rows.append(
                    report.at_least(
                        "two workers against one, PostgreSQL",
                        two,
                        "messages/s",
                        yardstick=one,
                        ratio=1.6,
                    )
                )
            db.session.remove()
            db.engine.dispose()
        return rows


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
    notices.add("benchmark", letter_for)
    with app.app_context():
        schema.upgrade(db.engine)
    return app


def _prebuilt(port: int) -> float:
    """Messages per second when they are finished before the clock starts."""
    message = Message(
        id=1,
        key="1",
        kind="benchmark",
        locale="de",
        to_address="guest@example.org",
        to_name="Luka Žagar",
        created_at=NOW,
        facts={"number": 1},
    )
    parcel, _subject = rendering.parcel_of(letter_for(message), message, now=NOW)
    client = smtplib.SMTP("127.0.0.1", port, local_hostname="benchmark")
    started = time.perf_counter()
    for _ in range(MESSAGES):
        client.sendmail(parcel.sender, [parcel.recipient], parcel.content)
    took = time.perf_counter() - started
    client.quit()
    return MESSAGES / took


def _with_workers(app, count: int, sink: Sink) -> float:
    """Messages per second from a full queue to the last result written down."""
    _fill()
    sink.taken()
    db.session.remove()
    db.engine.dispose()
    with _workers(app, count) as wait:
        took = wait()
    left = db.session.query(Message).filter(Message.state != MessageState.SENT).count()
    assert left == 0, f"{left} messages were not sent"
    assert sink.taken() == MESSAGES
    return MESSAGES / took


@transactional
def _fill() -> None:
    db.session.query(Message).delete()
    outbox.queue_all(
        [
            Draft(
                key=f"benchmark:{n}",
                kind="benchmark",
                locale="de",
                to_address=f"guest-{n}@example.org",
                to_name=f"Luka Žagar {n}",
                facts={"number": n},
            )
            for n in range(MESSAGES)
        ],
        now=NOW,
    )


@contextmanager
def _workers(app, count: int) -> Iterator[object]:
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

    def wait() -> float:
        statuses = [os.waitpid(pid, 0)[1] for pid in pids]
        assert statuses == [0] * count
        return time.perf_counter() - started

    yield wait


def main() -> int:
    """Run on the embedded database, and on PostgreSQL where BENCH_DATABASE_URL names one."""
    rows = run()
    if url := os.environ.get("BENCH_DATABASE_URL"):
        rows += run(url)
    return report.finish(rows)


if __name__ == "__main__":
    sys.exit(main())
