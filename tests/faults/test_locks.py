"""A lock whose holder stands still: everybody else is told so in time, and nothing is half done."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message
from event_mgmt.registrations.models import Attendee, Registration
from tests.builders import an_event
from tests.faults import holding
from tests.faults.forked import Forked, forked
from tests.faults.guests import fields_of
from tests.faults.holding import Order
from tests.faults.long_form import IS_LONG
from tests.faults.serving import served
from tests.serving.guests import Answer, Guest
from tests.serving.processes import state_of, until
from tests.serving.server import Server

pytestmark = pytest.mark.processes

GUESTS = 3
IN_TIME = 14.0
"""Twice the five seconds of patience (for the turn, then for the file), and the machine's own."""

Hold = Callable[..., None]


def _event() -> Event:
    return an_event(seats=50, starts_at=utc_now() + timedelta(days=30), published_at=utc_now())


@contextmanager
def _frozen(app: Flask, event: Event, hold: Hold) -> Iterator[Forked]:
    """A process that stands still with a lock in its hands."""
    order = Order(app.instance_path, app.config["SQLALCHEMY_DATABASE_URI"], event.id)
    with forked(hold, order) as holder:
        assert holder.line.recv() == "holds"
        until(lambda: state_of(holder.process.pid) == "T", "the holder does not stop")
        yield holder


def _go_on(holder: Forked) -> None:
    os.kill(holder.process.pid, signal.SIGCONT)
    assert holder.line.recv() == "done"
    assert holder.end() == 0


def _forms(server: Server, path: str) -> list[tuple[Guest, dict[str, str]]]:
    """Guests who have the form before them, filled in."""
    opened = []
    for number in range(GUESTS):
        guest = server.guest()
        opened.append((guest, fields_of(guest.form(path), number)))
    return opened


def _send_all(path: str, forms: list[tuple[Guest, dict[str, str]]]) -> list[Answer]:
    """All send at the same time."""
    answers: list[Answer] = []

    def send(guest: Guest, fields: dict[str, str]) -> None:
        answers.append(guest.post(path, fields))

    threads = [threading.Thread(target=send, args=form) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _counts() -> tuple[int, int, int, int]:
    """Registrations, people, mails, and seats taken."""
    db.session.rollback()
    tables = (Registration, Attendee, Message)
    numbers = [db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables]
    return (*numbers, db.session.scalars(sa.select(SeatPool.taken)).one())


WAYS = [
    pytest.param("sqlite", holding.amid_a_change, id="sqlite-amid_a_change"),
    pytest.param("sqlite", holding.with_the_file_locked, id="sqlite-with_the_file_locked"),
    pytest.param("postgresql", holding.amid_a_change, id="postgresql-amid_a_change"),
]


@pytest.mark.parametrize(("backend", "hold"), WAYS)
def test_while_a_lock_holder_stands_still_everybody_else_is_told_in_time(
    app: Flask, tmp_path: Path, hold: Hold
) -> None:
    """A process is stopped (SIGSTOP) with the write lock, or with the event's rows on PostgreSQL.

    Must hold: guests who send a form meanwhile read 503 with a word within their patience, with all
    that they typed; whoever only reads is served at once; nothing is half done; when the holder goes on, it ends
    its change, and the same forms sent again are registered, once each.
    """
    event = _event()
    path = f"/events/{event.slug}/register"
    with served(app, tmp_path, WEB_PROCESSES=str(GUESTS + 1)) as server:
        forms = _forms(server, path)
        with _frozen(app, event, hold) as holder:
            reading: list[Answer] = []
            reader = threading.Timer(1.0, lambda: reading.append(server.guest().get(path)))
            reader.start()
            refused = _send_all(path, forms)
            reader.join()
            at_rest = _counts()
            _go_on(holder)
        again = _send_all(path, forms)

    assert [answer.status for answer in refused] == [503] * GUESTS
    assert max(answer.seconds for answer in refused) < IN_TIME
    assert all("try again in a moment" in answer.text for answer in refused)
    assert {answer.retry_after for answer in refused} == {"5"}
    assert all("Tehnika Žagar" in answer.text for answer in refused)
    assert reading[0].status == 200
    assert reading[0].seconds < 4
    assert at_rest == (0, 0, 0, 0)
    assert [answer.status for answer in again] == [303] * GUESTS
    assert _counts() == (GUESTS,) * 4


def test_a_lock_holder_that_is_killed_leaves_neither_its_lock_nor_its_change(
    app: Flask, tmp_path: Path
) -> None:
    """SIGKILL to the stopped process.

    Must hold: the next form is registered at once, and what the dead one had begun is undone.
    """
    event = _event()
    path = f"/events/{event.slug}/register"
    with served(app, tmp_path) as server:
        (form, *_others) = _forms(server, path)
        with _frozen(app, event, holding.amid_a_change) as holder:
            os.kill(holder.process.pid, signal.SIGKILL)
            holder.end()
            (answer,) = _send_all(path, [form])

    assert answer.status == 303
    assert answer.seconds < 4
    assert _counts() == (1, 1, 1, 1)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_control_without_its_patience_a_guest_would_hang(app: Flask) -> None:
    """The control: with PostgreSQL's own default (no lock_timeout) the same lock keeps one waiting."""
    event = _event()
    db.session.remove()
    with _frozen(app, event, holding.amid_a_change) as holder:
        waiting = threading.Thread(target=_wait_for, args=(app, event.id))
        waiting.start()
        waiting.join(7)
        hung = waiting.is_alive()
        _go_on(holder)
        waiting.join(30)

    assert (hung, waiting.is_alive()) == (True, False)


def _wait_for(app: Flask, event_id: int) -> None:
    with app.app_context(), db.engine.connect() as connection, connection.begin():
        connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
        locked = sa.text("SELECT id FROM events WHERE id = :id FOR UPDATE")
        connection.execute(locked, {"id": event_id})


if IS_LONG:  # it waits for a minute

    @pytest.mark.parametrize("backend", ["postgresql"])
    def test_postgresql_frees_itself_of_a_holder_that_never_goes_on(
        app: Flask, tmp_path: Path
    ) -> None:
        """The holder stands still for good.

        Must hold: PostgreSQL ends its transaction after a minute, and registrations go on by themselves.
        """
        event = _event()
        path = f"/events/{event.slug}/register"
        with served(app, tmp_path) as server:
            (form, *_others) = _forms(server, path)
            with _frozen(app, event, holding.amid_a_change):
                began = time.monotonic()
                answer = until(lambda: _registered(path, form), "it never goes on", patience=90)
                took = time.monotonic() - began

        assert answer.status == 303
        assert took > 30
        assert _counts() == (1, 1, 1, 1)


def _registered(path: str, form: tuple[Guest, dict[str, str]]) -> Answer | None:
    (answer,) = _send_all(path, [form])
    return answer if answer.status == 303 else None
