"""Who is checked in calls nothing off; forms open while their answers are taken, and no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.events.enums import EventStatus
from event_mgmt.registrations import commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import persistence
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Person
from event_mgmt.registrations.refusals import IsCheckedIn
from tests.builders import a_registration, an_event
from tests.readers import fresh
from tests.registrations.guest_pages import opened, the_registration
from tests.registrations.parties import a_party, enter

DESK = Actor.user(1)


@transactional
def check_in(registration_id: int, position: int, now: datetime) -> None:
    """Somebody of the party has come."""
    stored = db.session.get_one(Registration, registration_id)
    stored.attendees[position].checked_in_at = now


@pytest.mark.parametrize("position", [0, 1])
def test_a_guest_calls_nothing_off_once_somebody_is_checked_in_and_the_desk_does(
    app: Flask, now: datetime, position: int
) -> None:
    registration = enter(an_event(starts_at=now + timedelta(hours=2)), a_party(companions=1), now)
    check_in(registration.id, position, now)

    with pytest.raises(IsCheckedIn):
        commands.cancel(registration.id, by=PARTICIPANT, now=now)
    assert fresh(registration).status is Status.CONFIRMED

    commands.cancel(registration.id, by=DESK, now=now)
    assert fresh(registration).status is Status.CANCELLED


def test_a_guest_takes_no_companion_off_who_is_checked_in_and_the_desk_does(
    app: Flask, now: datetime
) -> None:
    registration = enter(an_event(starts_at=now + timedelta(hours=2)), a_party(companions=2), now)
    check_in(registration.id, 1, now)
    party = persistence.party_of(registration)
    here, absent = party.companions

    only_absent = replace(party, companions=(absent,))
    with pytest.raises(IsCheckedIn):
        commands.change(registration.id, only_absent, by=PARTICIPANT, now=now)
    commands.change(registration.id, replace(party, companions=(here,)), by=PARTICIPANT, now=now)
    assert [a.checked_in_at for a in fresh(registration).attendees] == [None, now]

    commands.change(registration.id, replace(party, companions=()), by=DESK, now=now)
    assert fresh(registration).seats == 1


@pytest.mark.parametrize("by", [PARTICIPANT, DESK])
def test_of_two_companions_with_one_name_the_other_goes_and_the_check_in_stays(
    app: Flask, now: datetime, by: Actor
) -> None:
    twins = (Person("Maja", "Kos"), Person("Maja", "Kos"))
    party = replace(a_party(), companions=twins)
    registration = enter(an_event(starts_at=now + timedelta(hours=2)), party, now)
    check_in(registration.id, 2, now)

    commands.change(registration.id, replace(party, companions=twins[:1]), by=by, now=now)

    assert [a.checked_in_at for a in fresh(registration).attendees] == [None, now]


@pytest.mark.usefixtures("frozen")
def test_the_change_form_opens_while_its_answer_is_taken(
    client: FlaskClient, now: datetime
) -> None:
    """After the deadline, and while the event has no day; only calling off goes on then."""
    late = opened(client, a_registration(an_event(changes_close_at=now)))
    postponed = opened(client, a_registration(an_event(status=EventStatus.POSTPONED)))
    soon = opened(client, a_registration(an_event(changes_close_at=now + timedelta(hours=1))))

    for url in (late, postponed):
        sent = client.get(f"{url}/change")
        assert sent.status_code == 303
        assert "is-warn" in client.get(sent.location).text
        assert f"{url}/change" not in client.get(url).text
    assert client.get(f"{soon}/change").status_code == 200
    assert client.get(f"{soon}/cancel").status_code == 200
    assert client.get(f"{postponed}/cancel").status_code == 200
    assert client.get(f"{late}/cancel").status_code == 303


@pytest.mark.usefixtures("frozen")
def test_the_page_of_somebody_checked_in_offers_no_calling_off_and_says_why(
    client: FlaskClient, now: datetime
) -> None:
    registration = a_registration(an_event(starts_at=now + timedelta(hours=2)))
    check_in(registration.id, 0, now)
    url = opened(client, the_registration())

    page = client.get(f"{url}?lang=en").text
    assert f"{url}/cancel" not in page
    assert "call off until" not in page
    assert "Whoever is checked in already cannot be taken off here." in page
    sent = client.get(f"{url}/cancel")
    assert sent.status_code == 303
    assert "is-warn" in client.get(sent.location).text
