"""The way into an event: its button, or the reason why there is none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from event_mgmt.core.clock import utc_now
from event_mgmt.events.enums import EventKind, EventStatus, Visibility, WaitingListMode
from tests.builders import a_partner, a_registration, an_event, an_organisation
from tests.event_site.pages import page_of


def test_an_open_event_leads_to_its_form(visitor, soon):
    event = an_event(starts_at=soon, seats=20)
    a_registration(event)

    html = page_of(visitor, event)

    assert f'href="/events/{event.slug}/register"' in html
    assert "noch 19 von 20 Plätzen frei" in html


def test_a_full_event_says_so_and_offers_the_waiting_list(visitor, soon):
    event = an_event(starts_at=soon, seats=1)
    a_registration(event)

    html = page_of(visitor, event)

    assert "Auf die Warteliste" in html
    assert f"/events/{event.slug}/register" in html


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"status": EventStatus.CANCELLED}, "Diese Veranstaltung ist abgesagt"),
        ({"status": EventStatus.POSTPONED}, "Diese Veranstaltung ist verschoben"),
        ({"status": EventStatus.FINISHED}, "Diese Veranstaltung ist vorbei"),
        ({"visibility": Visibility.INVITATION}, "nur auf Einladung"),
        ({"registration_closes_at": utc_now() - timedelta(days=1)}, "Anmeldeschluss war"),
        ({"registration_opens_at": utc_now() + timedelta(days=9)}, "Die Anmeldung öffnet am"),
    ],
)
def test_where_nobody_can_register_the_page_says_why_and_shows_no_button(
    visitor, soon, given, words
):
    html = page_of(visitor, an_event(starts_at=soon, **given))

    assert words in html
    assert "/register" not in html


def test_a_full_event_without_waiting_list_shows_no_button(visitor, soon):
    event = an_event(starts_at=soon, seats=1, waiting_list=WaitingListMode.OFF)
    a_registration(event)

    html = page_of(visitor, event)

    assert "eine Warteliste gibt es nicht" in html
    assert "/register" not in html


def test_each_contingent_leads_to_its_own_seats(visitor, soon):
    event = an_event(starts_at=soon)
    a_partner(event, an_organisation("Chemie.NRW", slug="chemie"), seats=15)

    html = page_of(visitor, event)

    assert f'href="/events/{event.slug}/register?pool=chemie"' in html
    assert "15 Plätze" in html


def test_a_journey_is_applied_for(visitor, soon):
    event = an_event(starts_at=soon, kind=EventKind.TRADE_DELEGATION, approval_needed=True)

    html = page_of(visitor, event)

    assert ">Bewerben</a>" in html
    assert "Kostenfrei" not in html
