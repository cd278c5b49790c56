from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus, Visibility
from tests.builders import an_event


def _days_of(html: str, title: str) -> list[str]:
    days = re.findall(r'datetime="([\d-]+)"(.*?)</li>', html, re.DOTALL)
    return [day for day, rest in days if title in rest]


def test_an_event_stands_on_each_of_its_days(visitor):
    begin = datetime(2027, 3, 9, 9, tzinfo=UTC)
    an_event(title=Localized(de="Reise"), starts_at=begin, ends_at=begin + timedelta(days=3))

    html = visitor.get("/calendar?month=2027-03&lang=de").text

    assert "März 2027" in html
    assert _days_of(html, "Reise") == ["2027-03-09", "2027-03-10", "2027-03-11", "2027-03-12"]
    assert re.findall(r"Tag \d von 4", html) == [f"Tag {n} von 4" for n in range(1, 5)]


def test_days_are_those_of_the_events_own_clock(visitor):
    late = datetime(2027, 3, 9, 23, 30, tzinfo=UTC)
    an_event(title=Localized(de="Spät"), starts_at=late, ends_at=late + timedelta(hours=9))

    html = visitor.get("/calendar?month=2027-03&lang=de").text

    assert _days_of(html, "Spät") == ["2027-03-10"]


def test_weeks_are_whole_and_begin_on_monday(visitor):
    html = visitor.get("/calendar?month=2027-05&lang=de").text

    days = re.findall(r'<time class="month-date" datetime="([\d-]+)"', html)
    assert (days[0], days[-1], len(days)) == ("2027-04-26", "2027-06-06", 42)


def test_the_months_around_are_a_click_away(visitor):
    html = visitor.get("/calendar?month=2027-12&lang=de").text

    assert 'href="/calendar?month=2027-11" rel="prev"' in html
    assert 'href="/calendar?month=2028-01" rel="next"' in html


@pytest.mark.parametrize(
    "month", ["", "2027-00", "13-2027", "0001-01", "9999-12", "x", "２０２７-03"]
)
def test_a_month_that_does_not_exist_shows_the_present_one(visitor, month):
    response = visitor.get("/calendar", query_string={"month": month})

    assert response.status_code == 200
    assert 'aria-current="date"' in response.text


def test_a_cancelled_event_says_so_and_a_hidden_one_is_not_there(visitor):
    begin = datetime(2027, 3, 9, 9, tzinfo=UTC)
    an_event(title=Localized(de="Messe"), starts_at=begin, status=EventStatus.CANCELLED)
    an_event(title=Localized(de="Geheim"), starts_at=begin, visibility=Visibility.UNLISTED)

    html = visitor.get("/calendar?month=2027-03&lang=de").text

    assert "Abgesagt" in html
    assert "Geheim" not in html


def test_an_empty_month_leads_to_the_agenda(visitor):
    assert (
        "In diesem Monat ist nichts geplant" in visitor.get("/calendar?month=2027-03&lang=de").text
    )
