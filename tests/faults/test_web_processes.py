"""Web processes that are killed amid registrations: the real server, real HTTP, both databases."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message
from event_mgmt.registrations.enums import HOLDS_SEATS, Status
from event_mgmt.registrations.models import Attendee, Registration
from tests.builders import an_event
from tests.faults.guests import fields_of
from tests.faults.long_form import IS_LONG, seeds
from tests.faults.serving import served
from tests.serving.guests import Answer, Guest, NoAnswer
from tests.serving.processes import kill, until
from tests.serving.server import Server

pytestmark = pytest.mark.processes

GUESTS = 500 if IS_LONG else 200
CLIENTS, SEATS = 8, 2 * GUESTS


def _event(seats: int = SEATS) -> Event:
    return an_event(seats=seats, starts_at=utc_now() + timedelta(days=30), published_at=utc_now())


@dataclass
class Crowd:
    """Guests who register while the server's processes are killed under them.

    Of those whose answer is lost, half send the same form again until they have an answer, and
    half walk away.
    """

    server: Server
    path: str
    seed: int
    acknowledged: set[int] = field(default_factory=set)
    resent: set[int] = field(default_factory=set)
    abandoned: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    kills: int = 0

    def register(self) -> None:
        """Let everybody register; a restart of the whole system comes in the middle."""
        numbers = iter(range(GUESTS))
        turn = threading.Lock()

        def client() -> None:
            while (number := _next(turn, numbers)) is not None:
                try:
                    self._one(number)
                except Exception as error:
                    self.faults.append(f"guest {number}: {type(error).__name__}: {error}")

        clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for thread in clients:
            thread.start()
        self._kill_while(clients)
        for thread in clients:
            thread.join()

    def _kill_while(self, clients: list[threading.Thread]) -> None:
        """Kill one process at a random moment after every few registrations."""
        dice = random.Random(self.seed)
        restarted = False
        wait_for = 0
        while any(thread.is_alive() for thread in clients):
            if len(self.acknowledged) < wait_for:
                time.sleep(0.01)
                continue
            wait_for = len(self.acknowledged) + dice.randint(5, 40)
            time.sleep(dice.uniform(0, 0.1))
            if not restarted and len(self.acknowledged) > GUESTS / 2:
                restarted = True
                self.server.kill_everything()
                self.server.start()
            elif processes := self.server.web_processes():
                kill(dice.choice(processes))
                self.kills += 1

    def _one(self, number: int) -> None:
        guest = self.server.guest()
        hidden = until(lambda: _hidden(guest, self.path), "no form")
        fields = fields_of(hidden, number, companions=number % 3)
        try:
            answer = guest.post(self.path, fields)
        except NoAnswer:
            if number % 2:
                self.abandoned.add(number)
                return
            self.resent.add(number)
            answer = until(lambda: _sent(guest, self.path, fields), "no answer")
        assert answer.status == 303, answer.status
        self.acknowledged.add(number)


def _next(turn: threading.Lock, numbers: object) -> int | None:
    with turn:
        return next(numbers, None)


def _hidden(guest: Guest, path: str) -> dict[str, str] | None:
    try:
        return guest.form(path)
    except NoAnswer:
        return None


def _sent(guest: Guest, path: str, fields: dict[str, str]) -> Answer | None:
    try:
        return guest.post(path, fields)
    except NoAnswer:
        return None


def _guests_of(event: Event) -> Counter[str]:
    """How many registrations each address has; whatever is half done fails here."""
    db.session.rollback()
    rows = db.session.execute(
        select(Registration.id, Registration.email, Registration.seats).where(
            Registration.event_id == event.id
        )
    ).all()
    counted = lambda column: dict(  # noqa: E731 - a name for one expression
        db.session.execute(select(column, func.count()).group_by(column)).all()
    )
    people, mails = counted(Attendee.registration_id), counted(Message.registration_id)
    audited = dict(
        db.session.execute(
            select(AuditEntry.subject_id, func.count())
            .where(AuditEntry.action == "registration.entered")
            .group_by(AuditEntry.subject_id)
        ).all()
    )
    for row in rows:
        assert people[row.id] == row.seats
        assert mails[row.id] == 1
        assert audited[row.id] == 1
    assert len(rows) == len(people) == len(mails) == len(audited)
    return Counter(row.email for row in rows)


def _is_anybody_there(event: Event) -> bool:
    """In one statement: what is committed between two would look half done."""
    db.session.rollback()
    wanted = select(Registration.id).where(Registration.event_id == event.id).limit(1)
    return db.session.scalar(wanted) is not None


def _check_seats(event: Event) -> None:
    taken = db.session.scalars(select(SeatPool.taken).filter_by(event_id=event.id)).one()
    held = select(func.sum(Registration.seats)).where(Registration.status.in_(HOLDS_SEATS))
    assert taken == (db.session.scalar(held) or 0)
    assert taken <= SEATS


@pytest.mark.parametrize("seed", seeds(1, long=6))
def test_whenever_web_processes_are_killed_what_was_acknowledged_is_there_and_whole(
    app: Flask, tmp_path: Path, seed: int
) -> None:
    """Parties register while web processes are killed, and once the whole system.

    Must hold: every acknowledged registration is there once, with its people, its one mail row and
    its audit entry; one whose answer was lost is there as whole or not at all; the same form sent
    again gives one registration; the pool counts exactly the seats held, and no more than it has.
    """
    event = _event()
    with served(app, tmp_path) as server:
        crowd = Crowd(server, f"/events/{event.slug}/register", seed)
        crowd.register()

    assert crowd.faults == []
    guests = _guests_of(event)
    assert set(guests.values()) == {1}
    assert {f"guest-{n}@example.org" for n in crowd.acknowledged} <= guests.keys()
    assert crowd.acknowledged | crowd.abandoned == set(range(GUESTS))
    assert set(db.session.scalars(select(Message.kind))) <= {
        "registration_confirmed",
        "registration_waitlisted",
    }
    _check_seats(event)
    assert (crowd.kills > 3, len(crowd.resent) + len(crowd.abandoned) > 3) == (True, True)


def _register_and_kill(server: Server, event: Event, number: int) -> None:
    """Register one guest, and kill the only web process once its answer has arrived."""
    path = f"/events/{event.slug}/register"
    guest = server.guest()
    hidden = until(lambda: _hidden(guest, path), "no form")
    (process,) = until(server.web_processes, "no web process")
    answer = guest.post(path, fields_of(hidden, number))
    kill(process)
    assert answer.status == 303


def test_killed_right_after_its_answer_a_web_process_has_lost_nothing(
    app: Flask, tmp_path: Path
) -> None:
    """Must hold: the answer is never earlier than the commit, mail row included."""
    event = _event()
    with served(app, tmp_path, WEB_PROCESSES="1") as server:
        for number in range(10):
            _register_and_kill(server, event, number)

    assert len(_guests_of(event)) == 10


def test_control_a_server_that_answers_before_it_commits_loses_registrations(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    """The control: with the commit after the answer the same kill loses what was acknowledged."""
    event = _event()
    way = "answers_before_it_commits"
    with served(sqlite_app, tmp_path, way=way, WEB_PROCESSES="1") as server:
        _register_and_kill(server, event, 1)

    assert len(_guests_of(event)) == 0


@pytest.mark.parametrize(
    ("way", "there_at_first"), [("dies_before_commit", 0), ("dies_after_commit", 1)]
)
def test_the_same_form_sent_again_after_a_lost_answer_is_one_registration(
    app: Flask, tmp_path: Path, way: str, there_at_first: int
) -> None:
    """A web process dies at the commit; the guest sends the same form again.

    Must hold: before the second try there is nothing, or the whole registration; after it there is
    exactly one, confirmed to the guest, with one mail and no "you are registered already".
    """
    event = _event()
    path = f"/events/{event.slug}/register"
    with served(app, tmp_path, way=way) as server:
        guest = server.guest()
        fields = fields_of(guest.form(path), 1, companions=2)
        with pytest.raises(NoAnswer):
            guest.post(path, fields)
        assert len(_guests_of(event)) == there_at_first
        _check_seats(event)
    with served(app, tmp_path) as server:
        guest.port = server.port
        answer = guest.post(path, fields)
        receipt = guest.get(answer.location)

    assert (answer.status, receipt.status) == (303, 200)
    assert list(_guests_of(event).values()) == [1]
    assert [m.kind for m in db.session.scalars(select(Message))] == ["registration_confirmed"]
    _check_seats(event)


def test_a_guest_who_hangs_up_and_sends_the_same_form_again_is_registered_once(
    app: Flask, tmp_path: Path
) -> None:
    """The line goes dead on the guest's side, while the server goes on and commits.

    Must hold: the second sending shows the first result.
    """
    event = _event()
    path = f"/events/{event.slug}/register"
    with served(app, tmp_path) as server:
        guest = server.guest()
        fields = fields_of(guest.form(path), 1)
        guest.send_and_leave(path, fields)
        until(lambda: _is_anybody_there(event), "the registration does not come")
        answers = [guest.post(path, fields).status for _ in range(3)]

    assert answers == [303] * 3
    assert list(_guests_of(event).values()) == [1]
    statuses = db.session.scalars(select(Registration.status)).all()
    assert statuses == [Status.CONFIRMED]
