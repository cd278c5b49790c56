"""The page on which an event is made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from event_mgmt.accounts.models import Role
from event_mgmt.events.enums import EventStatus
from tests.builders import a_user, an_organisation
from tests.event_desk.planning import FAR, events, filled_in, submit
from tests.web.sign_in import forms_of, signed_in


def test_an_organiser_publishes_an_event_from_one_page(client, house):
    answer = submit(client, "/desk/events/new", action="publish", **filled_in())

    [event] = events()
    assert answer.status_code == 302
    assert event.status is EventStatus.PUBLISHED
    assert event.starts_at == FAR
    assert event.ends_at == FAR + timedelta(hours=3)
    assert event.host_id == house.id
    assert event.time_zone == "Europe/Berlin"


def test_a_draft_leads_to_the_rest_of_its_details(client, house):
    answer = submit(client, "/desk/events/new", action="draft", **filled_in())

    [event] = events()
    assert event.status is EventStatus.DRAFT
    assert answer.location == f"/desk/events/{event.id}/edit"
    assert client.get(answer.location).status_code == 200


def test_a_form_sent_twice_is_one_event(client, house):
    page = client.get("/desk/events/new")
    nonce = next(v for f in forms_of(page) for n, v in f.values if n == "nonce")

    for _ in range(2):
        submit(client, "/desk/events/new", action="publish", **filled_in(nonce=nonce))

    assert len(events()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"date": ""},
        {"end_time": "17:00"},
        {"city": "", "venue_name": ""},
        {"seats": "0"},
        {"online_url": "javascript:alert(1)"},
        {"date": "2001-01-01"},
        {"title-de": ""},
        {"host": "999999"},
        {"kind": "party"},
    ],
)
def test_wrong_input_is_shown_again_with_what_is_wrong(client, house, wrong):
    typed = filled_in(**{"venue_address": "Berger Allee 33", **wrong})

    answer = submit(client, "/desk/events/new", action="publish", **typed)

    assert answer.status_code == 422
    assert "Berger Allee 33" in answer.text
    assert "error-summary" in answer.text
    assert events() == []


def test_a_host_that_is_not_ones_own_cannot_be_chosen(client, house):
    other = an_organisation()

    answer = submit(client, "/desk/events/new", action="draft", **filled_in(host=str(other.id)))

    assert answer.status_code == 422
    assert events() == []


def test_who_may_not_plan_events_finds_no_page_for_it(client):
    signed_in(client, a_user(an_organisation(), role=Role.STAFF))
    assert client.get("/desk/events/new").status_code == 404
