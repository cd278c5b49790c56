"""The list of participants: who is named, to whom, and how one leaves it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.participant import participant_list
from event_mgmt.registrations.participant.participant_list import ListedParticipant, ParticipantList
from tests.builders import a_registration, an_event
from tests.registrations.guest_pages import main_text, opened
from tests.sql_counter import counted_statements
from tests.web.sign_in import submit


def others(registration: Registration, *, locale: str = "de", first: int = 0) -> ParticipantList:
    return participant_list.other_participants(registration, locale=locale, first=first, size=10)


def test_those_who_share_are_named_and_the_others_counted(app: Flask) -> None:
    event = an_event(seats=20)
    mine = a_registration(event, companions=1, shares_name=True)
    a_registration(event, family_name="Zupan", organisation="Zupan d.o.o.", shares_name=True)
    a_registration(event, family_name="Bauer", organisation="Bauer GmbH", shares_name=True)
    a_registration(event, family_name="Kos", companions=2)

    found = others(mine)

    assert found.people == [
        ListedParticipant("Luka Bauer", "Bauer GmbH"),
        ListedParticipant("Luka Zupan", "Zupan d.o.o."),
    ]
    assert (found.total, found.unnamed) == (2, 3)


def test_companions_were_not_asked_and_are_not_named(app: Flask) -> None:
    event = an_event()
    mine = a_registration(event)
    a_registration(event, family_name="Bauer", companions=2, shares_name=True)

    found = others(mine)

    assert [person.name for person in found.people] == ["Luka Bauer"]
    assert found.unnamed == 2


def test_only_those_who_come_to_the_same_event_are_named(app: Flask) -> None:
    event = an_event(seats=20)
    mine = a_registration(event)
    for status in set(Status) - {Status.CONFIRMED}:
        a_registration(event, status=status, shares_name=True)
    a_registration(an_event(), shares_name=True)

    assert others(mine) == ParticipantList([], 0, 0)


def test_names_stand_in_the_order_of_the_readers_language(app: Flask) -> None:
    event = an_event(seats=20)
    mine = a_registration(event)
    for name in ("Dolenc", "Čuk", "Cvetko"):
        a_registration(event, family_name=name, shares_name=True)

    names = [person.name.split()[-1] for person in others(mine, locale="sl").people]

    assert names == ["Cvetko", "Čuk", "Dolenc"]
    assert [p.name for p in others(mine, locale="sl", first=2).people] == ["Luka Dolenc"]


def test_the_consent_is_noted_and_taken_back_as_easily(app: Flask, now: datetime) -> None:
    registration_id = a_registration(an_event()).id
    later = now + timedelta(hours=1)

    participant_list.share_name(registration_id, shares=True, privacy_version="2026-11", now=now)
    agreed = db.session.get_one(Registration, registration_id)
    assert agreed.shares_name
    assert agreed.consents["sharing"] == {"version": "2026-11", "at": now.isoformat()}
    db.session.rollback()

    participant_list.share_name(registration_id, shares=False, privacy_version="2026-11", now=later)
    taken_back = db.session.get_one(Registration, registration_id)
    assert not taken_back.shares_name
    assert "sharing" not in taken_back.consents
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.changes for entry in entries] == [{"fields": ["shares_name"]}] * 2


def test_saying_the_same_twice_changes_nothing(app: Flask, now: datetime) -> None:
    registration_id = a_registration(an_event()).id

    participant_list.share_name(registration_id, shares=False, privacy_version="2026-11", now=now)

    assert db.session.scalars(select(AuditEntry)).all() == []


@pytest.fixture
def gathering(sqlite_app: Flask, frozen: datetime) -> Event:
    event = an_event(seats=300)
    for number in range(3):
        a_registration(event, family_name=f"Kos {number}", shares_name=True)
    return event


def test_who_comes_finds_the_list_on_the_own_page(client: FlaskClient, gathering: Event) -> None:
    url = opened(client, a_registration(gathering))

    assert f'href="{url}/participants"' in client.get(url).text
    page = main_text(client.get(f"{url}/participants?lang=en").text)
    assert "Luka Kos 0" in page
    assert "Luka Kos 2" in page


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.CONFIRMED}))
def test_who_does_not_come_finds_no_list(
    client: FlaskClient, gathering: Event, now: datetime, status: Status
) -> None:
    url = opened(client, a_registration(gathering, status=status, offer_expires_at=now))

    assert f"{url}/participants" not in client.get(url).text
    assert client.get(f"{url}/participants").status_code == 404


def test_a_cancelled_event_shows_nobody(client: FlaskClient, frozen: datetime) -> None:
    event = an_event(status=EventStatus.CANCELLED)
    url = opened(client, a_registration(event))

    assert client.get(f"{url}/participants").status_code == 404


def test_one_goes_on_the_list_and_off_it_by_a_button(client: FlaskClient, gathering: Event) -> None:
    registration = a_registration(gathering)
    url = f"{opened(client, registration)}/participants"

    def press() -> None:
        to = re.search(r'action="([^"]+/share-name)"', client.get(url).text).group(1)
        assert submit(client, url, to=to).status_code == 303
        db.session.rollback()

    press()
    assert db.session.get_one(Registration, registration.id).shares_name
    press()
    assert not db.session.get_one(Registration, registration.id).shares_name


def test_a_long_list_has_pages_and_costs_no_more_statements(
    client: FlaskClient, gathering: Event
) -> None:
    url = f"{opened(client, a_registration(gathering))}/participants"
    with counted_statements() as few:
        client.get(url)
    for number in range(110):
        a_registration(gathering, family_name=f"Zupan {number:03}", shares_name=True)

    with counted_statements() as many:
        first, second = client.get(url).text, client.get(f"{url}?page=2").text

    assert len(many) == 2 * len(few)
    assert "Zupan 000" in first
    assert "Zupan 109" not in first
    assert "Zupan 109" in second
