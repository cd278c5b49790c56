"""What every kind of work costs with 100, 10,000 and 1,000,000 registrations in the database.

``python -m benchmarks.growth`` fills a database of each size on SQLite and on PostgreSQL and does
the same work on each: pages about an event of ordinary size, a complete registration, the jobs of
the worker. Figures are milliseconds of processor time, medians of several rounds: this process's
own, and on PostgreSQL that of the server's connections as well. Beside them stands how many
statements are sent. Whatever costs twice as much with a million as with a hundred is marked.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, select, text, update

from benchmarks import databases, fill
from event_mgmt import settings as settings_module
from event_mgmt.accounts.models import User
from event_mgmt.core import schema, tokens
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db, transactional
from event_mgmt.events.models import Event
from event_mgmt.mail import queue
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import planner
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.privacy import retention
from event_mgmt.registrations.models import Registration
from event_mgmt.rooms import jobs_of
from event_mgmt.wiring import create_app
from tests.sql_counter import counted_statements

SIZES = (100, 10_000, 1_000_000)
ROUNDS = 9
NOISE_MILLISECONDS = 3.0
EVENT_ID = 1  # to come tomorrow, with some forty registrations

Work = Callable[[], object]


@dataclass(frozen=True)
class Cost:
    """What one piece of work costs: milliseconds of processor time, statements."""

    milliseconds: float
    statements: int


@dataclass
class Place:
    """One filled database and what is needed to work on it."""

    app: Flask
    engine: Engine
    desk: FlaskClient
    guest: FlaskClient
    now: datetime
    slug: str
    registration_id: int
    number: int = 0

    def works(self) -> dict[str, tuple[Work, Work]]:
        """Every kind of work with what must be undone before it can be done again."""
        event = f"/desk/events/{EVENT_ID}"
        inside, nothing = self._inside, partial(int)
        pages = {
            "agenda": partial(_see, self.guest, "/", "branchentreff"),
            "event page": partial(_see, self.guest, f"/events/{self.slug}", "Branchentreff 0"),
            "participant's page": partial(
                _see, self.guest, f"/my-registration/{self.registration_id}", "Branchentreff 0"
            ),
            "desk home": partial(_see, self.desk, "/desk/", "Branchentreff"),
            "desk, events": partial(_see, self.desk, "/desk/events", "Branchentreff"),
            "event overview": partial(_see, self.desk, f"{event}/", "Branchentreff 0"),
            "desk, registrations": partial(_see, self.desk, f"{event}/registrations", "<td"),
            "attendee list": partial(_see, self.desk, f"{event}/attendee-list", "<td"),
            "messages": partial(_see, self.desk, f"{event}/messages", "<td"),
            "history": partial(_see, self.desk, f"{event}/audit", "Branchentreff 0"),
            "health": partial(_see, self.guest, "/health", "oldest_due"),
        }
        works: dict[str, tuple[Work, Work]] = {name: (do, nothing) for name, do in pages.items()}
        works["complete registration"] = (self.register, nothing)
        works["planner, nothing due"] = (inside(_planned, self.now, 0), nothing)
        works["planner, one event due"] = (inside(_planned, self.now, 200), inside(_unplan))
        works["retention, what is due"] = (inside(retention.due_at, self.now), nothing)
        works["mail, a glance"] = (inside(queue.queue_status, self.now), nothing)
        works["mail, a claim of 50"] = (inside(_claim, self.now), inside(_unclaim))
        for job in jobs_of(self.app):
            if job is not planner.plan:
                name = f"job {job.__module__.split('.')[1]}.{job.__name__}"
                works[name] = (inside(job, self.now), nothing)
        return works

    def computed(self) -> float:
        """Seconds that this process and the database's connections have computed so far."""
        return time.process_time() + sum(map(_computed, _servers(self.engine)))

    def _inside(self, work: Callable[..., object], *given: object) -> Work:
        """``work`` as the worker does it: in a context of its own."""

        def do() -> None:
            with self.app.app_context():
                work(*given)

        return do

    def register(self) -> None:
        """A guest's way: the form, sending it, what comes then."""
        self.number += 1
        client = self.app.test_client()
        path = f"/events/{self.slug}/register"
        form = client.get(path).text
        hidden = dict(re.findall(r'name="(csrf_token|nonce)"[^>]*? value="([^"]+)"', form))
        fields = {
            "given_name": "Maja",
            "family_name": f"Kovač {self.number}",
            "email": f"new-{self.number}@example.org",
            "organisation": "Tehnika Žagar d.o.o.",
            "country": "SI",
        }
        sent = client.post(path, data={**hidden, **fields})
        assert sent.status_code == 303, sent.status
        assert client.get(sent.location).status_code == 200


def _servers(engine: Engine) -> list[int]:
    """The server's processes behind the connections in the pool."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as connection:
        own = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [row.pid for row in connection.execute(own)]


def _computed(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def _see(client: FlaskClient, path: str, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status}"
    assert words in answer.text, f"{path}: without {words!r}"


def _planned(now: datetime, at_most: int) -> None:
    written = planner.plan(now)
    assert bool(at_most) <= bool(written) <= written <= at_most, f"{written} reminders"


@transactional
def _unplan() -> None:
    rules = select(ReminderRule.id).where(ReminderRule.event_id == EVENT_ID)
    db.session.execute(delete(Message).where(Message.rule_id.in_(rules)))


def _claim(now: datetime) -> None:
    assert queue.settle_and_claim([], queue.ClaimRequest("benchmark", 50), now=now)


@transactional
def _unclaim() -> None:
    db.session.execute(
        update(Message)
        .where(Message.state == MessageState.SENDING)
        .values(state=MessageState.QUEUED, copies=0, attempts=0)
    )


@contextmanager
def place(registrations: int, database_url: str, folder: Path) -> Iterator[Place]:
    """A database with so many registrations, and somebody signed in at the first host's desk."""
    environ = {"INSTANCE_DIR": str(folder), "DATABASE_URL": database_url}
    app = create_app(settings_module.load(environ, testing=True))
    with app.app_context():
        schema.upgrade(db.engine)
        now = utc_now()
        filled = fill.fill(registrations, now=now)
        sys.stderr.write(f"{registrations:,} registrations in {filled.seconds:.0f} s\n")
        planner.plan(now)
        slug = db.session.get_one(Event, EVENT_ID).slug
        own = db.session.scalars(
            select(Registration).where(Registration.event_id == EVENT_ID).limit(1)
        ).one()
        link = f"/registration/{tokens.sign('registration', own.id, own.link_version)}"
        user = db.session.query(User).one()
        engine = db.engine
    desk, guest = app.test_client(), app.test_client()
    with desk.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = f"{user.id}:{user.session_version}", True
    guest.get(link)
    yield Place(app, engine, desk, guest, now, slug, own.id)
    engine.dispose()


def costs(place: Place) -> dict[str, Cost]:
    """What each kind of work costs in this place."""
    return {name: _cost(place, work, undo) for name, (work, undo) in place.works().items()}


def _cost(place: Place, work: Work, undo: Work) -> Cost:
    taken = []
    for _ in range(ROUNDS + 2):
        undo()
        began = place.computed()
        work()
        taken.append(place.computed() - began)
    undo()
    with counted_statements(place.engine) as statements:
        work()
    return Cost(statistics.median(taken[2:]) * 1000, len(statements))


def run(sizes: tuple[int, ...] = SIZES) -> dict[str, list[dict[str, Cost]]]:
    """Every size on either database: for each database, the costs by size."""
    found: dict[str, list[dict[str, Cost]]] = {"SQLite": [], "PostgreSQL": []}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, place(size, "", Path(folder)) as here:
            found["SQLite"].append(costs(here))
        with (
            databases.postgresql() as url,
            tempfile.TemporaryDirectory() as folder,
            place(size, url, Path(folder)) as here,
        ):
            found["PostgreSQL"].append(costs(here))
    return found


def show(found: dict[str, list[dict[str, Cost]]], sizes: tuple[int, ...]) -> None:
    """Print milliseconds and statements by size; what grows is marked."""
    for database, by_size in found.items():
        heads = "".join(f"{size:>18,}" for size in sizes)
        sys.stdout.write(f"\n{database:<42}{heads}\n")
        for name in by_size[0]:
            figures = [each[name] for each in by_size]
            cells = "".join(f"{c.milliseconds:>9.2f} ms {c.statements:>4} s" for c in figures)
            mark = "  grows" if _grows(figures) else ""
            sys.stdout.write(f"{name:<42}{cells}{mark}\n")


def _grows(figures: list[Cost]) -> bool:
    few, many = figures[0], figures[-1]
    more = many.milliseconds - few.milliseconds
    costs_more = more > max(few.milliseconds, NOISE_MILLISECONDS)
    return costs_more or many.statements > few.statements


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    sizes = tuple(int(size) for size in parser.parse_args().sizes.split(","))
    show(run(sizes), sizes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
