"""What organisers do with one registration, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db
from event_mgmt.events.enums import WaitingListMode
from event_mgmt.events.models import SeatPool
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registration_desk import commands
from event_mgmt.registration_desk.commands import MailPending
from event_mgmt.registrations import commands as registrations
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import persistence
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.refusals import AlreadyRegistered, NotPossibleNow, TooFewSeats
from tests.builders import a_registration, an_event, saved
from tests.readers import fresh

ME = Actor.user(1)


def mails(registration: Registration) -> list[tuple[str, MessageState, str]]:
    rows = db.session.execute(
        select(Message.kind, Message.state, Message.to_address)
        .where(Message.registration_id == registration.id)
        .order_by(Message.id)
    )
    return [tuple(row) for row in rows]


def a_mail(registration: Registration, kind: str, **given) -> Message:
    values = {
        "key": f"{kind}:{registration.id}:{given.pop('nth', 0)}",
        "kind": kind,
        "locale": "de",
        "to_address": registration.email,
        "event_id": registration.event_id,
        "registration_id": registration.id,
        "created_at": registration.created_at,
        "due_at": registration.created_at,
        **given,
    }
    return saved(Message(**values))


def test_a_mail_sent_again_says_what_the_last_one_said(app: Flask, now: datetime) -> None:
    guest = a_registration(an_event(), status=Status.DECLINED)
    facts = {"reason": "The hall is small."}
    a_mail(guest, "registration_declined", state=MessageState.SENT, facts=facts)

    commands.resend_status_mail(guest.id, by=ME, now=now)

    latest = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert (latest.kind, latest.facts) == ("registration_declined", facts)


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.SENDING])
def test_a_mail_on_its_way_is_not_written_twice(
    app: Flask, now: datetime, state: MessageState
) -> None:
    guest = a_registration(an_event())
    a_mail(guest, "registration_confirmed", state=state)

    with pytest.raises(MailPending):
        commands.resend_status_mail(guest.id, by=ME, now=now)

    assert len(mails(guest)) == 1


def test_reminders_that_wait_survive_a_new_link(app: Flask, now: datetime) -> None:
    guest = a_registration(an_event())
    a_mail(guest, "reminder")
    a_mail(guest, "registration_confirmed")

    commands.renew_link(guest.id, by=ME, now=now)

    assert [(kind, state) for kind, state, _to in mails(guest)] == [
        ("reminder", MessageState.QUEUED),
        ("registration_confirmed", MessageState.WITHDRAWN),
        ("registration_confirmed", MessageState.QUEUED),
    ]
    assert fresh(guest).link_version == 2


def test_a_corrected_address_takes_over_the_mails_that_wait(app: Flask, now: datetime) -> None:
    guest = a_registration(an_event(), email="wrong@example.org", address_failed_at=now)
    a_mail(guest, "registration_confirmed", state=MessageState.FAILED)
    a_mail(guest, "reminder", due_at=now + timedelta(days=9))

    commands.correct_address(guest.id, "right@example.org", by=ME, now=now)

    assert mails(guest) == [
        ("registration_confirmed", MessageState.FAILED, "wrong@example.org"),
        ("reminder", MessageState.QUEUED, "right@example.org"),
        ("registration_confirmed", MessageState.QUEUED, "right@example.org"),
    ]
    guest = fresh(guest)
    assert (guest.email, guest.address_failed_at, guest.link_version) == (
        "right@example.org",
        None,
        2,
    )
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.changes) == ("registration.changed", {"fields": ["email"]})


def test_a_former_address_still_hears_that_it_is_one_and_the_right_one_does_not(
    app: Flask, now: datetime
) -> None:
    guest = a_registration(an_event())
    first, party = guest.email, persistence.party_of(guest)
    moved = replace(party, email="wrogn@example.org")
    registrations.change(guest.id, moved, by=PARTICIPANT, now=now)

    commands.correct_address(guest.id, "right@example.org", by=ME, now=now + timedelta(hours=1))

    told = {m.to_address for m in db.session.scalars(select(Message)) if m.facts == FORMER_FACTS}
    assert told == {first}


FORMER_FACTS = {"former_address": True}


def test_an_address_cannot_become_that_of_the_same_person_again(app: Flask, now: datetime) -> None:
    event = an_event()
    a_registration(event, family_name="Žagar", email="there@example.org")
    guest = a_registration(event, family_name="Zagar")

    with pytest.raises(AlreadyRegistered):
        commands.correct_address(guest.id, "there@example.org", by=ME, now=now)

    assert fresh(guest).link_version == 1


def test_colleagues_may_share_an_address(app: Flask, now: datetime) -> None:
    event = an_event()
    a_registration(event, email="office@example.org")
    guest = a_registration(event)

    commands.correct_address(guest.id, "office@example.org", by=ME, now=now)

    assert fresh(guest).email == "office@example.org"


def test_a_registration_that_is_over_keeps_its_address(app: Flask, now: datetime) -> None:
    guest = a_registration(an_event(), status=Status.CANCELLED)

    with pytest.raises(NotPossibleNow):
        commands.correct_address(guest.id, "right@example.org", by=ME, now=now)


@pytest.mark.parametrize(
    ("mode", "becomes", "kind"),
    [
        (WaitingListMode.OFFER, Status.OFFERED, "seat_offered"),
        (WaitingListMode.IMMEDIATE, Status.CONFIRMED, "registration_confirmed"),
    ],
)
def test_a_waiting_party_may_be_served_out_of_turn(
    app: Flask, now: datetime, mode: WaitingListMode, becomes: Status, kind: str
) -> None:
    event = an_event(seats=2, waiting_list=mode)
    first = a_registration(event, status=Status.WAITLISTED, companions=2)
    guest = a_registration(event, status=Status.WAITLISTED, companions=1)

    assert commands.offer_seats_now(guest.id, by=ME, now=now) is becomes

    assert [m[0] for m in mails(guest)] == [kind]
    assert fresh(first).status is Status.WAITLISTED
    assert db.session.scalars(select(SeatPool.taken)).one() == 2
    assert db.session.scalars(select(AuditEntry.user_id)).one() == 1


def test_nobody_is_served_without_seats(app: Flask, now: datetime) -> None:
    event = an_event(seats=1)
    guest = a_registration(event, status=Status.WAITLISTED, companions=1)

    with pytest.raises(TooFewSeats):
        commands.offer_seats_now(guest.id, by=ME, now=now)

    assert fresh(guest).status is Status.WAITLISTED
    assert db.session.scalars(select(SeatPool.taken)).one() == 0


def test_an_offer_that_nobody_could_answer_is_not_made(app: Flask, now: datetime) -> None:
    event = an_event(starts_at=now + timedelta(minutes=30))
    guest = a_registration(event, status=Status.WAITLISTED)

    with pytest.raises(NotPossibleNow):
        commands.offer_seats_now(guest.id, by=ME, now=now)


def test_only_those_who_wait_are_served(app: Flask, now: datetime) -> None:
    guest = a_registration(an_event())

    with pytest.raises(NotPossibleNow):
        commands.offer_seats_now(guest.id, by=ME, now=now)


def test_an_unchanged_note_leaves_no_trace(app: Flask, now: datetime) -> None:
    guest = a_registration(an_event())

    commands.save_note(guest.id, "VIP ", by=ME, now=now)
    commands.save_note(guest.id, "VIP", by=ME, now=now)

    assert fresh(guest).staff_note == "VIP"
    assert [e.action for e in db.session.scalars(select(AuditEntry))] == ["registration.noted"]
