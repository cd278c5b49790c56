"""Changing and calling off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db
from event_mgmt.core.ids import TokenId
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing
from event_mgmt.events import queries as event_queries, service as events
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.inputs import QuestionInput
from event_mgmt.mail.html_rendering import in_locale, render_letter
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.models import Message
from event_mgmt.registrations import commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import persistence
from event_mgmt.registrations.models import Attendee, SensitiveAnswers
from event_mgmt.registrations.party import Party, Person
from event_mgmt.registrations.refusals import (
    AlreadyRegistered,
    ChangesClosed,
    NotPossibleNow,
    PartyTooLarge,
    TooFewSeats,
)
from tests.builders import a_question, a_registration, an_event
from tests.readers import fresh, kinds_to, taken
from tests.registrations.parties import a_party, enter

DESK = Actor.user(1)


def test_companions_can_be_added_while_there_are_seats(app: Flask, now: datetime) -> None:
    event = an_event(seats=3)
    registration = enter(event, a_party(), now)

    commands.change(registration.id, a_party(companions=2), by=PARTICIPANT, now=now)

    assert taken(event) == 3
    assert fresh(registration).seats == 3
    with pytest.raises(TooFewSeats):
        commands.change(registration.id, a_party(companions=3), by=PARTICIPANT, now=now)
    assert taken(event) == 3


def test_to_its_guest_a_program_of_the_organiser_is_the_organiser(
    app: Flask, now: datetime
) -> None:
    registration = enter(an_event(), a_party(), now)
    program = Actor.token(TokenId(7))

    commands.change(registration.id, a_party(companions=1), by=program, now=now)
    commands.cancel(registration.id, by=program, now=now)

    letters = select(Message.facts).where(
        Message.kind.in_(("registration_changed", "registration_cancelled"))
    )
    assert [facts["by"] for facts in db.session.scalars(letters)] == ["user", "user"]


def test_a_party_does_not_grow_past_those_who_wait(app: Flask, now: datetime) -> None:
    event = an_event(seats=3)
    registration = enter(event, a_party(), now)
    enter(event, a_party("Ana", "Novak", companions=2), now, nonce="n2")

    with pytest.raises(TooFewSeats):
        commands.change(registration.id, a_party(companions=1), by=PARTICIPANT, now=now)


def test_a_companion_less_gives_the_seat_to_the_next(app: Flask, now: datetime) -> None:
    event = an_event(seats=2)
    registration = enter(event, a_party(companions=1), now)
    waiting = enter(event, a_party("Ana", "Novak"), now, nonce="n2")

    commands.change(registration.id, a_party(), by=PARTICIPANT, now=now)

    assert fresh(waiting).status is Status.OFFERED
    assert taken(event) == 2


def test_a_waiting_party_that_grows_goes_to_the_end(app: Flask, now: datetime) -> None:
    event = an_event(seats=1)
    enter(event, a_party(), now)
    waiting = enter(event, a_party("Ana", "Novak"), now, nonce="n2")
    later = now + timedelta(hours=1)

    commands.change(waiting.id, a_party("Ana", "Novak", companions=1), by=PARTICIPANT, now=later)

    assert fresh(waiting).queued_at == later


def test_people_keep_their_row_when_another_companion_leaves(app: Flask, now: datetime) -> None:
    event = an_event()
    registration = enter(event, a_party(companions=3), now)
    ids = {a.family_name: a.id for a in registration.attendees}
    party = persistence.party_of(registration)
    without_first = Party(
        email=party.email,
        locale=party.locale,
        contact=party.contact,
        companions=party.companions[1:],
    )

    commands.change(registration.id, without_first, by=PARTICIPANT, now=now)

    kept = {a.family_name: a.id for a in fresh(registration).attendees}
    assert kept == {name: ids[name] for name in ("Žagar", "Številka 2", "Številka 3")}


def test_a_new_companion_after_one_has_left_gets_a_place_of_its_own(
    app: Flask, now: datetime
) -> None:
    event = an_event()
    registration = enter(event, a_party(companions=2), now)
    commands.change(registration.id, a_party(companions=0), by=PARTICIPANT, now=now)

    commands.change(registration.id, a_party(companions=2), by=PARTICIPANT, now=now)

    stored = fresh(registration)
    assert [a.family_name for a in stored.attendees] == ["Žagar", "Številka 1", "Številka 2"]
    assert db.session.execute(select(func.count()).select_from(Attendee)).scalar_one() == 3


def test_participants_are_bound_to_the_deadline_and_the_largest_party(
    app: Flask, now: datetime
) -> None:
    event = an_event(changes_close_at=now + timedelta(days=1), largest_party=2)
    registration = enter(event, a_party(), now)

    with pytest.raises(PartyTooLarge):
        commands.change(registration.id, a_party(companions=2), by=PARTICIPANT, now=now)
    late = now + timedelta(days=1)
    with pytest.raises(ChangesClosed):
        commands.change(registration.id, a_party(companions=1), by=PARTICIPANT, now=late)
    with pytest.raises(ChangesClosed):
        commands.cancel(registration.id, by=PARTICIPANT, now=late)

    commands.change(registration.id, a_party(companions=2), by=DESK, now=late)
    assert fresh(registration).seats == 3


def test_an_organisers_change_is_told_with_old_and_new(app: Flask, now: datetime) -> None:
    event = an_event()
    registration = enter(event, a_party(function="Prokurist"), now)

    commands.change(registration.id, a_party(function="Direktor"), by=DESK, now=now)

    message = db.session.scalars(
        select(Message).where(Message.kind == "registration_changed")
    ).one()
    assert message.facts["changes"] == [["function", "Prokurist", "Direktor"]]
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "registration.changed")
    ).one()
    assert entry.changes["fields"] == ["contact.function"]


def _receipt(locale: str = "en") -> str:
    """The last mail about a change, as its reader gets it."""
    message = db.session.scalars(
        select(Message)
        .where(Message.kind == "registration_changed")
        .order_by(Message.id.desc())
        .limit(1)
    ).one()
    with time_machine.travel(message.created_at, tick=False), in_locale(locale):
        letter = mail_kinds().write(message)
        return render_letter(letter, locale).text


def test_who_changes_the_own_registration_gets_old_and_new(app: Flask, now: datetime) -> None:
    event = an_event()
    registration = enter(event, a_party(companions=1, function="Prokurist"), now)
    before = persistence.party_of(registration)
    party = replace(
        before,
        contact=replace(before.contact, function="Direktor", form_of_address="ms", country="DE"),
        companions=(Person("Vida", "Kos"),),
    )

    commands.change(registration.id, party, by=PARTICIPANT, now=now)

    text = _receipt()
    assert "You have changed your registration." in text
    assert "Function: Direktor (before: Prokurist)" in text
    assert "Form of address: Ms (before: –)" in text
    assert "Country: Germany (before: Slovenia)" in text
    assert "Companions: Vida Kos (before: Gost Številka 1)" in text
    assert "If you did not want this, please answer this mail." in text


def test_a_receipt_names_answers_and_messages_that_changed_and_does_not_repeat_them(
    app: Flask, now: datetime
) -> None:
    event = an_event()
    diet = a_question(event, is_sensitive=True)
    registration = enter(event, a_party(companions=1), now)
    before = persistence.party_of(registration)
    party = replace(
        before,
        contact=replace(before.contact, sensitive={str(diet.id): "brez oreščkov"}),
        companions=(replace(before.companions[0], function="Tolmač"),),
        message="Pridem z vozičkom.",
    )

    commands.change(registration.id, party, by=PARTICIPANT, now=now)

    text = _receipt()
    assert "Answers to the organiser’s questions: changed" in text
    assert "Message to the organiser: changed" in text
    assert "Details of companions: changed" in text
    assert not any(word in text for word in ("oreščkov", "vozičkom"))


def test_an_address_that_a_guest_gives_reads_no_words_but_names(app: Flask, now: datetime) -> None:
    registration = enter(an_event(), a_party(email="old@example.org"), now)
    party = a_party("Ana", "Kos", email="new@example.org", function="Buy at evil.example")

    commands.change(registration.id, party, by=PARTICIPANT, now=now)

    (facts,) = db.session.scalars(
        select(Message.facts).where(
            Message.kind == "registration_changed", Message.to_address == "new@example.org"
        )
    )
    assert [name for name, _old, _new in facts["changes"]] == ["name", "email"]


def test_two_changes_at_one_instant_are_two_receipts(app: Flask, now: datetime) -> None:
    registration = enter(an_event(), a_party(), now)

    for function in ("Prokurist", "Direktor"):
        commands.change(registration.id, a_party(function=function), by=PARTICIPANT, now=now)

    assert kinds_to(registration)[1:] == ["registration_changed"] * 2


def test_a_changed_address_is_told_to_both_addresses(app: Flask, now: datetime) -> None:
    event = an_event()
    registration = enter(event, a_party(email="old@example.org"), now)

    commands.change(registration.id, a_party(email="new@example.org"), by=PARTICIPANT, now=now)

    told = db.session.execute(
        select(Message.to_address).where(Message.kind == "registration_changed")
    ).scalars()
    assert sorted(told) == ["new@example.org", "old@example.org"]


def test_an_organiser_s_change_makes_nobody_be_there_twice(app: Flask, now: datetime) -> None:
    event = an_event()
    enter(event, a_party("Luka", "Žagar", email="a@example.org"), now)
    other = enter(event, a_party("Luka", "Zagar", email="b@example.org"), now, nonce="n2")

    with pytest.raises(AlreadyRegistered):
        commands.change(other.id, a_party("Luka", "Zagar", email="a@example.org"), by=DESK, now=now)

    colleague = a_party("Ana", "Novak", email="a@example.org")
    commands.change(other.id, colleague, by=DESK, now=now)
    assert fresh(other).email == "a@example.org", "several may share an address"


def test_saving_without_a_change_does_nothing(app: Flask, now: datetime) -> None:
    event = an_event()
    registration = enter(event, a_party(companions=1), now)

    commands.change(registration.id, a_party(companions=1), by=DESK, now=now)

    assert kinds_to(registration) == ["registration_confirmed"]


def test_calling_off_twice_frees_the_seats_once(app: Flask, now: datetime) -> None:
    event = an_event()
    registration = enter(event, a_party(companions=1), now)

    commands.cancel(registration.id, by=PARTICIPANT, now=now)
    commands.cancel(registration.id, by=PARTICIPANT, now=now)

    assert taken(event) == 0
    assert kinds_to(registration) == ["registration_confirmed", "registration_cancelled"]


def test_what_is_called_off_cannot_be_changed(app: Flask, now: datetime) -> None:
    event = an_event()
    registration = a_registration(event, status=Status.CANCELLED)

    with pytest.raises(NotPossibleNow):
        commands.change(registration.id, a_party(), by=DESK, now=now)


def test_there_is_nothing_to_do_with_what_does_not_exist(app: Flask, now: datetime) -> None:
    with pytest.raises(Missing):
        commands.cancel(4711, by=DESK, now=now)


def test_sensitive_answers_that_are_taken_back_are_gone(app: Flask, now: datetime) -> None:
    event = an_event()
    question = a_question(event, label="Allergien?", is_sensitive=True)
    with_answer = a_party(answers={str(question.id): "Nüsse"})
    registration = enter(event, with_answer, now)
    stored = db.session.scalars(select(SensitiveAnswers)).one()
    assert stored.answers == {str(question.id): "Nüsse"}
    assert registration.attendees[0].answers == {}
    assert "sensitive" in registration.consents

    commands.change(registration.id, a_party(), by=PARTICIPANT, now=now)

    assert db.session.scalars(select(SensitiveAnswers)).all() == []
    assert "sensitive" not in fresh(registration).consents


def test_answers_given_before_a_question_became_sensitive_are_set_apart(
    app: Flask, now: datetime
) -> None:
    event = an_event()
    diet, route = (
        QuestionInput(ref, QuestionKind.SHORT_TEXT, Localized(de=ref)) for ref in ("diet", "route")
    )
    events.set_questions(event.id, [diet, route], by=DESK, now=now)
    asked = event_queries.active_questions(event.id)
    keys = [str(question.id) for question in asked]
    answers = dict(zip(keys, ("keine Nüsse", "mit dem Zug"), strict=True))
    registration = enter(event, a_party(answers=answers), now)
    without = enter(event, a_party("Ana", "Novak"), now, nonce="n2")

    hidden = replace(diet, id=asked[0].id, is_sensitive=True)
    events.set_questions(event.id, [hidden, replace(route, id=asked[1].id)], by=DESK, now=now)

    contact = fresh(registration).attendees[0]
    assert contact.answers == {keys[1]: "mit dem Zug"}
    assert contact.sensitive is not None
    assert contact.sensitive.answers == {keys[0]: "keine Nüsse"}
    assert fresh(without).attendees[0].sensitive is None


def test_a_companion_who_is_replaced_hands_over_the_row(app: Flask, now: datetime) -> None:
    event = an_event()
    registration = enter(event, a_party(companions=1), now)
    other = a_party(companions=0)
    replaced = Party(
        email=other.email,
        locale=other.locale,
        contact=other.contact,
        companions=(Person("Nova", "Oseba"),),
    )

    commands.change(registration.id, replaced, by=PARTICIPANT, now=now)

    assert [a.family_name for a in fresh(registration).attendees] == ["Žagar", "Oseba"]
