"""While an event is postponed those registered hear what becomes of their registrations."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.events import service as events
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registration_desk import commands as desk_service
from event_mgmt.registrations import commands, offer_commands, rules
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import notifications, persistence as party_rows
from event_mgmt.registrations.models import LastAnnouncement, Registration
from event_mgmt.registrations.party import Party, Person
from tests.builders import a_registration, an_event, saved
from tests.mail.samples import a_message
from tests.registrations.event_changes import WEEK, guest, move, rows
from tests.registrations.fake_relay import Mail, Post
from tests.registrations.parties import a_party
from tests.registrations.proposing_guests import accepted, ask, decide

DESK = Actor.user(1)
HOUR = timedelta(hours=1)
OPEN_DATE = {
    "de": "Neuer Termin folgt (bisher geplant: ",
    "sl": "Nov datum sledi (doslej načrtovano: ",
    "en": "New date to follow (planned until now: ",
}
URL = "https://meet.example.org/x"


def _postpone(event: Event, post: Post, now: datetime) -> None:
    """The event has no date any more, and everybody has read it."""
    events.postpone(event.id, by=DESK, now=now)
    post.deliver(now)


def _other_function(registration: Registration) -> Party:
    party = party_rows.party_of(registration)
    return replace(party, contact=replace(party.contact, function="Direktorica"))


def _with_maja(registration: Registration) -> Party:
    party = party_rows.party_of(registration)
    return replace(party, companions=(*party.companions, Person("Maja", "Kos")))


def _checked_from_now_on(registration: Registration) -> Registration:
    event = db.session.get_one(Event, registration.event_id)
    event.address_check = True
    saved(event)
    return registration


def _kinds(post: Post, now: datetime) -> list[str]:
    """The kinds of the mails that are taken now."""
    before = {m.id for m in db.session.query(Message).filter_by(state=MessageState.SENT)}
    post.deliver(now)
    db.session.expire_all()
    sent = db.session.query(Message).filter_by(state=MessageState.SENT).order_by(Message.id)
    return [m.kind for m in sent if m.id not in before]


def _names_no_date_that_holds(mail: Mail, locale: str) -> bool:
    lines = mail.text.splitlines()
    when = [line for line in lines if "15. feb" in line.lower() or "15 feb" in line.lower()]
    return bool(when) and all(OPEN_DATE[locale] in line for line in when)


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_whoever_takes_a_seat_reads_that_it_is_theirs_and_that_no_date_holds(
    app: Flask, post: Post, now: datetime, locale: str
) -> None:
    event = an_event(online_url=URL)
    registration = a_registration(event, status=Status.OFFERED, locale=locale)
    _postpone(event, post, now)

    offer_commands.accept_offer(registration.id, now=now + HOUR)
    (mail,) = post.deliver(now + HOUR)

    assert _names_no_date_that_holds(mail, locale)
    assert URL not in mail.text
    assert mail.entry is not None
    method, entry = mail.entry
    assert (method, entry["STATUS"]) == ("REQUEST", "TENTATIVE")
    assert "10:00" not in mail.text.replace("18:00", ""), "no deadline that nobody can keep"


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_a_change_by_the_desk_is_told(app: Flask, post: Post, now: datetime, locale: str) -> None:
    event = an_event(online_url=URL)
    registration = a_registration(event, locale=locale)
    _postpone(event, post, now)

    commands.change(registration.id, _other_function(registration), by=DESK, now=now + HOUR)
    (mail,) = post.deliver(now + HOUR)

    assert "Direktorica" in mail.text
    assert _names_no_date_that_holds(mail, locale)
    assert URL not in mail.text


@pytest.mark.parametrize("accept", [True, False])
def test_what_is_decided_about_a_change_is_told(
    app: Flask, post: Post, now: datetime, accept: bool
) -> None:
    registration = accepted(now, a_party("Luka", "Zagar"))
    ask(registration, _with_maja(registration), now)
    post.deliver(now)
    events.postpone(registration.event_id, by=DESK, now=now)
    post.deliver(now)

    decide(registration, now + HOUR, accept=accept)

    assert _kinds(post, now + HOUR) == ["registration_changed" if accept else "change_declined"]


def test_what_was_asked_for_just_before_is_told_all_the_same(
    app: Flask, post: Post, now: datetime
) -> None:
    registration = _checked_from_now_on(accepted(now, a_party("Luka", "Zagar")))
    post.deliver(now)
    ask(registration, replace(_with_maja(registration), email="neu@example.org"), now)
    events.postpone(registration.event_id, by=DESK, now=now)

    kinds = _kinds(post, now)

    assert {"change_proposed", "new_address_check", "event_postponed"} <= set(kinds)


def test_a_new_address_that_is_confirmed_is_told_to_the_old_one(
    app: Flask, post: Post, now: datetime
) -> None:
    registration = accepted(now, a_party("Luka", "Zagar"), approval_needed=False)
    registration = _checked_from_now_on(registration)
    party = party_rows.party_of(registration)
    proposal = ask(registration, replace(party, email="neu@example.org"), now)
    assert proposal is not None
    token = proposal_commands.address_token(proposal)
    _postpone(db.session.get_one(Event, registration.event_id), post, now)

    proposal_commands.confirm_new_address(token, now=now + HOUR)

    assert party.email in {mail.to for mail in post.deliver(now + HOUR)}


@pytest.mark.parametrize("status", ["postponed", "cancelled", "finished"])
def test_an_address_that_is_left_hears_of_it_whatever_becomes_of_the_event(
    app: Flask, post: Post, now: datetime, status: str
) -> None:
    event = an_event()
    registration = guest(event, post)
    old = registration.email
    event.status = EventStatus(status)
    saved(event)

    desk_service.correct_address(registration.id, "neu@example.org", by=DESK, now=now + HOUR)

    left = [mail for mail in post.deliver(now + HOUR) if mail.to == old]
    assert len(left) == 1


@pytest.mark.parametrize(
    ("kind", "status", "is_told"),
    [
        ("registration_received", Status.PENDING, True),
        ("registration_confirmed", Status.CONFIRMED, True),
        ("registration_waitlisted", Status.WAITLISTED, True),
        ("registration_declined", Status.DECLINED, True),
        ("registration_again", Status.CONFIRMED, True),
        ("registration_changed", Status.CONFIRMED, True),
        ("registration_cancelled", Status.CANCELLED, True),
        ("seat_offered", Status.OFFERED, False),
        ("address_check", Status.UNCONFIRMED, True),
        ("event_changed", Status.CONFIRMED, False),
    ],
)
@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_what_was_about_to_go_out_when_the_date_fell_is_told_where_it_holds(
    sqlite_app: Flask,
    post: Post,
    now: datetime,
    kind: str,
    status: Status,
    is_told: bool,
    locale: str,
) -> None:
    """Offers are told anew with the new date."""
    event = an_event(status=EventStatus.POSTPONED)
    given = {"offer_expires_at": now + 3 * HOUR} if status is Status.OFFERED else {}
    registration = a_registration(event, status=status, locale=locale, **given)
    saved(
        a_message(
            id=None,
            kind=kind,
            locale=locale,
            to_address=registration.email,
            event_id=event.id,
            registration_id=registration.id,
            created_at=now,
            due_at=now,
        )
    )

    mails = post.deliver(now)

    assert len(mails) == is_told
    assert all(_names_no_date_that_holds(mail, locale) for mail in mails)


def test_a_mail_meanwhile_tells_no_date_and_the_next_one_knows_the_old(
    event: Event, post: Post, now: datetime
) -> None:
    registration = guest(event, post)
    _postpone(event, post, now + HOUR)
    commands.change(registration.id, _other_function(registration), by=DESK, now=now + 2 * HOUR)
    post.deliver(now + 2 * HOUR)
    assert db.session.query(LastAnnouncement).one().status is EventStatus.POSTPONED

    move(event, WEEK, now + 3 * HOUR)
    (mail,) = post.deliver(now + 3 * HOUR)

    assert rows(mail)["Before"] == "Monday, 15 February 2027, 18:00–21:00"
    assert rows(mail)["New time"] == "Monday, 22 February 2027, 18:00–21:00"


def test_of_an_event_that_is_off_for_good_nothing_more_is_said(
    event: Event, post: Post, now: datetime
) -> None:
    registration = guest(event, post)
    commands.change(registration.id, _other_function(registration), by=PARTICIPANT, now=now + HOUR)
    events.cancel(event.id, reason=Localized(), by=DESK, now=now + HOUR)

    assert _kinds(post, now + HOUR) == ["event_cancelled"]


@pytest.mark.parametrize("event_status", [s for s in EventStatus if s is not EventStatus.DRAFT])
@pytest.mark.parametrize("status", list(Status))
def test_what_a_desk_promises_of_a_mail_about_the_status_is_what_is_sent(
    sqlite_app: Flask, post: Post, now: datetime, status: Status, event_status: EventStatus
) -> None:
    event = an_event(status=event_status)
    given = {"offer_expires_at": now + 3 * HOUR} if status is Status.OFFERED else {}
    registration = a_registration(event, status=status, **given)

    with time_machine.travel(now, tick=False):
        _send_anew(registration, now)
        sent = [mail for mail in post.deliver(now) if mail.to == registration.email]

    assert len(sent) == rules.announces_status(status, event_status)


@transactional
def _send_anew(registration: Registration, now: datetime) -> None:
    held = db.session.get_one(Registration, registration.id)
    notifications.notify(held, notifications.STATUS_MAIL_KINDS[held.status], now=now)
