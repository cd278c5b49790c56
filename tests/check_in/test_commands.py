"""Checking people in: once, on record, and only those who are expected; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.service import Actor
from event_mgmt.check_in import commands as door
from event_mgmt.check_in.models import DoorAction
from event_mgmt.check_in.refusals import DoorClosed, NotExpected
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Attendee
from tests.builders import NOW, a_registration, a_user, an_event, saved
from tests.readers import actions

LATER = NOW + timedelta(minutes=5)


def _tonight(**given: object) -> Event:
    return an_event(starts_at=NOW + timedelta(hours=1), **given)


def _arrived_at(attendee: Attendee) -> object:
    db.session.expire_all()
    return db.session.get_one(Attendee, attendee.id).checked_in_at


def test_a_second_press_keeps_the_first_time_and_leaves_one_entry(app: Flask) -> None:
    event = _tonight()
    guest = a_registration(event).attendees[0]
    by = Actor.user(a_user(event.host).id)

    for now in (NOW, LATER):
        door.check_in(guest.id, event_id=event.id, by=by, now=now)

    assert _arrived_at(guest) == NOW
    assert actions() == ["attendee.checked_in"]


def test_it_is_taken_back_and_taking_it_back_twice_does_no_harm(app: Flask) -> None:
    event = _tonight()
    guest = a_registration(event).attendees[0]
    by = Actor.user(a_user(event.host).id)
    door.check_in(guest.id, event_id=event.id, by=by, now=NOW)

    for _press in range(2):
        door.undo_check_in(guest.id, event_id=event.id, by=by, now=LATER)

    assert _arrived_at(guest) is None
    assert actions() == ["attendee.checked_in", "attendee.check_in_undone"]


def test_everybody_of_a_party_arrives_alone(app: Flask) -> None:
    event = _tonight()
    contact, companion = a_registration(event, companions=1).attendees
    by = Actor.user(a_user(event.host).id)

    door.check_in(companion.id, event_id=event.id, by=by, now=NOW)

    assert (_arrived_at(contact), _arrived_at(companion)) == (None, NOW)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.CONFIRMED])
def test_whoever_has_no_confirmed_seat_is_not_checked_in(app: Flask, status: Status) -> None:
    event = _tonight()
    guest = a_registration(event, status=status).attendees[0]
    by = Actor.user(a_user(event.host).id)

    with pytest.raises(NotExpected):
        door.check_in(guest.id, event_id=event.id, by=by, now=NOW)

    assert _arrived_at(guest) is None


def test_the_door_opens_the_day_before_and_stays_open_for_paper_lists(app: Flask) -> None:
    event = an_event(starts_at=NOW + timedelta(days=2))
    guest = a_registration(event).attendees[0]
    by = Actor.user(a_user(event.host).id)

    with pytest.raises(DoorClosed):
        door.check_in(guest.id, event_id=event.id, by=by, now=NOW)
    event.status = EventStatus.FINISHED
    saved(event)
    door.check_in(guest.id, event_id=event.id, by=by, now=NOW + timedelta(days=9))

    assert _arrived_at(guest) == NOW + timedelta(days=9)


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.POSTPONED])
def test_nobody_arrives_at_an_event_that_is_off(app: Flask, status: EventStatus) -> None:
    event = _tonight(status=status)
    guest = a_registration(event).attendees[0]
    by = Actor.user(a_user(event.host).id)

    with pytest.raises(DoorClosed):
        door.check_in(guest.id, event_id=event.id, by=by, now=NOW)


def test_the_guest_of_another_event_is_missing(app: Flask) -> None:
    event, guest = _tonight(), a_registration(_tonight()).attendees[0]
    by = Actor.user(a_user(event.host).id)

    for verb in (door.check_in, door.undo_check_in):
        with pytest.raises(Missing):
            verb(guest.id, event_id=event.id, by=by, now=NOW)


def test_what_was_done_is_added_and_never_changed(app: Flask) -> None:
    event = _tonight()
    guest = a_registration(event).attendees[0]
    by = Actor.user(a_user(event.host).id)

    door.check_in(guest.id, event_id=event.id, by=by, now=NOW)
    door.undo_check_in(guest.id, event_id=event.id, by=by, now=LATER)
    door.check_in(guest.id, event_id=event.id, by=by, now=LATER)

    first, undone, again = db.session.scalars(select(DoorAction).order_by(DoorAction.id))
    assert [each.kind for each in (first, undone, again)] == ["in", "undo", "in"]
    assert undone.refers_to_id == first.id
    assert {each.user_id for each in (first, undone, again)} == {by.user_id}
    assert len({each.client_id for each in (first, undone, again)}) == 3
    assert _arrived_at(guest) == LATER


def test_an_arrival_that_the_version_before_noted_is_taken_back_all_the_same(app: Flask) -> None:
    event = _tonight()
    guest = a_registration(event).attendees[0]
    guest.checked_in_at = NOW
    saved(guest)
    by = Actor.user(a_user(event.host).id)

    door.check_in(guest.id, event_id=event.id, by=by, now=LATER)
    assert _arrived_at(guest) == NOW, "a second press changes nothing"
    door.undo_check_in(guest.id, event_id=event.id, by=by, now=LATER)

    assert _arrived_at(guest) is None
    assert db.session.scalars(select(DoorAction.refers_to_id)).all() == [None]
