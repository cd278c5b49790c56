"""Decisions of organisers about those who applied."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.events.enums import WaitingListMode
from event_mgmt.mail.models import Message
from event_mgmt.privacy import service as privacy
from event_mgmt.registrations import commands
from event_mgmt.registrations.commands import DecisionOutcome
from event_mgmt.registrations.enums import Status
from tests.builders import a_registration, an_event
from tests.readers import fresh, taken

DESK = Actor.user(1)


def test_decisions_give_seats_in_the_order_of_arrival(app: Flask, now: datetime) -> None:
    event = an_event(seats=2, approval_needed=True)
    asked = [
        a_registration(event, status=Status.PENDING, created_at=now + timedelta(seconds=n))
        for n in range(3)
    ]
    ids = [r.id for r in asked]

    decided = commands.decide(reversed_ids(ids), accept=True, reason="", by=DESK, now=now)

    assert decided == DecisionOutcome(confirmed=tuple(ids[:2]), waitlisted=(ids[2],))
    assert taken(event) == 2


def reversed_ids(ids: list[int]) -> list[int]:
    return list(reversed(ids))


def test_a_declined_application_hears_the_reason(app: Flask, now: datetime) -> None:
    event = an_event(approval_needed=True)
    asked = a_registration(event, status=Status.PENDING)

    decided = commands.decide([asked.id], accept=False, reason="Zu viele", by=DESK, now=now)

    assert decided.declined == (asked.id,)
    message = db.session.scalars(select(Message)).one()
    assert (message.kind, message.facts) == ("registration_declined", {"reason": "Zu viele"})


def test_a_no_can_be_taken_back(app: Flask, now: datetime) -> None:
    event = an_event(approval_needed=True)
    asked = a_registration(event, status=Status.DECLINED)

    decided = commands.decide([asked.id], accept=True, reason="", by=DESK, now=now)

    assert decided.confirmed == (asked.id,)


def test_what_cannot_be_decided_stays_as_it_is(app: Flask, now: datetime) -> None:
    event = an_event(seats=1, approval_needed=True, waiting_list=WaitingListMode.OFF)
    sure = a_registration(event)
    asked = a_registration(event, status=Status.PENDING)

    decided = commands.decide([sure.id, asked.id], accept=True, reason="", by=DESK, now=now)

    assert decided.refused == (sure.id, asked.id)
    assert fresh(asked).status is Status.PENDING


def test_a_decision_reaches_no_registration_of_another_event(app: Flask, now: datetime) -> None:
    event, other = an_event(approval_needed=True), an_event(approval_needed=True)
    foreign = a_registration(other, status=Status.PENDING)

    decided = commands.decide(
        [foreign.id], accept=True, reason="", by=DESK, now=now, event_id=event.id
    )

    assert decided == DecisionOutcome()
    assert fresh(foreign).status is Status.PENDING


def test_one_erased_registration_among_those_picked_keeps_no_other_from_a_decision(
    app: Flask, now: datetime
) -> None:
    event = an_event()
    gone, other = (a_registration(event, status=s) for s in (Status.DECLINED, Status.PENDING))
    privacy.erase_person(gone.email, by=DESK, now=now)

    decided = commands.decide([gone.id, other.id], accept=True, reason="", by=DESK, now=now)

    assert decided == DecisionOutcome(confirmed=(other.id,), refused=(gone.id,))
