"""Checking people in on the list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role, User
from event_mgmt.core.clock import utc_now
from event_mgmt.events.enums import AttendeeAccess
from event_mgmt.events.models import Event
from tests.attendee_lists.pages.visits import list_of
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation
from tests.web.sign_in import csrf_of, forms_of, signed_in


def _door(role: Role, **given: Any) -> tuple[FlaskClient, Event]:
    event = an_event(starts_at=utc_now() + timedelta(hours=2), seats=200, **given)
    browser = current_app.test_client()
    return signed_in(browser, a_user(event.host, role, locale="en")), event


@pytest.mark.parametrize("role", [Role.DOOR, Role.STAFF, Role.ORGANISER])
def test_the_door_checks_people_in_and_takes_it_back_without_leaving_the_list(
    sqlite_app: Flask, role: Role
) -> None:
    browser, event = _door(role)
    guest = a_registration(event, family_name="Kos").attendees[0]
    page = browser.get(list_of(event, "?search=kos"))
    form = next(f for f in forms_of(page) if {"csrf_token", "page"} <= f.names)

    here = f"/desk/events/{event.id}/attendee-list/{guest.id}/check-in"
    assert here in page.text
    done = browser.post(here, data=dict(form.values))
    after = browser.get(done.location)

    assert done.location == f"{list_of(event)}?search=kos#person-{guest.id}"
    assert "Here since" in after.text
    undone = browser.post(f"{here}/undo", data=dict(form.values))
    assert "Here since" not in browser.get(undone.location).text


def test_before_the_day_nobody_is_offered_to_be_checked_in(
    client: FlaskClient, event: Event, user: User
) -> None:
    guest = a_registration(event).attendees[0]
    here = f"/desk/events/{event.id}/attendee-list/{guest.id}/check-in"

    page = client.get(list_of(event))
    refused = client.post(here, data={"csrf_token": csrf_of(page)})

    assert "check-in" not in page.text
    assert "vom Vortag an" in client.get(refused.location).text


def test_a_co_host_sees_no_door(sqlite_app: Flask) -> None:
    event = an_event(starts_at=utc_now() + timedelta(hours=2))
    partner = an_organisation()
    a_partner(event, partner, access=AttendeeAccess.ALL)
    guest = a_registration(event).attendees[0]
    browser = signed_in(sqlite_app.test_client(), a_user(partner, Role.DOOR))
    page = browser.get(list_of(event))

    answer = browser.post(
        f"{list_of(event)}/{guest.id}/check-in", data={"csrf_token": csrf_of(page)}
    )

    assert page.status_code == 200
    assert "check-in" not in page.text
    assert answer.status_code == 404
