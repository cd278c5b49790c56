"""The list of one's own events, and who finds it and its pages."""

from __future__ import annotations

import pytest

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus
from tests.builders import a_partner, an_event, an_organisation
from tests.event_desk.planning import FAR
from tests.sql_counter import counted_statements


def test_a_visitor_is_sent_to_sign_in(client):
    answer = client.get("/desk/events")

    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")


PAGES = [
    "edit",
    "programme",
    "partners",
    "questions",
    "preview",
    "move",
    "cancel",
    "duplicate",
    "partnership",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_foreign_event_is_as_one_that_does_not_exist(client, house, page):
    foreign = an_event(status=EventStatus.DRAFT)

    answer = client.get(f"/desk/events/{foreign.id}/{page}")
    missing = client.get(f"/desk/events/99999/{page}")

    assert answer.status_code == missing.status_code == 404


def test_the_list_shows_ones_own_events_only_and_finds_them(client, house):
    an_event(house, starts_at=FAR, title=Localized(sl="Žalec"), search_text="zalec")
    an_event(starts_at=FAR, title=Localized(de="Fremd"), search_text="fremd")

    page = client.get("/desk/events?q=žAlec").text

    assert "Žalec" in page
    assert "Fremd" not in client.get("/desk/events").text
    assert "Žalec" not in client.get("/desk/events?q=anderswo").text


def test_the_list_costs_as_many_statements_for_twenty_events_as_for_two(client, house):
    for _ in range(2):
        a_partner(an_event(house, starts_at=FAR), an_organisation())
    client.get("/desk/events")
    with counted_statements() as few:
        client.get("/desk/events")
    for _ in range(18):
        a_partner(an_event(house, starts_at=FAR), an_organisation())

    with counted_statements() as many:
        client.get("/desk/events")

    assert len(many) == len(few)
