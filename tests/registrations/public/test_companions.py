"""Companions and details of people, on the forms of guests."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from event_mgmt.events.enums import QuestionKind
from tests.builders import a_question, a_registration, an_event, saved
from tests.registrations.guest_pages import (
    GUEST,
    main_text,
    nonce_of,
    opened,
    register,
    registrations,
    the_registration,
)
from tests.web.sign_in import csrf_of, submit

pytestmark = pytest.mark.usefixtures("frozen")


def test_companions_are_added_without_a_script(client: FlaskClient) -> None:
    event = an_event(largest_party=3)
    url = f"/events/{event.slug}/register"

    one = submit(client, url, to=url, **GUEST, add_companion="1")
    assert one.status_code == 200
    assert "companions-0-given_name" in one.text
    assert "ana.novak@example.org" in one.text
    values = {
        **GUEST,
        "csrf_token": csrf_of(one),
        "nonce": nonce_of(one),
        "companions-0-given_name": "Ivo",
        "companions-0-family_name": "Kos",
        "companions-1-given_name": "",
        "companions-1-family_name": "",
    }
    sent = client.post(url, data=values)

    assert sent.status_code == 303
    assert [a.family_name for a in the_registration().attendees] == ["Novak", "Kos"]


def test_a_companion_may_have_title_function_and_country(client: FlaskClient) -> None:
    event = an_event()
    told = {
        "given_name": "Eva",
        "family_name": "Zupan",
        "form_of_address": "ms",
        "academic_title": "dr.",
        "function": "prokuristka",
        "organisation": "Orodjarna Sora",
        "country": "SI",
    }

    register(client, event, **{f"companions-0-{name}": value for name, value in told.items()})

    companion = the_registration().attendees[1]
    assert {name: getattr(companion, name) for name in told} == told


def test_a_spouse_needs_only_a_name_and_the_rest_stays_folded(client: FlaskClient) -> None:
    event = an_event()
    name = {"companions-0-given_name": "Ivo", "companions-0-family_name": "Novak"}
    register(client, event, **name)

    page = client.get(f"{opened(client, the_registration())}/change").text

    row = page[page.index("data-rows-list") : page.index("<template>")]
    assert 'value="Ivo"' in row
    assert re.search(r"<details[^>]*>", row).group() == '<details class="disclosure">'


def test_a_form_of_address_that_came_with_an_import_stays(client: FlaskClient) -> None:
    registration = a_registration(an_event())
    registration.attendees[0].form_of_address = "Exzellenz"
    url = opened(client, saved(registration))

    sent = submit(client, f"{url}/change", function="Botschafterin")

    assert sent.status_code == 303
    assert the_registration().attendees[0].form_of_address == "Exzellenz"


def test_a_companion_without_a_name_is_asked_for_it(client: FlaskClient) -> None:
    event = an_event()

    page = register(client, event, **{"companions-0-function": "Botschafter"})

    assert page.status_code == 422
    assert 'href="#companions-0-family_name"' in page.text


def test_the_summary_says_which_of_several_like_entries_is_meant(client: FlaskClient) -> None:
    event = an_event()
    for label in ("Kommen Sie mit dem Bus?", "Ihr Thema"):
        a_question(event, QuestionKind.SHORT_TEXT, label, is_required=True)

    page = register(
        client, event, given_name="", family_name="", **{"companions-0-function": "Vorstand"}
    ).text

    begin, end = page.index('<div class="error-summary"'), page.index("<form")
    summary = main_text(f"<main>{page[begin:end]}</main>")
    asked = "Bitte geben Sie einen Namen ein; ein einziger genügt."
    assert f"Nachname: {asked}" in summary
    assert f"Begleitperson 1, Nachname: {asked}" in summary
    assert "Kommen Sie mit dem Bus? Bitte beantworten Sie diese Frage." in summary
    assert "Ihr Thema: Bitte beantworten Sie diese Frage." in summary


def test_more_companions_than_allowed_are_refused_and_not_cut_off(client: FlaskClient) -> None:
    event = an_event(largest_party=2)
    too_many = {
        f"companions-{n}-{name}": "Gost" for n in range(3) for name in ("given_name", "family_name")
    }

    page = register(client, event, **too_many)

    assert page.status_code == 422
    assert registrations() == 0
    assert "2 Personen anmelden</button>" in page.text


def test_a_guest_changes_companions_and_details(client: FlaskClient) -> None:
    event = an_event()
    register(client, event, **{"companions-0-given_name": "Ivo", "companions-0-family_name": "Kos"})
    url = opened(client, the_registration())

    sent = submit(
        client,
        f"{url}/change",
        function="Ministrica",
        **{"companions-0-given_name": "Eva", "companions-0-family_name": "Zupan"},
    )

    assert sent.status_code == 303
    people = the_registration().attendees
    assert people[0].function == "Ministrica"
    assert [a.family_name for a in people] == ["Novak", "Zupan"]
