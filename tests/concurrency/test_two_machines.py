"""Two machines with web processes, three workers that keep dying, one PostgreSQL, one relay."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask, current_app
from sqlalchemy import func, select

from event_mgmt.accounts import passwords
from event_mgmt.accounts.models import Role
from event_mgmt.core import tokens
from event_mgmt.core.database import db
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.models import Registration
from tests.builders import a_user, an_event, an_organisation
from tests.concurrency.machines import Machine, two_machines
from tests.conftest import make_app
from tests.serving.processes import Process, free_port, until
from tests.shared_databases import empty

pytestmark = pytest.mark.processes

PASSWORD = "vier pferde am rhein"
GUESTS, CLIENTS, KILLS = 60, 4, 8
DONE = {MessageState.SENT, MessageState.UNCERTAIN}


@dataclass
class Sink:
    """An SMTP server that takes everything, after ``seconds`` each."""

    seconds: float = 0.02
    copies: Counter[str] = field(default_factory=Counter)
    letters: dict[str, list[str]] = field(default_factory=dict)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        letter = message_from_bytes(envelope.content)
        self.copies[letter["Message-ID"]] += 1
        self.letters.setdefault(envelope.rcpt_tos[0], []).append(letter["Message-ID"])
        await asyncio.sleep(self.seconds)
        return "250 taken"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    """The sink and its port; it is reached from all networks of this machine's own."""
    handler = Sink()
    controller = Controller(handler, hostname="0.0.0.0", port=free_port())
    controller.start()
    yield handler, controller.port
    controller.stop()


@dataclass
class House:
    """One system on two machines, seen from inside as well."""

    machines: tuple[Machine, Machine]
    sink: Sink

    def start_worker(self, machine: Machine, control: str = "") -> Process:
        """A mail worker on this machine."""
        return machine.start("tests.concurrency.hasty_worker", *([control] if control else []))

    def states(self) -> Counter[MessageState]:
        """How many messages are in which state."""
        db.session.rollback()
        found = db.session.execute(select(Message.state, func.count()).group_by(Message.state))
        states = Counter(dict(found.all()))
        db.session.rollback()
        return states

    def is_done(self) -> bool:
        """Whether nothing waits any more, and nothing is on its way."""
        return set(self.states()) <= DONE


@pytest.fixture
def house(postgresql_url: str, tmp_path: Path, sink: tuple[Sink, int]) -> Iterator[House]:
    """The house with its web processes running, and its database emptied."""
    handler, relay_port = sink
    key = {"SECRET_KEY": "two machines, one key: 4f9c1e70b2a8d365"}
    app: Flask = make_app(tmp_path / "inside", postgresql_url, **key)
    empty(app)
    with (
        app.app_context(),
        two_machines(tmp_path, postgresql_url, relay_port, **key) as machines,
    ):
        for machine in machines:
            machine.serve()
        yield House(machines, handler)
        db.session.remove()
        db.engine.dispose()


def register(machine: Machine, slug: str, number: int) -> bool:
    """Register by the full form, and read the page that says that it was done."""
    guest = machine.visitor(from_address=f"198.51.100.{number % 250}")
    sent = guest.submit(
        f"/events/{slug}/register",
        {
            "given_name": "Ana",
            "family_name": f"Novak {number}",
            "email": f"ana-{number}@example.org",
            "organisation": "Tehnika d.o.o.",
            "country": "SI",
        },
    )
    return sent.status == 303 and guest.get(sent.location).status == 200


def register_all(house: House, slug: str, numbers: range) -> list[int]:
    """Several clients register guests, each in turn at both machines; who was acknowledged."""
    acknowledged: list[int] = []
    todo = itertools.chain(numbers)
    lock = threading.Lock()

    def client() -> None:
        while True:
            with lock:
                number = next(todo, None)
            if number is None:
                return
            if register(house.machines[number % 2], slug, number):
                acknowledged.append(number)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return acknowledged


class Reaper(threading.Thread):
    """Kills one worker after another, at moments that the dice choose, and starts a new one.

    It strikes after some more letters have arrived, so that workers are at work when it does.
    """

    def __init__(self, house: House, seed: int) -> None:
        super().__init__()
        self._house = house
        self._dice = random.Random(seed)
        self.workers = [house.start_worker(house.machines[n % 2]) for n in range(3)]
        self.kills = 0

    def run(self) -> None:
        while self.kills < KILLS:
            self._wait_for_letters(self._dice.randrange(1, 8))
            time.sleep(self._dice.uniform(0, self._house.sink.seconds))
            victim = self._dice.randrange(3)
            self.workers[victim].kill()
            self.kills += 1
            self.workers[victim] = self._house.start_worker(self._dice.choice(self._house.machines))

    def _wait_for_letters(self, more: int) -> None:
        sink, deadline = self._house.sink, time.monotonic() + 10
        wanted = sink.copies.total() + more
        while sink.copies.total() < wanted and time.monotonic() < deadline:
            time.sleep(0.005)


@pytest.mark.parametrize("seed", [20270112])
def test_whatever_workers_are_killed_every_guest_gets_the_mail_and_none_three_times(
    house: House, seed: int
) -> None:
    house.sink.seconds = 0.1
    event = an_event(seats=GUESTS)
    reaper = Reaper(house, seed)
    reaper.start()

    acknowledged = register_all(house, event.slug, range(GUESTS))
    reaper.join(120)
    until(house.is_done, f"messages wait: {house.states()}", patience=60)

    assert sorted(acknowledged) == list(range(GUESTS))
    assert reaper.kills == KILLS
    _each_has_one_row_and_one_message()
    assert db.session.scalars(select(SeatPool.taken)).one() == GUESTS
    _none_is_lost_and_none_came_three_times(house)


def _each_has_one_row_and_one_message() -> None:
    expected = {f"ana-{number}@example.org" for number in range(GUESTS)}
    registered = db.session.scalars(select(Registration.email)).all()
    assert sorted(registered) == sorted(expected)
    messages = db.session.execute(select(Message.kind, Message.to_address)).all()
    assert Counter(messages) == Counter(("registration_confirmed", each) for each in expected)


def _none_is_lost_and_none_came_three_times(house: House) -> None:
    """A message that may have come twice is parked as uncertain, and an organiser is told."""
    states = dict(db.session.execute(select(Message.to_address, Message.state)).all())
    for address, state in states.items():
        ids = house.sink.letters.get(address, [])
        least = 1 if state is MessageState.SENT else 0
        assert least <= len(ids) <= 2, f"{address}: {len(ids)} copies, {state}"
        assert len(set(ids)) <= 1, "copies of one message have one Message-ID"
    uncertain = sum(state is MessageState.UNCERTAIN for state in states.values())
    assert uncertain <= KILLS // 2, "it takes two kills to put one in doubt for good"
    most = db.session.execute(select(func.max(Message.attempts))).scalar_one()
    assert most > 1, "no kill has struck a worker at work: this proved nothing"


def test_control_workers_that_do_not_claim_send_the_same_mail_several_times(house: House) -> None:
    house.sink.seconds = 0.3
    event = an_event(seats=9)
    assert len(register_all(house, event.slug, range(9))) == 9

    for number in range(3):
        house.start_worker(house.machines[number % 2], "without_claim")
    until(house.is_done, "messages wait", patience=60)

    assert max(house.sink.copies.values()) > 1


def test_a_session_of_one_machine_is_good_on_the_other_and_ends_on_both(house: House) -> None:
    here, there = house.machines
    user = a_user(an_organisation(), Role.ADMINISTRATOR, password_hash=passwords.hash_of(PASSWORD))
    visitor = here.visitor()
    assert visitor.at(there).get("/desk/").status == 302

    signed = visitor.submit("/login", {"email": user.email, "password": PASSWORD})
    assert signed.status == 302
    assert visitor.get("/desk/").status == 200
    assert visitor.at(there).get("/desk/").status == 200

    copied = dict(visitor.cookies)
    desk = visitor.at(there).get("/desk/")
    token = re.findall(r'name="csrf_token"[^>]*? value="([^"]+)"', desk.text)[0]
    assert visitor.at(there).post("/logout", {"csrf_token": token}).status == 302
    visitor.cookies.update(copied)
    assert visitor.get("/desk/").status == 302, "the copied cookie lives on"


def test_tries_are_counted_over_both_machines(house: House) -> None:
    user = a_user(password_hash=passwords.hash_of(PASSWORD))
    visitor = house.machines[0].visitor()

    def guess(number: int, password: str) -> str:
        at = visitor.at(house.machines[number % 2])
        return at.submit("/login", {"email": user.email, "password": password}).text

    for number in range(10):
        assert "Too many attempts" not in guess(number, f"wrong guess {number}"), number

    assert "Too many attempts" in guess(10, "one more")
    assert "Too many attempts" in guess(11, PASSWORD)
    elsewhere = house.machines[0].visitor(from_address="203.0.113.9")
    signed = elsewhere.submit("/login", {"email": user.email, "password": PASSWORD})
    assert signed.status == 302, "another address pays for it"


def test_a_personal_link_of_one_machine_opens_on_the_other(house: House) -> None:
    event: Event = an_event()
    here, there = house.machines
    assert register(here, event.slug, 1)
    db.session.rollback()
    registration = db.session.scalars(select(Registration)).one()
    with current_app.test_request_context():
        token = tokens.sign("registration", registration.id, registration.link_version)
    visitor = there.visitor()

    opened = visitor.get(f"/registration/{token}")

    assert opened.status == 303
    assert "Novak 1" in visitor.get(opened.location).text
