"""What search engines are told about an event."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus
from tests.builders import an_event, an_organisation
from tests.event_site.pages import page_of


def _data(html: str) -> dict:
    return json.loads(re.search(r'ld\+json"[^>]*>(.*?)</script>', html, re.DOTALL)[1])


def test_search_engines_are_told_what_the_event_is(visitor, soon):
    event = an_event(
        an_organisation("Konsulat", website="https://konsulat.example.org"),
        starts_at=soon,
        venue_address="Ständehausstraße 1",
    )

    data = _data(page_of(visitor, event))

    assert data["@type"] == "Event"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert data["startDate"].endswith(("+01:00", "+02:00"))
    assert data["location"][0]["address"]["addressLocality"] == "Düsseldorf"
    assert data["organizer"][0]["name"] == "Konsulat"
    assert data["offers"]["price"] == "0"
    assert data["offers"]["availability"] == "https://schema.org/InStock"
    assert data["url"] == f"http://localhost/events/{event.slug}"


def test_data_for_search_engines_cannot_end_their_script(visitor, soon):
    event = an_event(starts_at=soon, title=Localized(de="</script><script>alert(1)</script>"))

    html = page_of(visitor, event)

    assert "</script><script>alert" not in html
    assert _data(html)["name"] == "</script><script>alert(1)</script>"


def test_a_moved_event_says_what_was_planned_before(visitor, soon):
    event = an_event(starts_at=soon, postponed_from=soon - timedelta(days=14))

    html = page_of(visitor, event)

    assert "Diese Veranstaltung hat einen neuen Termin" in html
    assert _data(html)["eventStatus"] == "https://schema.org/EventRescheduled"
    assert _data(html)["previousStartDate"].startswith(f"{soon - timedelta(days=14):%Y-%m-%d}")


@pytest.mark.parametrize(
    ("status", "word"),
    [(EventStatus.CANCELLED, "EventCancelled"), (EventStatus.POSTPONED, "EventPostponed")],
)
def test_search_engines_learn_that_an_event_is_off(visitor, soon, status, word):
    data = _data(page_of(visitor, an_event(starts_at=soon, status=status)))

    assert data["eventStatus"] == f"https://schema.org/{word}"
    assert "offers" not in data


def test_an_event_with_a_fee_is_not_called_free(visitor, soon):
    event = an_event(starts_at=soon, fee_note=Localized(de="750 € netto"))

    html = page_of(visitor, event)

    assert "750 € netto" in html
    assert "Kostenfrei" not in html
    assert "price" not in _data(html)["offers"]
