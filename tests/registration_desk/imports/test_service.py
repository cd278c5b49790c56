"""Entering a list: one transaction, all of it or nothing."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus, WaitingListMode
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.registration_desk.imports import service
from event_mgmt.registration_desk.imports.service import Imported, RowRefused
from event_mgmt.registrations.enums import Source, Status
from event_mgmt.registrations.lifecycle.persistence import person_of
from event_mgmt.registrations.models import Attendee, Registration, SensitiveAnswers
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.refusals import RegistrationClosed
from tests.builders import a_question, a_registration, an_event
from tests.readers import taken
from tests.registrations.parties import a_party
from tests.sql_counter import counted_statements

TOKEN = "t" * 32


def people(*sizes: int) -> list[tuple[int, Party]]:
    return [
        (row, a_party(f"Gast{row}", "Kos", companions=size - 1))
        for row, size in enumerate(sizes, start=2)
    ]


def enter(event: Event, listed: list[tuple[int, Party]], now: datetime, **how) -> Imported:
    given = {"token": TOKEN, "pool_id": event.pools[0].id, "approved": False, **how}
    return service.enter_all(event.id, listed, by=Actor.user(1), now=now, **given)


def count(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def statuses() -> list[Status]:
    return list(db.session.scalars(select(Registration.status).order_by(Registration.id)))


def test_everybody_gets_seats_people_a_mail_and_an_entry(app: Flask, now: datetime) -> None:
    event = an_event(seats=10)

    done = enter(event, people(1, 3, 2), now)

    assert done == Imported({Status.CONFIRMED: 3}, known=0, mailed=3)
    assert taken(event) == 6
    assert count(Attendee) == 6
    registration = db.session.scalars(
        select(Registration).order_by(Registration.id).offset(1)
    ).first()
    assert (registration.source, registration.confirmed_at) == (Source.IMPORT, now)
    assert [a.full_name for a in map(_named, registration.attendees)] == [
        "Gast3 Kos",
        "Gost Številka 1",
        "Gost Številka 2",
    ]
    message = db.session.scalars(
        select(Message).where(Message.registration_id == registration.id)
    ).one()
    assert (message.kind, message.to_name) == ("registration_confirmed", "Gast3 Kos")
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["registration.entered"] * 3 + ["registrations.imported"]


def _named(attendee: Attendee):
    return person_of(attendee)


def test_the_list_fills_the_seats_and_then_waits_in_its_order(app: Flask, now: datetime) -> None:
    event = an_event(seats=3)

    enter(event, people(2, 2, 1), now)

    in_line = select(Registration.nonce).order_by(Registration.queued_at)
    waiting = in_line.where(Registration.status == Status.WAITLISTED)
    assert statuses() == [Status.CONFIRMED, Status.WAITLISTED, Status.WAITLISTED]
    assert db.session.scalars(waiting).all() == [f"{TOKEN}-3", f"{TOKEN}-4"]
    assert taken(event) == 2


def test_nobody_of_the_list_passes_those_who_wait(app: Flask, now: datetime) -> None:
    event = an_event(seats=3)
    a_registration(event, status=Status.WAITLISTED, companions=3)

    enter(event, people(1), now)

    assert statuses() == [Status.WAITLISTED, Status.WAITLISTED]


def test_where_the_organiser_decides_the_list_waits_unless_accepted(
    app: Flask, now: datetime
) -> None:
    event = an_event(approval_needed=True)

    enter(event, people(1), now)
    enter(event, [(2, a_party("Ana"))], now, token="u" * 32, approved=True)

    assert statuses() == [Status.PENDING, Status.CONFIRMED]


def test_one_row_without_a_seat_stops_all_of_them(app: Flask, now: datetime) -> None:
    event = an_event(seats=2, waiting_list=WaitingListMode.OFF)

    with pytest.raises(RowRefused, match=r"Row 4|Zeile 4"):
        enter(event, people(1, 1, 1), now)

    assert (count(Registration), count(Attendee), count(Message), taken(event)) == (0, 0, 0, 0)


def test_the_same_list_entered_twice_is_entered_once(app: Flask, now: datetime) -> None:
    event = an_event()
    enter(event, people(1, 2), now)

    again = enter(event, people(1, 2), now)

    assert again == Imported({}, known=2, mailed=0)
    assert (count(Registration), taken(event)) == (2, 3)


def test_whoever_registered_meanwhile_is_passed_over(app: Flask, now: datetime) -> None:
    event = an_event()
    a_registration(event, given_name="Gast2", family_name="Kos", email="gast2.kos@example.org")

    done = enter(event, people(1, 1), now)

    assert (done.known, sum(done.entered.values())) == (1, 1)


def test_somebody_who_called_off_before_may_come_in_by_a_list(app: Flask, now: datetime) -> None:
    event = an_event()
    a_registration(
        event,
        status=Status.CANCELLED,
        given_name="Gast2",
        family_name="Kos",
        email="gast2.kos@example.org",
    )

    assert enter(event, people(1), now).known == 0


def test_an_event_that_is_off_takes_no_list(app: Flask, now: datetime) -> None:
    event = an_event(status=EventStatus.CANCELLED)

    with pytest.raises(RegistrationClosed):
        enter(event, people(1), now)


def test_the_window_does_not_bind_the_desk(app: Flask, now: datetime) -> None:
    event = an_event(registration_closes_at=now)

    enter(event, people(1), now)

    assert statuses() == [Status.CONFIRMED]


def test_who_does_not_come_takes_no_seat_and_is_never_told(app: Flask, now: datetime) -> None:
    event = an_event(seats=2)
    wishes = {2: Status.CANCELLED, 3: Status.DECLINED, 4: Status.WAITLISTED}

    done = enter(event, people(1, 1, 1, 2), now, wishes=wishes)
    again = enter(event, people(1, 1), now, wishes=wishes, token="u" * 32)

    assert statuses() == [
        Status.CANCELLED, Status.DECLINED, Status.WAITLISTED, Status.CONFIRMED,
    ]  # fmt: skip
    assert (done.mailed, again) == (2, Imported({}, known=2, mailed=0))
    assert taken(event) == 2
    assert set(db.session.scalars(select(Message.to_name))) == {"Gast4 Kos", "Gast5 Kos"}


def test_sensitive_answers_are_kept_apart(app: Flask, now: datetime) -> None:
    event = an_event()
    diet = a_question(event, label="Essen", is_sensitive=True, is_required=True)
    listed = [
        (2, a_party("Ana", "Kos", sensitive={str(diet.id): "vegan"})),
        (3, a_party("Ivo", "Kos", companions=1)),
    ]

    enter(event, listed, now)

    kept = db.session.execute(
        select(Attendee.given_name, SensitiveAnswers.answers, Attendee.answers).join(
            SensitiveAnswers, SensitiveAnswers.attendee_id == Attendee.id
        )
    ).one()
    assert tuple(kept) == ("Ana", {str(diet.id): "vegan"}, {})


def test_its_statements_do_not_grow_with_the_list(app: Flask, now: datetime) -> None:
    event = an_event(seats=500)

    with counted_statements() as few:
        enter(event, people(1, 1), now)
    with counted_statements() as many:
        listed = [(row, a_party(f"Gost{row}", "Kos")) for row in range(2, 202)]
        enter(event, listed, now, token="v" * 32)

    assert len(many) <= len(few) + 6  # long inserts go in a few batches
    assert taken(event) == 202


def test_a_list_of_two_thousand_takes_a_moment(app: Flask, now: datetime) -> None:
    event = an_event(seats=5000)

    done = enter(event, [(r, a_party(f"Gost{r}", "Kos", companions=1)) for r in range(2000)], now)

    assert sum(done.entered.values()) == 2000
    assert taken(event) == 4000
    ids = db.session.execute(
        select(Registration.id, Attendee.given_name)
        .join(Attendee)
        .where(Attendee.position == 0)
        .order_by(Registration.id)
    ).all()
    assert [name for _id, name in ids] == [f"Gost{r}" for r in range(2000)]
