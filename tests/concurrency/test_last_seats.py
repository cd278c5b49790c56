"""Two hundred at once for the last seven seats, from several processes, on both databases."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from event_mgmt.core.database import db
from event_mgmt.events.enums import WaitingListMode
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message
from event_mgmt.registrations.enums import HOLDS_SEATS, Status
from event_mgmt.registrations.models import Registration
from tests.builders import an_event
from tests.concurrency.rush import work
from tests.faults.forked import forked

PROCESSES, THREADS, SEATS = 4, 50, 7


def rush(app: Flask, event: Event, way: str, now: datetime) -> Counter[str]:
    """Let four processes of fifty threads each do ``way`` at once; how often each outcome came."""
    order: dict[str, Any] = {
        "way": way,
        "event_id": event.id,
        "pool_id": event.pools[0].id,
        "seats": SEATS,
        "threads": THREADS,
        "now": now.isoformat(),
        "instance": app.instance_path,
        "database_url": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    db.session.remove()
    with ExitStack() as stack:
        running = [
            stack.enter_context(forked(work, {**order, "first": number * THREADS}))
            for number in range(PROCESSES)
        ]
        assert [process.line.recv() for process in running] == ["ready"] * PROCESSES
        for process in running:
            process.line.send("go")
        outcomes = [process.line.recv() for process in running]
        assert [process.end() for process in running] == [0] * PROCESSES
    return Counter(outcome for some in outcomes for outcome in some)


def seats_held(event: Event) -> tuple[int, int]:
    """The seats that the pool counts, and those that registrations hold."""
    counted = db.session.execute(
        select(SeatPool.taken).where(SeatPool.event_id == event.id)
    ).scalar_one()
    held = db.session.execute(
        select(func.coalesce(func.sum(Registration.seats), 0)).where(
            Registration.event_id == event.id, Registration.status.in_(HOLDS_SEATS)
        )
    ).scalar_one()
    return counted, held


def test_two_hundred_at_the_last_seven_seats_get_exactly_seven(app: Flask, now: datetime) -> None:
    event = an_event(seats=SEATS, waiting_list=WaitingListMode.OFF)

    outcomes = rush(app, event, "fair", now)

    assert outcomes == {"confirmed": SEATS, "refused: EventFull": 200 - SEATS}
    assert seats_held(event) == (SEATS, SEATS)
    messages = db.session.execute(select(func.count()).select_from(Message)).scalar_one()
    assert messages == SEATS


def test_with_a_waiting_list_nobody_is_lost(app: Flask, now: datetime) -> None:
    event = an_event(seats=SEATS)

    outcomes = rush(app, event, "fair", now)

    assert outcomes == {"confirmed": SEATS, "waitlisted": 200 - SEATS}
    assert seats_held(event) == (SEATS, SEATS)


def test_counting_first_and_inserting_then_sells_seats_twice(app: Flask, now: datetime) -> None:
    """The control: were the rush too tame to oversell, the tests above would prove nothing."""
    event = an_event(seats=SEATS, waiting_list=WaitingListMode.OFF)

    outcomes = rush(app, event, "counting", now)

    assert outcomes["confirmed"] > SEATS


def test_one_form_sent_two_hundred_times_at_once_is_one_registration(
    app: Flask, now: datetime
) -> None:
    event = an_event(seats=300)

    outcomes = rush(app, event, "same_form", now)

    assert list(outcomes.values()) == [200], outcomes
    assert seats_held(event) == (1, 1)


def test_one_person_in_two_hundred_windows_is_one_registration(app: Flask, now: datetime) -> None:
    event = an_event(seats=300)

    outcomes = rush(app, event, "same_person", now)

    assert outcomes == {"confirmed": 200}
    assert seats_held(event) == (1, 1)
    kinds = Counter(db.session.scalars(select(Message.kind)))
    assert kinds == {"registration_confirmed": 1, "registration_again": 1}
    statuses = db.session.scalars(select(Registration.status)).all()
    assert statuses == [Status.CONFIRMED]
