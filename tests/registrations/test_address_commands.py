"""Confirming the address."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events import service as events
from event_mgmt.events.enums import WaitingListMode
from event_mgmt.mail.models import Message
from event_mgmt.registrations import address_commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.refusals import EventFull, RegistrationClosed
from tests.builders import a_registration, an_event
from tests.readers import fresh, kinds_to, taken
from tests.registrations.parties import a_party, enter

DESK = Actor.user(1)


def test_a_confirmed_address_gets_its_seats(app: Flask, now: datetime) -> None:
    event = an_event(seats=1, address_check=True)
    registration = enter(event, a_party(), now)

    address_commands.confirm_address(registration.id, now=now)
    address_commands.confirm_address(registration.id, now=now)

    assert fresh(registration).status is Status.CONFIRMED
    assert taken(event) == 1
    assert kinds_to(registration) == ["address_check", "registration_confirmed"]


def test_an_address_is_confirmed_while_the_event_has_no_date(app: Flask, now: datetime) -> None:
    event = an_event(seats=1, address_check=True)
    registration = enter(event, a_party(), now)
    events.postpone(event.id, by=DESK, now=now)

    address_commands.confirm_address(registration.id, now=now)
    address_commands.process_unconfirmed(now + timedelta(days=4))

    assert fresh(registration).status is Status.CONFIRMED
    assert taken(event) == 1


def test_an_address_is_confirmed_for_nothing_once_the_event_is_off(
    app: Flask, now: datetime
) -> None:
    event = an_event(seats=1, address_check=True)
    registration = enter(event, a_party(), now)
    events.cancel(event.id, reason=Localized(), by=DESK, now=now)

    with pytest.raises(RegistrationClosed):
        address_commands.confirm_address(registration.id, now=now)

    assert taken(event) == 0


def test_a_confirmed_address_may_still_await_a_decision(app: Flask, now: datetime) -> None:
    event = an_event(address_check=True, approval_needed=True)
    registration = enter(event, a_party(), now)

    address_commands.confirm_address(registration.id, now=now)

    assert fresh(registration).status is Status.PENDING


def test_whoever_confirms_too_late_for_the_last_seat_is_told(app: Flask, now: datetime) -> None:
    event = an_event(seats=1, address_check=True, waiting_list=WaitingListMode.OFF)
    registration = enter(event, a_party(), now)
    a_registration(event)

    with pytest.raises(EventFull):
        address_commands.confirm_address(registration.id, now=now)

    assert fresh(registration).address_confirmed_at == now


def test_an_address_nobody_confirms_is_given_up_without_a_word(app: Flask, now: datetime) -> None:
    event = an_event(address_check=True)
    registration = enter(event, a_party(), now)

    address_commands.process_unconfirmed(now + timedelta(hours=71))
    before = fresh(registration).status
    address_commands.process_unconfirmed(now + timedelta(hours=72))

    assert before is Status.UNCONFIRMED
    over = fresh(registration)
    assert (over.status, over.email, over.mailbox) == (Status.CANCELLED, "", "")
    assert over.attendees[0].family_name == ""
    left = db.session.execute(select(Message.kind, Message.to_address, Message.to_name)).all()
    assert [tuple(row) for row in left] == [("address_check", "", "")]
