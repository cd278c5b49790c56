"""The form with which guests register."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus, Visibility, WaitingListMode
from event_mgmt.events.models import SeatPool
from event_mgmt.mail.models import Message
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Attendee
from tests.builders import a_partner, a_registration, an_event, an_organisation
from tests.registrations.guest_pages import (
    GUEST,
    main_text,
    nonce_of,
    opened,
    path_of,
    register,
    registrations,
    the_registration,
)
from tests.web.sign_in import csrf_of, submit

pytestmark = pytest.mark.usefixtures("frozen")


def test_a_guest_registers_and_is_told_that_a_mail_is_on_its_way(client: FlaskClient) -> None:
    event = an_event()

    sent = register(client, event, function="Direktorin", phone="01 589 80 00")
    page = client.get(sent.location)

    assert sent.status_code == 303
    assert "ana.novak@example.org" in main_text(page.text)
    registration = the_registration()
    assert registration.status is Status.CONFIRMED
    assert registration.attendees[0].phone == "+38615898000"
    assert registration.consents["privacy"]["version"]
    assert not registration.shares_name


def test_nothing_typed_is_lost_when_something_is_missing(client: FlaskClient) -> None:
    event = an_event()

    page = register(
        client,
        event,
        given_name="",
        family_name="",
        message="Wir kommen etwas später",
        shares_name=True,
        academic_title="Dr.",
    )

    assert page.status_code == 422
    for typed in ("ana.novak@example.org", "Tehnika d.o.o.", "etwas später", "Dr."):
        assert typed in page.text
    assert '<option value="SI" selected>' in page.text
    assert re.search(r'<input[^>]*checked[^>]*name="shares_name"', page.text)
    assert 'href="#family_name"' in page.text
    assert registrations() == 0


def test_a_form_sent_twice_or_again_after_back_is_one_registration(client: FlaskClient) -> None:
    event = an_event()
    url = f"/events/{event.slug}/register"
    page = client.get(url)
    values = {**GUEST, "csrf_token": csrf_of(page), "nonce": nonce_of(page)}

    first, second = client.post(url, data=values), client.post(url, data=values)

    assert path_of(first.location) == path_of(second.location)
    assert registrations() == 1


def test_an_expired_session_shows_the_form_again_with_everything(client: FlaskClient) -> None:
    event = an_event()
    url = f"/events/{event.slug}/register"
    client.get(url)
    client.delete_cookie("session")

    page = client.post(url, data={**GUEST, "csrf_token": "old", "nonce": "n" * 20})

    assert page.status_code == 422
    assert "ana.novak@example.org" in page.text
    assert registrations() == 0


def test_known_and_unknown_guests_read_word_for_word_the_same(client: FlaskClient) -> None:
    event = an_event()
    newcomer = register(client, event)
    first = client.get(newcomer.location)

    known = register(client, event)
    second = client.get(known.location)

    assert known.status_code == newcomer.status_code
    assert path_of(known.location) == path_of(newcomer.location)
    assert main_text(first.text) == main_text(second.text)
    assert registrations() == 1


def test_the_page_after_registering_shows_nothing_to_others(client: FlaskClient) -> None:
    event = an_event()
    register(client, event)
    other = client.application.test_client()

    page = other.get(f"/events/{event.slug}/registered")

    assert page.status_code == 303
    assert page.location == f"/events/{event.slug}"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"status": EventStatus.DRAFT}, 404),
        ({"visibility": Visibility.INVITATION}, 404),
        ({"status": EventStatus.CANCELLED}, 200),
        ({"registration_closes_at": timedelta(0)}, 200),
        ({"registration_opens_at": timedelta(days=1)}, 200),
    ],
)
def test_where_nobody_can_register_there_is_no_form(
    client: FlaskClient, now: datetime, given: dict, status: int
) -> None:
    values = {k: now + v if isinstance(v, timedelta) else v for k, v in given.items()}
    event = an_event(**values)

    page = client.get(f"/events/{event.slug}/register")

    assert page.status_code == status
    assert 'name="email"' not in page.text


def test_a_full_event_without_a_waiting_list_says_so_and_keeps_the_input(
    client: FlaskClient,
) -> None:
    event = an_event(seats=1, waiting_list=WaitingListMode.OFF)
    a_registration(event)

    page = register(client, event)

    assert page.status_code == 422
    assert "Die Veranstaltung ist ausgebucht, und es gibt keine Warteliste." in page.text
    assert "ana.novak@example.org" in page.text


def test_a_link_with_a_contingent_registers_for_its_seats(client: FlaskClient) -> None:
    event = an_event()
    chamber = an_organisation("Kammer")
    a_partner(event, chamber, seats=5)

    submit(client, f"/events/{event.slug}/register?pool={chamber.slug}", **GUEST)

    pool = db.session.get(SeatPool, the_registration().pool_id)
    assert pool.organisation_id == chamber.id


def test_the_privacy_notice_names_every_controller(client: FlaskClient) -> None:
    event = an_event(an_organisation("Cluster Eins"))
    a_partner(event, an_organisation("Kammer Zwei"))

    text = main_text(client.get(f"/events/{event.slug}/register").text)

    assert "Cluster Eins" in text
    assert "Kammer Zwei" in text


def test_what_guests_write_is_shown_as_text(client: FlaskClient) -> None:
    event = an_event()
    nasty = '"><script>alert(1)</script>'

    failed = register(client, event, given_name=nasty, email="no address", message=nasty)
    register(client, event, given_name=nasty, message="</textarea>" + nasty)
    page = client.get(opened(client, the_registration()))

    for response in (failed, page):
        assert "<script>alert" not in response.text
        assert "&lt;script&gt;alert(1)" in response.text


def test_a_line_break_in_a_name_becomes_no_header(client: FlaskClient) -> None:
    event = an_event()

    register(client, event, given_name="Ana\r\nBcc: alle")

    assert "\n" not in db.session.scalars(select(Message.to_name)).one()


@pytest.mark.parametrize("address", ["ana", "ana@", "ana@example", "a b@example.org", "ä@x.de"])
def test_an_address_that_mail_cannot_reach_is_refused(client: FlaskClient, address: str) -> None:
    event = an_event()

    page = register(client, event, email=address)

    assert page.status_code == 422
    assert 'href="#email"' in page.text


def test_people_are_written_with_their_own_names(client: FlaskClient) -> None:
    event = an_event()

    register(client, event, given_name="Živa", family_name="Šuštaršič Đurić")

    stored = db.session.scalars(select(Attendee)).one()
    assert stored.family_name == "Šuštaršič Đurić"
    assert "sustarsic" in stored.search_text


def test_whoever_is_mailed_too_often_reads_what_to_do_and_is_promised_no_mail(
    client: FlaskClient,
) -> None:
    event = an_event()
    for n in range(4):
        register(client, event, given_name=f"Gost {n}", email="ana@example.org")

    page = client.get(f"/events/{event.slug}/registered", headers={"Accept-Language": "en"})

    assert "Your registration waits" in page.text
    assert "We have written to" not in page.text
    assert "spam folder" not in page.text


def test_a_web_address_in_a_name_is_refused_at_its_field_and_stays_there(
    client: FlaskClient,
) -> None:
    event = an_event()

    answer = register(client, event, given_name="Gewinn auf evil.com")

    assert answer.status_code == 422
    assert 'value="Gewinn auf evil.com"' in answer.text
    assert "ohne Web- oder E-Mail-Adresse" in answer.text


@pytest.mark.parametrize("number", ["\u00b2", "\u0663", "9" * 5000, "-1", "x"])
def test_a_row_of_a_number_that_no_page_has_is_passed_over(
    client: FlaskClient, number: str
) -> None:
    event = an_event()
    url = f"/events/{event.slug}/register"
    page = client.get(url)
    values = {**GUEST, "csrf_token": csrf_of(page), "nonce": nonce_of(page)}

    sent = client.post(url, data={**values, f"companions-{number}-family_name": "Kos"})

    assert sent.status_code == 303
    assert len(the_registration().attendees) == 1


def test_a_country_that_was_not_sent_was_not_chosen(client: FlaskClient) -> None:
    event = an_event()
    url = f"/events/{event.slug}/register"
    page = client.get(url)
    values = {**GUEST, "csrf_token": csrf_of(page), "nonce": nonce_of(page)}
    del values["country"]

    assert client.post(url, data=values).status_code == 422
    assert registrations() == 0
