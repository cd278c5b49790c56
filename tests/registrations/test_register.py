"""Registering: seats, the waiting list, and the same form or person twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event, select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.core.throttle import ThrottleCount
from event_mgmt.events.enums import EventStatus, Visibility, WaitingListMode
from event_mgmt.mail.models import Message
from event_mgmt.registrations import commands
from event_mgmt.registrations.enums import Source, Status
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party, Person
from event_mgmt.registrations.refusals import (
    AlreadyRegistered,
    EventFull,
    NotOpenYet,
    PartyTooLarge,
    RegistrationClosed,
    TooManyTries,
)
from tests.builders import a_partner, an_event, an_organisation, saved
from tests.readers import kinds, taken
from tests.registrations.parties import a_party, enter

DESK = Actor.user(1)


def test_a_party_gets_its_seats_a_message_and_an_audit_entry(app: Flask, now: datetime) -> None:
    event = an_event(seats=10)

    registration = enter(event, a_party(companions=2), now)

    assert (registration.status, registration.seats) == (Status.CONFIRMED, 3)
    assert [a.is_companion for a in registration.attendees] == [False, True, True]
    assert taken(event) == 3
    assert kinds() == ["registration_confirmed"]
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_id) == ("registration.entered", registration.id)


def test_a_full_event_puts_the_next_party_on_the_waiting_list(app: Flask, now: datetime) -> None:
    event = an_event(seats=2)
    enter(event, a_party(companions=1), now)

    waiting = enter(event, a_party("Ana", "Novak"), now, nonce="n2")

    assert waiting.status is Status.WAITLISTED
    assert waiting.queued_at == now
    assert taken(event) == 2
    assert kinds()[-1] == "registration_waitlisted"


def test_without_a_waiting_list_a_full_event_refuses(app: Flask, now: datetime) -> None:
    event = an_event(seats=1, waiting_list=WaitingListMode.OFF)
    enter(event, a_party(), now)

    with pytest.raises(EventFull):
        enter(event, a_party("Ana", "Novak"), now, nonce="n2")

    assert taken(event) == 1
    assert len(kinds()) == 1


def test_a_newcomer_does_not_pass_a_larger_party_that_waits(app: Flask, now: datetime) -> None:
    event = an_event(seats=3)
    enter(event, a_party(companions=1), now)
    enter(event, a_party("Ana", "Novak", companions=1), now, nonce="n2")

    single = enter(event, a_party("Ivo", "Kos"), now, nonce="n3")

    assert single.status is Status.WAITLISTED
    assert taken(event) == 2


def test_the_same_form_sent_twice_is_one_registration(app: Flask, now: datetime) -> None:
    event = an_event()
    first = enter(event, a_party(companions=1), now)

    second = enter(event, a_party(companions=1), now + timedelta(seconds=1))

    assert second.id == first.id
    assert taken(event) == 2
    assert len(kinds()) == 1


def test_the_desk_is_told_that_a_person_is_registered_already(app: Flask, now: datetime) -> None:
    event = an_event()
    enter(event, a_party("Matjaž", "Žagar", email="m@example.org"), now)

    with pytest.raises(AlreadyRegistered):
        commands.register(
            event.id,
            a_party("matjaz", "ZAGAR", email="M@example.org"),
            nonce="n2",
            by=DESK,
            now=now,
            source=Source.DESK,
        )


def test_a_secretariat_may_register_several_guests_with_one_address(
    app: Flask, now: datetime
) -> None:
    event = an_event()
    enter(event, a_party("Ana", "Novak", email="office@example.org"), now)

    other = enter(event, a_party("Ivo", "Kos", email="Office@Example.org"), now, nonce="n2")

    assert other.status is Status.CONFIRMED
    assert other.email == "office@example.org"


def test_online_the_same_person_reads_a_newcomers_receipt_and_is_told_by_mail(
    app: Flask, now: datetime
) -> None:
    event = an_event()
    newcomer = commands.register_online(event.id, a_party(), nonce="n1", now=now)

    twin = commands.register_online(event.id, a_party(), nonce="n2", now=now)

    assert twin == newcomer
    assert kinds() == ["registration_confirmed", "registration_again"]
    assert taken(event) == 1


def test_the_mail_about_a_second_registration_goes_out_once_a_day(
    app: Flask, now: datetime
) -> None:
    event = an_event()
    for number in range(4):
        commands.register_online(event.id, a_party(), nonce=f"n{number}", now=now)

    assert kinds().count("registration_again") == 1


def test_a_full_event_refuses_the_registered_and_the_unknown_alike(
    app: Flask, now: datetime
) -> None:
    event = an_event(seats=1, waiting_list=WaitingListMode.OFF)
    commands.register_online(event.id, a_party(), nonce="n1", now=now)

    for party in (a_party(), a_party("Ana", "Novak")):
        with pytest.raises(EventFull):
            commands.register_online(event.id, party, nonce="n2", now=now)


def test_whoever_called_off_may_register_again(app: Flask, now: datetime) -> None:
    event = an_event()
    first = enter(event, a_party(), now)
    commands.cancel(first.id, by=PARTICIPANT, now=now)

    again = enter(event, a_party(), now, nonce="n2")

    assert again.id != first.id
    assert taken(event) == 1


@pytest.mark.parametrize(
    ("again", "differs"),
    [
        ({}, False),
        ({"companions": 1}, True),
        ({"function": "Direktorin"}, True),
        ({"message": "Ich komme später."}, True),
    ],
)
def test_a_form_sent_again_says_whether_the_first_counts_and_not_this_one(
    app: Flask, now: datetime, again: dict[str, Any], differs: bool
) -> None:
    event = an_event()
    commands.register_online(event.id, a_party(), nonce="n1", now=now)

    receipt = commands.register_online(event.id, a_party(**again), nonce="n1", now=now)

    assert receipt.differs is differs
    assert receipt.seats == 1
    registration = db.session.scalars(select(Registration)).one()
    assert (registration.message, registration.attendees[0].function) == ("", "")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"registration_opens_at": timedelta(days=1)}, NotOpenYet),
        ({"registration_closes_at": timedelta(0)}, RegistrationClosed),
        ({"starts_at": timedelta(0)}, RegistrationClosed),
        ({"status": EventStatus.CANCELLED}, RegistrationClosed),
        ({"status": EventStatus.POSTPONED}, RegistrationClosed),
        ({"status": EventStatus.DRAFT}, Missing),
        ({"visibility": Visibility.INVITATION}, Missing),
    ],
)
def test_a_guest_is_refused_where_the_event_takes_nobody(
    app: Flask, now: datetime, given: dict, refusal: type[Exception]
) -> None:
    values = {k: now + v if isinstance(v, timedelta) else v for k, v in given.items()}
    event = an_event(**values)

    with pytest.raises(refusal):
        enter(event, a_party(), now)

    assert kinds() == []


def test_the_desk_registers_also_after_the_window_and_beyond_the_largest_party(
    app: Flask, now: datetime
) -> None:
    event = an_event(registration_closes_at=now - timedelta(days=1), largest_party=1)

    registration = commands.register(
        event.id,
        a_party(companions=4),
        nonce="n1",
        by=DESK,
        now=now,
        source=Source.DESK,
        check_window=False,
    )

    assert registration.status is Status.CONFIRMED


def test_a_party_larger_than_allowed_is_refused(app: Flask, now: datetime) -> None:
    event = an_event(largest_party=2)

    with pytest.raises(PartyTooLarge) as refused:
        enter(event, a_party(companions=2), now)

    assert refused.value.field == "companions"


def test_a_contingent_takes_its_own_guests(app: Flask, now: datetime) -> None:
    event = an_event(seats=1)
    chamber = an_organisation()
    a_partner(event, chamber, seats=5)
    pool = next(p for p in event.pools if p.organisation_id == chamber.id)

    registration = enter(event, a_party(companions=2), now, pool_id=pool.id)

    assert registration.status is Status.CONFIRMED
    db.session.refresh(pool)
    assert pool.taken == 3


def test_a_pool_of_another_event_is_out_of_reach(app: Flask, now: datetime) -> None:
    event, other = an_event(), an_event()

    with pytest.raises(Missing):
        enter(event, a_party(), now, pool_id=other.pools[0].id)


def test_an_event_that_checks_addresses_holds_no_seat_until_then(app: Flask, now: datetime) -> None:
    event = an_event(address_check=True)

    registration = enter(event, a_party(), now)

    assert registration.status is Status.UNCONFIRMED
    assert taken(event) == 0
    assert kinds() == ["address_check"]


def test_an_event_with_approval_holds_no_seat_until_then(app: Flask, now: datetime) -> None:
    event = an_event(approval_needed=True)

    registration = enter(event, a_party(), now)

    assert registration.status is Status.PENDING
    assert taken(event) == 0


def test_who_the_organiser_has_approved_is_confirmed_at_once(app: Flask, now: datetime) -> None:
    event = an_event(approval_needed=True)

    registration = enter(event, a_party(), now, source=Source.DESK, approved=True)

    assert registration.status is Status.CONFIRMED


def test_registering_takes_few_statements(app: Flask, now: datetime) -> None:
    event = an_event()
    statements: list[str] = []

    def note(_conn, _cursor, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        commands.register_online(event.id, a_party(companions=3), nonce="n1", now=now)
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)

    assert len(statements) <= 7, statements


def test_control_characters_never_reach_the_name_a_mail_is_addressed_to(
    app: Flask, now: datetime
) -> None:
    event = an_event()
    contact = Person("Ana\r\nBcc: alle", "No\x00vak\u202e")

    enter(event, Party("a@example.org", "de", contact), now)

    message = db.session.scalars(select(Message)).one()
    assert message.to_name == "Ana Bcc: alle Novak"


def test_the_origin_of_very_many_registrations_is_slowed_down(app: Flask, now: datetime) -> None:
    event = an_event()
    saved(
        ThrottleCount(
            key="register:here", tries=commands.NETWORK_MAX, ends_at=now + timedelta(minutes=1)
        )
    )

    with pytest.raises(TooManyTries):
        commands.register_online(event.id, a_party(), nonce="n1", now=now, origin="here")

    receipt = commands.register_online(event.id, a_party(), nonce="n1", now=now, origin="there")
    assert receipt.status is Status.CONFIRMED
