"""The waiting list: in order, parties whole, never at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.events import service as events, signals
from event_mgmt.events.enums import EventStatus, WaitingListMode
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations import commands, offer_commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import persistence
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Person
from event_mgmt.registrations.refusals import NotPossibleNow, OfferExpired
from tests.builders import a_registration, an_event
from tests.readers import taken

DESK = Actor.user(1)


def status_of(registration: Registration) -> Status:
    return db.session.execute(
        select(Registration.status).where(Registration.id == registration.id)
    ).scalar_one()


def one_waits_for_one_seat() -> tuple[Event, Registration, Registration]:
    """An event with one seat, who holds it, and who waits."""
    event = an_event(seats=1)
    return event, a_registration(event), a_registration(event, status=Status.WAITLISTED)


def messages_to(registration: Registration) -> list[Message]:
    return list(
        db.session.scalars(
            select(Message).where(Message.registration_id == registration.id).order_by(Message.id)
        )
    )


def move(event: Event, starts_at: datetime, *, now: datetime) -> None:
    ends_at = starts_at + timedelta(hours=3)
    events.move(event.id, starts_at=starts_at, ends_at=ends_at, by=DESK, now=now)


def test_a_freed_seat_is_offered_to_the_next_in_the_same_step(app: Flask, now: datetime) -> None:
    event, holder, first = one_waits_for_one_seat()
    second = a_registration(event, status=Status.WAITLISTED)

    commands.cancel(holder.id, by=PARTICIPANT, now=now)

    assert status_of(first) is Status.OFFERED
    assert status_of(second) is Status.WAITLISTED
    assert taken(event) == 1
    (offer,) = messages_to(first)
    assert (offer.kind, offer.due_at) == ("seat_offered", now)


def test_where_the_organiser_chose_so_the_next_is_confirmed_at_once(
    app: Flask, now: datetime
) -> None:
    event = an_event(seats=1, waiting_list=WaitingListMode.IMMEDIATE)
    holder = a_registration(event)
    first = a_registration(event, status=Status.WAITLISTED)

    commands.cancel(holder.id, by=PARTICIPANT, now=now)

    assert status_of(first) is Status.CONFIRMED
    assert [m.kind for m in messages_to(first)] == ["registration_confirmed"]


def test_a_party_moves_as_one_and_is_not_passed_by_a_smaller_one(app: Flask, now: datetime) -> None:
    event = an_event(seats=3)
    holder = a_registration(event)
    other = a_registration(event, companions=1)
    large = a_registration(event, status=Status.WAITLISTED, companions=1)
    small = a_registration(event, status=Status.WAITLISTED)

    commands.cancel(holder.id, by=PARTICIPANT, now=now)
    after_one = (status_of(large), status_of(small), taken(event))
    commands.cancel(other.id, by=PARTICIPANT, now=now)

    assert after_one == (Status.WAITLISTED, Status.WAITLISTED, 2)
    assert (status_of(large), status_of(small)) == (Status.OFFERED, Status.OFFERED)
    assert taken(event) == 3


def test_when_the_head_of_the_line_leaves_the_next_is_looked_at(app: Flask, now: datetime) -> None:
    event = an_event(seats=2)
    a_registration(event)
    large = a_registration(event, status=Status.WAITLISTED, companions=1)
    small = a_registration(event, status=Status.WAITLISTED)

    commands.cancel(large.id, by=PARTICIPANT, now=now)

    assert status_of(small) is Status.OFFERED


def test_a_seat_freed_at_night_is_held_at_once_but_offered_in_the_morning(
    app: Flask, now: datetime
) -> None:
    _event, holder, first = one_waits_for_one_seat()
    three_at_night = now.replace(hour=2)

    commands.cancel(holder.id, by=PARTICIPANT, now=three_at_night)

    assert status_of(first) is Status.OFFERED
    (offer,) = messages_to(first)
    assert offer.due_at == now.replace(hour=7)  # 08:00 in Berlin


def test_an_offer_that_ran_out_goes_to_the_next(app: Flask, now: datetime) -> None:
    event = an_event(seats=1)
    late = a_registration(event, status=Status.OFFERED, offer_expires_at=now)
    waiting = a_registration(event, status=Status.WAITLISTED)

    offer_commands.expire_offers(now)
    offer_commands.expire_offers(now)

    assert status_of(late) is Status.CANCELLED
    assert status_of(waiting) is Status.OFFERED
    assert [m.kind for m in messages_to(late)] == ["registration_cancelled"]
    assert len(messages_to(waiting)) == 1
    assert taken(event) == 1


def test_an_offer_that_runs_is_left_alone(app: Flask, now: datetime) -> None:
    event = an_event(seats=1)
    offered = a_registration(
        event, status=Status.OFFERED, offer_expires_at=now + timedelta(seconds=1)
    )

    offer_commands.expire_offers(now)

    assert status_of(offered) is Status.OFFERED


def test_whoever_accepts_in_time_is_confirmed(app: Flask, now: datetime) -> None:
    event = an_event(seats=1)
    offered = a_registration(
        event, status=Status.OFFERED, offer_expires_at=now + timedelta(hours=1)
    )

    offer_commands.accept_offer(offered.id, now=now)
    offer_commands.accept_offer(offered.id, now=now)

    assert status_of(offered) is Status.CONFIRMED
    assert taken(event) == 1
    assert [m.kind for m in messages_to(offered)] == ["registration_confirmed"]


def test_an_answer_after_the_deadline_comes_too_late(app: Flask, now: datetime) -> None:
    event = an_event(seats=1)
    offered = a_registration(event, status=Status.OFFERED, offer_expires_at=now)

    with pytest.raises(OfferExpired):
        offer_commands.accept_offer(offered.id, now=now)

    assert status_of(offered) is Status.OFFERED


def test_only_an_offer_can_be_accepted(app: Flask, now: datetime) -> None:
    event = an_event(seats=1)
    waiting = a_registration(event, status=Status.WAITLISTED)

    with pytest.raises(NotPossibleNow):
        offer_commands.accept_offer(waiting.id, now=now)


def test_a_declined_offer_goes_to_the_next(app: Flask, now: datetime) -> None:
    event = an_event(seats=1)
    offered = a_registration(
        event, status=Status.OFFERED, offer_expires_at=now + timedelta(hours=1)
    )
    waiting = a_registration(event, status=Status.WAITLISTED)

    offer_commands.decline_offer(offered.id, now=now)

    assert status_of(offered) is Status.CANCELLED
    assert status_of(waiting) is Status.OFFERED


def test_more_seats_go_to_those_who_wait(app: Flask, now: datetime) -> None:
    event = an_event(seats=1)
    a_registration(event)
    waiting = [a_registration(event, status=Status.WAITLISTED) for _ in range(3)]

    @transactional
    def add_seats() -> None:
        pool = db.session.get_one(SeatPool, event.pools[0].id)
        pool.capacity = 3
        signals.seats_added.send(None, pool_id=pool.id, by=DESK, now=now)

    add_seats()

    assert [status_of(r) for r in waiting] == [
        Status.OFFERED,
        Status.OFFERED,
        Status.WAITLISTED,
    ]


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"status": EventStatus.CANCELLED}, timedelta(0)),
        ({"waiting_list": WaitingListMode.OFF}, timedelta(0)),
        ({}, timedelta(days=35)),
    ],
)
def test_nobody_is_offered_a_seat_where_there_is_nothing_to_come_to(
    app: Flask, now: datetime, given: dict, at: timedelta
) -> None:
    event = an_event(seats=1, **given)
    holder = a_registration(event)
    waiting = a_registration(event, status=Status.WAITLISTED)

    commands.cancel(holder.id, by=DESK, now=now + at)

    assert status_of(waiting) is Status.WAITLISTED
    assert taken(event) == 0


def test_a_newer_status_withdraws_the_message_about_the_older_one(
    app: Flask, now: datetime
) -> None:
    event = an_event(seats=1)
    offered = a_registration(
        event, status=Status.OFFERED, offer_expires_at=now + timedelta(hours=1)
    )
    offer_commands.accept_offer(offered.id, now=now)

    commands.cancel(offered.id, by=PARTICIPANT, now=now)

    assert [(m.kind, m.state) for m in messages_to(offered)] == [
        ("registration_confirmed", MessageState.WITHDRAWN),
        ("registration_cancelled", MessageState.QUEUED),
    ]


def test_when_the_first_party_grows_and_falls_back_the_next_gets_the_free_seat(
    app: Flask, now: datetime
) -> None:
    event = an_event(seats=2)
    a_registration(event)
    first = a_registration(event, status=Status.WAITLISTED, companions=1)
    second = a_registration(event, status=Status.WAITLISTED)
    party = persistence.party_of(first)
    grown = replace(party, companions=(*party.companions, Person("Ana", "Novak")))

    commands.change(first.id, grown, by=PARTICIPANT, now=now + timedelta(hours=1))

    assert status_of(first) is Status.WAITLISTED
    assert status_of(second) is Status.OFFERED


def test_an_offer_does_not_run_out_while_no_date_is_known_and_can_be_taken(
    app: Flask, now: datetime
) -> None:
    event, holder, first = one_waits_for_one_seat()
    commands.cancel(holder.id, by=PARTICIPANT, now=now)
    events.postpone(event.id, by=DESK, now=now)

    offer_commands.expire_offers(now + timedelta(days=3))
    assert status_of(first) is Status.OFFERED

    offer_commands.accept_offer(first.id, now=now + timedelta(days=3))
    assert status_of(first) is Status.CONFIRMED
    assert taken(event) == 1


def test_with_a_new_date_an_offer_gets_a_new_deadline_and_a_mail(app: Flask, now: datetime) -> None:
    event, holder, first = one_waits_for_one_seat()
    commands.cancel(holder.id, by=PARTICIPANT, now=now)
    events.postpone(event.id, by=DESK, now=now)
    later = now + timedelta(days=3)

    move(event, event.starts_at + timedelta(days=7), now=later)

    registration = db.session.get_one(Registration, first.id, populate_existing=True)
    assert registration.status is Status.OFFERED
    assert registration.offer_expires_at == later + timedelta(hours=24)
    mails = [(m.kind, m.state) for m in messages_to(first)]
    assert mails.count(("seat_offered", MessageState.QUEUED)) == 1
    assert ("event_changed", MessageState.QUEUED) in mails

    offer_commands.expire_offers(later + timedelta(hours=24))
    assert status_of(first) is Status.CANCELLED


def test_no_offer_outlasts_the_start_of_an_event_that_was_moved_forward(
    app: Flask, now: datetime
) -> None:
    event, holder, first = one_waits_for_one_seat()
    commands.cancel(holder.id, by=PARTICIPANT, now=now)

    move(event, now + timedelta(hours=6), now=now + timedelta(hours=1))

    registration = db.session.get_one(Registration, first.id, populate_existing=True)
    assert registration.offer_expires_at == now + timedelta(hours=6)


def test_seats_freed_while_no_date_was_known_are_given_out_with_the_new_one(
    app: Flask, now: datetime
) -> None:
    event, holder, first = one_waits_for_one_seat()
    events.postpone(event.id, by=DESK, now=now)
    commands.cancel(holder.id, by=PARTICIPANT, now=now)
    assert status_of(first) is Status.WAITLISTED

    move(event, event.starts_at + timedelta(days=7), now=now)

    assert status_of(first) is Status.OFFERED
    assert taken(event) == 1
