"""How often strangers' forms reach an address that nobody has confirmed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.registrations import address_commands, commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle.create import Receipt
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Person
from event_mgmt.registrations.refusals import MailedTooOften, WebAddressInName
from tests.builders import an_event
from tests.readers import taken
from tests.registrations.fake_relay import Post
from tests.registrations.parties import a_party

VICTIM = "ana@example.org"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _sent(event: Event, number: int, at: datetime, email: str = VICTIM) -> Receipt:
    party = a_party(given_name=f"Gost {number}", email=email)
    return commands.register_online(event.id, party, nonce=f"form-{number}", now=at)


def _mails() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count(Message.id))).scalar_one()


def _statuses() -> list[Status]:
    db.session.rollback()
    return list(db.session.scalars(select(Registration.status).order_by(Registration.id)))


def _some(event: Event, number: int) -> Registration:
    wanted = select(Registration).filter_by(event_id=event.id, nonce=f"form-{number}")
    return db.session.scalars(wanted).one()


def test_a_hundred_and_twenty_forms_send_three_mails_and_take_three_seats(
    app: Flask, now: datetime
) -> None:
    event = an_event(seats=200)

    receipts = [_sent(event, n, now + n * timedelta(seconds=5)) for n in range(120)]

    assert _mails() == 3
    assert taken(event) == 3
    assert [r.is_mailed for r in receipts] == [True] * 3 + [False] * 117
    assert {r.status for r in receipts[3:]} == {Status.UNCONFIRMED}


def test_spellings_of_one_mailbox_and_many_events_are_counted_together(
    app: Flask, now: datetime
) -> None:
    for n in range(12):
        _sent(an_event(), n, now + n * MINUTE, f"Ana+{n}@Example.org")

    assert _mails() == 3


def test_no_hour_has_more_than_three_and_no_day_more_than_ten(app: Flask, now: datetime) -> None:
    event = an_event(seats=2000)
    sent_at: list[datetime] = []
    for n in range(3 * 24 * 6):
        at = now + n * 10 * MINUTE
        if _sent(event, n, at).is_mailed:
            sent_at.append(at)

    for at in sent_at:
        assert sum(at <= other < at + HOUR for other in sent_at) <= 3
        assert sum(at <= other < at + DAY for other in sent_at) <= 10
    assert 30 <= len(sent_at) <= 33


def test_the_same_person_again_and_again_is_no_way_around(app: Flask, now: datetime) -> None:
    events = [an_event() for _ in range(8)]
    for event in events:
        for again in range(3):
            party = a_party(email=VICTIM)
            commands.register_online(event.id, party, nonce=f"{event.id}-{again}", now=now)

    assert _mails() == 3


def test_what_waited_goes_on_in_order_once_the_address_is_confirmed(
    app: Flask, now: datetime
) -> None:
    event = an_event(seats=5)
    for n in range(7):
        _sent(event, n, now + n * MINUTE)
    address_commands.process_unconfirmed(now + HOUR)
    assert _mails() == 3

    address_commands.confirm_address(_some(event, 0).id, now=now + HOUR)
    address_commands.process_unconfirmed(now + HOUR)
    address_commands.process_unconfirmed(now + HOUR)

    assert _statuses() == [Status.CONFIRMED] * 5 + [Status.WAITLISTED] * 2
    assert _mails() == 7


def test_where_each_registration_is_confirmed_by_itself_only_the_mails_go_out(
    app: Flask, now: datetime
) -> None:
    event = an_event(address_check=True)
    for n in range(5):
        _sent(event, n, now)

    address_commands.confirm_address(_some(event, 1).id, now=now)
    address_commands.process_unconfirmed(now)

    assert sorted(_statuses()) == [Status.CONFIRMED] + [Status.UNCONFIRMED] * 4
    kinds = list(db.session.scalars(select(Message.kind)))
    assert kinds.count("address_check") == 5


@pytest.mark.parametrize("deed", ["change", "cancel"])
def test_whatever_is_done_through_the_personal_link_confirms_the_address(
    app: Flask, now: datetime, deed: str
) -> None:
    event = an_event(seats=40)
    _sent(event, 0, now)
    first = _some(event, 0)

    if deed == "change":
        party = a_party(given_name="Gost 0", email=VICTIM, function="Direktorin")
        commands.change(first.id, party, by=PARTICIPANT, now=now)
    else:
        commands.cancel(first.id, by=PARTICIPANT, now=now)
    receipts = [_sent(event, n, now) for n in range(1, 31)]

    assert all(r.is_mailed and r.status is Status.CONFIRMED for r in receipts)


def test_what_an_organiser_does_confirms_no_address_and_is_not_limited(
    app: Flask, now: datetime
) -> None:
    event = an_event(seats=40)
    desk = Actor.user(1)
    for n in range(6):
        party = a_party(given_name=f"Gost {n}", email=VICTIM)
        commands.register(event.id, party, nonce=f"desk-{n}", by=desk, now=now, source="desk")
    commands.cancel(db.session.scalars(select(Registration.id)).first(), by=desk, now=now)

    assert _sent(event, 99, now).is_mailed is False
    db.session.rollback()
    assert not any(db.session.scalars(select(Registration.address_confirmed_at)))


def test_changing_the_address_of_many_registrations_is_no_way_around(
    app: Flask, now: datetime
) -> None:
    event = an_event(seats=40)
    for n in range(12):
        _sent(event, n, now + n * MINUTE, "own@example.org")
        guest = _some(event, n)
        db.session.rollback()
        address_commands.confirm_address(guest.id, now=now + n * MINUTE)
        changed = a_party(given_name=f"Gost {n}", email=VICTIM)
        with suppress(MailedTooOften):
            commands.change(guest.id, changed, by=PARTICIPANT, now=now + n * MINUTE)

    db.session.rollback()
    to_victim = select(func.count(Message.id)).where(Message.to_address == VICTIM)
    assert db.session.execute(to_victim).scalar_one() <= 6


def test_another_address_has_to_be_confirmed_anew(app: Flask, now: datetime) -> None:
    event = an_event()
    _sent(event, 0, now)
    address_commands.confirm_address(_some(event, 0).id, now=now)

    registration = _some(event, 0)
    registration.email = "other@example.org"

    assert registration.mailbox == "other@example.org"
    assert registration.address_confirmed_at is None
    db.session.rollback()


def test_what_waited_in_vain_goes_after_three_days(app: Flask, now: datetime) -> None:
    event = an_event()
    for n in range(5):
        _sent(event, n, now)

    address_commands.process_unconfirmed(now + 3 * DAY)

    assert _statuses() == [Status.CONFIRMED] * 3 + [Status.CANCELLED] * 2
    emails = list(db.session.scalars(select(Registration.email).order_by(Registration.id)))
    assert emails == [VICTIM] * 3 + [""] * 2


def test_who_was_asked_late_has_three_days_from_then_on(app: Flask, now: datetime) -> None:
    event = an_event(address_check=True)
    for n in range(4):
        _sent(event, n, now)
    asked_at = now + 71 * HOUR
    address_commands.confirm_address(_some(event, 0).id, now=asked_at)

    for hours in (0, 1, 71):
        address_commands.process_unconfirmed(asked_at + hours * HOUR)
    before = _some(event, 3).status
    address_commands.process_unconfirmed(asked_at + 72 * HOUR)

    assert (before, _some(event, 3).status) == (Status.UNCONFIRMED, Status.CANCELLED)


@pytest.mark.parametrize("field", ["given_name", "family_name", "academic_title"])
def test_a_guests_name_that_holds_a_web_address_is_refused(
    app: Flask, now: datetime, field: str
) -> None:
    event = an_event()

    with pytest.raises(WebAddressInName):
        commands.register_online(
            event.id, a_party(**{field: "Gewinn auf evil.com"}), nonce="form", now=now
        )

    assert _mails() == 0


def test_a_name_that_a_mail_program_may_take_for_a_host_stands_apart_in_the_mail(
    app: Flask, now: datetime
) -> None:
    event, post = an_event(address_check=True), Post()
    party = a_party("Jo.De Vries", "Max.Weber", email=VICTIM, locale="de")
    companions = (Person("Wei.Li", "Kos"),)

    commands.register_online(event.id, replace(party, companions=companions), nonce="form", now=now)
    (mail,) = post.deliver(now)

    assert "Guten Tag Jo. De Vries Max. Weber," in mail.text
    assert "Jo. De Vries Max. Weber, Wei. Li Kos" in mail.text
    shown = [
        part.get_content() for part in mail.parsed.walk() if part.get_content_maintype() == "text"
    ]
    assert len(shown) >= 2
    assert not any(glued in each for each in shown for glued in ("Jo.De", "Max.Weber", "Wei.Li"))
