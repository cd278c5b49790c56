"""However often a guest corrects a name: it is measured against the one that was decided about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask

from event_mgmt.audit.service import PARTICIPANT
from event_mgmt.core.database import db, transactional
from event_mgmt.events.models import Event
from event_mgmt.registrations import commands, erasure
from event_mgmt.registrations.changes import approved_names, proposal_summary
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.participant import queries
from event_mgmt.registrations.party import Party, Person
from tests.builders import an_event
from tests.readers import fresh
from tests.registrations.parties import a_party, enter
from tests.registrations.proposing_guests import DESK, accepted, ask, decide

MAIL = "ana.novak@example.org"


def ana(given_name: str, family_name: str, *companions: Person) -> Party:
    """Ana's party, under this name."""
    return replace(a_party(given_name, family_name, email=MAIL), companions=companions)


@pytest.fixture
def guest(app: Flask, now: datetime) -> Registration:
    """Ana Novak, whom the organiser has accepted."""
    return accepted(now, ana("Ana", "Novak", Person("Maja", "Kos")))


def names(registration: Registration) -> list[str]:
    """As lists have them now."""
    return [attendee.full_name for attendee in fresh(registration).attendees]


def test_corrections_one_after_the_other_make_nobody_else_of_a_guest(
    guest: Registration, now: datetime
) -> None:
    maja = Person("Maja", "Kos")
    assert ask(guest, ana("Ana", "Novka", maja), now) is None

    assert ask(guest, ana("Ana", "Kovko", maja), now) is not None
    assert names(guest) == ["Ana Novka", "Maja Kos"]
    assert ask(guest, ana("Ena", "Novka", maja), now) is not None

    shown = proposal_summary.summary_of(fresh(guest))
    assert shown is not None
    assert [person.full_name for person in shown.new_people] == ["Ena Novka"]


def test_nor_of_a_companion(guest: Registration, now: datetime) -> None:
    assert ask(guest, ana("Ana", "Novak", Person("Maja", "Kosec")), now) is None

    assert ask(guest, ana("Ana", "Novak", Person("Maja", "Lesec")), now) is not None

    assert names(guest) == ["Ana Novak", "Maja Kosec"]


def test_the_way_back_is_open_and_leaves_nothing(guest: Registration, now: datetime) -> None:
    ask(guest, ana("Ana", "Novka", Person("Maja", "Kos")), now)

    assert ask(guest, ana("Ana", "Novak", Person("Maja", "Kos")), now) is None

    assert [a.decided_name for a in fresh(guest).attendees] == [None, None]


def test_what_an_organiser_accepts_is_decided(guest: Registration, now: datetime) -> None:
    ask(guest, ana("Ana", "Novka", Person("Maja", "Kos")), now)
    ask(guest, ana("Ana", "Novka", Person("Uwe", "Maier")), now)

    decide(guest, now)

    assert approved_names.approved_party(fresh(guest)).people[0].full_name == "Ana Novka"
    assert ask(guest, ana("Ana", "Kovka", Person("Uwe", "Maier")), now) is None


def test_a_name_that_the_desk_writes_is_decided_and_no_other(
    guest: Registration, now: datetime
) -> None:
    ask(guest, ana("Ana", "Novka", Person("Maja", "Kosec")), now)

    commands.change(guest.id, ana("Anja", "Novka", Person("Maja", "Kosec")), by=DESK, now=now)

    known = approved_names.approved_party(fresh(guest)).people
    assert [person.full_name for person in known] == ["Anja Novka", "Maja Kos"]


def test_what_a_guest_changes_before_the_decision_is_what_is_decided(
    app: Flask, now: datetime
) -> None:
    registration = enter(an_event(approval_needed=True), ana("Ana", "Novak"), now)
    commands.change(registration.id, ana("Ana", "Kovač"), by=PARTICIPANT, now=now)
    commands.decide([registration.id], accept=True, reason="", by=DESK, now=now)
    assert fresh(registration).status is Status.CONFIRMED

    assert approved_names.approved_party(fresh(registration)).contact.full_name == "Ana Kovač"


def test_where_nobody_decides_no_former_name_is_kept(app: Flask, now: datetime) -> None:
    registration = enter(an_event(), ana("Ana", "Novak"), now)

    commands.change(registration.id, ana("Ana", "Novka"), by=PARTICIPANT, now=now)

    assert fresh(registration).attendees[0].decided_name is None


def test_it_is_among_the_guest_s_data_and_goes_with_them(
    guest: Registration, now: datetime
) -> None:
    ask(guest, ana("Ana", "Novka", Person("Maja", "Kos")), now)
    event = db.session.get_one(Event, guest.event_id)
    told = queries.personal_data_of(fresh(guest), event, [])["people"][0]["accepted_as"]
    assert told == {"given_name": "Ana", "family_name": "Novak"}

    _blank(guest.id, now)

    assert fresh(guest).attendees[0].decided_name is None


@transactional
def _blank(registration_id: int, now: datetime) -> None:
    erasure.erase_people([registration_id], now=now)
