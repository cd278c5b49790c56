"""A guest's own page: what it shows, and what can be done on it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.enums import Status
from tests.builders import a_registration, an_event, saved
from tests.registrations.guest_pages import main_text, opened, register, the_registration
from tests.web.sign_in import csrf_of, submit

pytestmark = pytest.mark.usefixtures("frozen")


def test_the_address_is_confirmed_by_a_button(client: FlaskClient) -> None:
    event = an_event(address_check=True)
    register(client, event)
    url = opened(client, the_registration())

    submit(client, url, to=f"{url}/confirm-address")

    assert the_registration().status is Status.CONFIRMED


def test_a_guest_calls_off_after_being_asked_once_more(client: FlaskClient) -> None:
    event = an_event()
    register(client, event)
    url = opened(client, the_registration())

    sent = submit(client, f"{url}/cancel")

    assert sent.status_code == 303
    assert the_registration().status is Status.CANCELLED
    assert client.get(f"{url}/cancel").status_code == 303


@pytest.mark.parametrize(
    ("closes", "reason", "offered"),
    [(None, "", True), (timedelta(hours=-1), "", False), (None, "Doppelt eingetragen", False)],
)
def test_who_called_off_may_come_back_while_registration_is_open(
    client: FlaskClient, now: datetime, closes: timedelta | None, reason: str, offered: bool
) -> None:
    event = an_event(registration_closes_at=now + closes if closes else None)
    gone = a_registration(event, status=Status.CANCELLED, reason=reason)

    page = main_text(client.get(f"{opened(client, gone)}?lang=en").text)

    assert ("Register again" in page) is offered


def test_an_offer_is_accepted_by_a_button(client: FlaskClient, now: datetime) -> None:
    registration = a_registration(
        an_event(), status=Status.OFFERED, offer_expires_at=now + timedelta(hours=1)
    )
    url = opened(client, registration)

    submit(client, url, to=f"{url}/accept")

    assert the_registration().status is Status.CONFIRMED


def test_an_offer_that_ran_out_has_no_button_and_says_why(
    client: FlaskClient, now: datetime
) -> None:
    registration = a_registration(an_event(), status=Status.OFFERED, offer_expires_at=now)
    url = opened(client, registration)
    page = client.get(url)

    sent = client.post(f"{url}/accept", data={"csrf_token": csrf_of(client.get(f"{url}/cancel"))})
    after = client.get(sent.location)

    assert f"{url}/accept" not in page.text
    assert "is-warn" in after.text
    assert the_registration().status is Status.OFFERED


def test_after_the_deadline_there_is_nothing_to_press(client: FlaskClient, now: datetime) -> None:
    registration = a_registration(an_event(changes_close_at=now))
    url = opened(client, registration)

    page = client.get(url)
    token = csrf_of(client.get(f"{url}/participants"))
    sent = client.post(f"{url}/cancel", data={"csrf_token": token})

    assert f"{url}/change" not in page.text
    assert f"{url}/cancel" not in page.text
    assert sent.status_code == 303
    assert the_registration().status is Status.CONFIRMED


def test_guests_take_their_data_along(client: FlaskClient) -> None:
    event = an_event()
    register(client, event, message="Bitte einen Parkplatz")
    url = opened(client, the_registration())

    data = json.loads(client.get(f"{url}/data.json").text)

    assert data["people"][0]["family_name"] == "Novak"
    assert data["message"] == "Bitte einen Parkplatz"
    assert data["consents"]["privacy"]["version"]


def test_guests_read_which_mails_they_were_written_and_what_became_of_them(
    client: FlaskClient, now: datetime
) -> None:
    event = an_event()
    register(client, event, email="ana@example.org")
    url = opened(client, the_registration())
    mail = db.session.scalars(select(Message)).one()
    mail.state, mail.sent_at, mail.facts = MessageState.SENT, now, {"secret": "kept for the notice"}
    saved(mail)
    other = a_registration(event)
    saved(
        Message(
            key="other",
            kind="seat_offered",
            locale="de",
            to_address="bo@example.org",
            registration_id=other.id,
            created_at=now,
            due_at=now,
        )
    )

    page = client.get(url, query_string={"lang": "en"}).text
    data = json.loads(client.get(f"{url}/data.json").text)

    assert data["mails"] == [
        {"kind": "registration_confirmed", "at": now.isoformat(), "state": "sent"}
    ]
    assert "Registration confirmed</span>" in page
    assert "A seat is offered" not in page


def test_only_those_who_come_learn_the_way_into_an_online_event(client: FlaskClient) -> None:
    event = an_event(venue_name="", city="", online_url="https://meet.example.org/secret")
    waiting = a_registration(event, status=Status.WAITLISTED)
    sure = a_registration(event)

    for_waiting, for_sure = opened(client, waiting), opened(client, sure)

    assert "meet.example.org" not in client.get(for_waiting).text
    assert "meet.example.org" not in client.get(f"{for_waiting}/event.ics").text
    assert "meet.example.org" in client.get(for_sure).text


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("language", ["de", "sl", "en"])
def test_every_status_has_a_page_in_every_language(
    client: FlaskClient, now: datetime, status: Status, language: str
) -> None:
    registration = a_registration(
        an_event(seats=20),
        status=status,
        companions=2,
        offer_expires_at=now + timedelta(hours=5) if status is Status.OFFERED else None,
    )

    page = client.get(f"{opened(client, registration)}?lang={language}")

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
