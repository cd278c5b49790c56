"""The list of those who come, in a browser without scripts that reads the markup."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role, User
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from tests.attendee_lists.pages.visits import export_of, list_of
from tests.builders import a_registration, a_user, an_event
from tests.web.sign_in import csrf_of, signed_in


def test_the_list_shows_names_functions_companions_and_statuses(
    client: FlaskClient, event: Event, user: User
) -> None:
    a_registration(
        event, given_name="Maja", family_name="Kovač", function="Direktorica", companions=1
    )
    a_registration(event, family_name="Lindner", status=Status.WAITLISTED)

    page = client.get(list_of(event, "?lang=en")).text

    assert "Kovač, Maja" in page
    assert "Direktorica · + 1 companion" in page
    assert "Companion of Maja Kovač" in page
    assert "Waiting list" in page
    assert "of 200 seats" in page


def test_an_empty_list_says_what_happens_next(
    client: FlaskClient, event: Event, user: User
) -> None:
    assert "Nobody has registered yet" in client.get(list_of(event, "?lang=en")).text
    a_registration(event)
    assert "Nobody fits" in client.get(list_of(event, "?search=qqq")).text


def test_the_times_of_registration_are_those_of_the_event(
    client: FlaskClient, event: Event, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        a_registration(event)
        page = client.get(list_of(event, "?lang=en")).text
    finally:
        monkeypatch.undo()
        time.tzset()

    assert "12 Jan 2027" in page
    assert "10:00" in page


def test_the_list_has_pages_that_keep_the_filter(
    client: FlaskClient, event: Event, user: User
) -> None:
    for n in range(55):
        a_registration(event, family_name=f"N{n:02}", country="SI")

    page = client.get(list_of(event, "?country=SI&page=2")).text

    assert "N54" in page
    assert "N00" not in page
    assert "country=SI&amp;page=1" in page


def test_a_guests_markup_is_text_on_the_list(client: FlaskClient, event: Event, user: User) -> None:
    a_registration(event, family_name="<script>alert(1)</script>", organisation="<b>&amp;")

    page = client.get(list_of(event)).text

    assert "<script>alert" not in page
    assert "&lt;b&gt;&amp;amp;" in page


def test_the_door_sees_the_list_but_no_way_to_export_it(client: FlaskClient, event: Event) -> None:
    signed_in(client, a_user(event.host, Role.DOOR))

    page = client.get(list_of(event))

    assert page.status_code == 200
    assert "/attendee-list/export" not in page.text
    assert client.get(export_of(event)).status_code == 404


def test_decisions_are_offered_while_somebody_waits_for_one(
    client: FlaskClient, event: Event
) -> None:
    signed_in(client, a_user(event.host, Role.ORGANISER))
    a_registration(event)
    before = client.get(list_of(event)).text
    a_registration(event, status=Status.PENDING)
    after = client.get(list_of(event)).text

    assert "registrations/decide" not in before
    assert "registrations/decide" in after


def test_people_picked_on_the_list_are_handed_to_the_page_for_writing(
    sqlite_app: Flask,
) -> None:
    event = an_event(seats=50)
    browser = signed_in(sqlite_app.test_client(), a_user(event.host, locale="en"))
    wanted = [a_registration(event, companions=1), a_registration(event)]
    a_registration(event)
    ids = [str(guest.id) for guest in wanted]
    page = browser.get(list_of(event))

    write = browser.post(
        f"/desk/events/{event.id}/messages/new",
        data={"csrf_token": csrf_of(page), "step": "pick", "registration_ids": [*ids, ids[0]]},
    )

    assert write.status_code == 200
    assert "2 picked registrations" in write.text
    assert f'value="{",".join(ids)}"' in write.text


def test_all_who_fit_a_filter_are_handed_to_the_page_for_writing(sqlite_app: Flask) -> None:
    event = an_event(seats=50)
    browser = signed_in(sqlite_app.test_client(), a_user(event.host, locale="en"))
    for country in ("SI", "SI", "DE"):
        a_registration(event, country=country)

    page = browser.get(list_of(event, "?country=SI"))
    url = f"/desk/events/{event.id}/messages/new?country=SI"

    assert url in page.text
    assert "2 picked registrations" in browser.get(url).text


def test_staff_are_not_offered_to_write(client: FlaskClient, event: Event, user: User) -> None:
    a_registration(event)

    page = client.get(list_of(event, "?country=SI"))

    assert "messages/new" not in page.text
