"""The link in a guest's mails: whom it lets in, and where to."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from event_mgmt.core import tokens
from event_mgmt.registrations.enums import Status
from tests.builders import a_registration, an_event, saved
from tests.registrations.guest_pages import main_text, opened, register, the_registration
from tests.web.sign_in import csrf_of

pytestmark = pytest.mark.usefixtures("frozen")


def test_the_personal_link_becomes_a_clean_address_that_no_cache_keeps(
    client: FlaskClient,
) -> None:
    registration = a_registration(an_event())
    token = tokens.sign("registration", registration.id, registration.link_version)

    entered = client.get(f"/registration/{token}")
    page = client.get(entered.location)

    assert token not in entered.location
    assert entered.headers["Cache-Control"] == "no-store"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.status_code == 200


def test_links_that_are_revoked_forged_or_of_another_purpose_lead_nowhere(
    client: FlaskClient,
) -> None:
    registration = a_registration(an_event())
    good = tokens.sign("registration", registration.id, registration.link_version)
    wrong = [
        tokens.sign("registration", registration.id, registration.link_version + 1),
        tokens.sign("registration", registration.id + 1, 1),
        tokens.sign("password_reset", registration.id, registration.link_version),
        good[:-1],
        "nonsense",
    ]

    answers = {client.get(f"/registration/{token}").status_code for token in wrong}

    assert answers == {404}
    assert client.get(f"/my-registration/{registration.id}").status_code == 404


def test_a_link_that_is_revoked_also_closes_the_pages_it_opened(client: FlaskClient) -> None:
    registration = a_registration(an_event())
    url = opened(client, registration)

    registration.link_version += 1
    saved(registration)

    assert client.get(url).status_code == 404


def test_guessing_links_is_slowed_down(client: FlaskClient) -> None:
    far = {"REMOTE_ADDR": "203.0.113.7"}

    answers = [
        client.get(f"/registration/guess-{n}", environ_base=far).status_code for n in range(40)
    ]

    assert answers[0] == 404
    assert answers[-1] == 429


def test_following_links_changes_nothing(client: FlaskClient) -> None:
    event = an_event(seats=1, address_check=True)
    register(client, event)
    registration = the_registration()
    before = registration.changed_at

    url = opened(client, registration)
    pages = [
        client.get(url + end).status_code
        for end in ("", "/change", "/cancel", "/event.ics", "/data.json")
    ]
    refused = [client.get(url + end).status_code for end in ("/confirm-address", "/accept")]

    assert pages == [200] * 5
    assert refused == [405, 405]
    assert the_registration().status is Status.UNCONFIRMED
    assert the_registration().changed_at == before


def test_one_guest_does_not_reach_anothers_registration(client: FlaskClient) -> None:
    event = an_event()
    mine, other = a_registration(event), a_registration(event)
    opened(client, mine)
    csrf = csrf_of(client.get(f"/my-registration/{mine.id}/cancel"))

    for end in ("", "/change", "/cancel", "/event.ics", "/data.json"):
        assert client.get(f"/my-registration/{other.id}{end}").status_code == 404
    for end in ("/cancel", "/confirm-address", "/accept", "/decline"):
        response = client.post(f"/my-registration/{other.id}{end}", data={"csrf_token": csrf})
        assert response.status_code == 404


def test_a_secretariat_keeps_several_pages_open(client: FlaskClient) -> None:
    event = an_event()
    urls = {
        name: opened(client, a_registration(event, family_name=name))
        for name in ("Kovač", "Novak", "Zajc")
    }

    for name, url in urls.items():
        assert name in main_text(client.get(url).text)
