"""The programme of an event, line by line."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import ProgrammeItem
from tests.builders import an_event, saved
from tests.event_desk.planning import FAR, events, page_form, submit


def test_a_programme_row_is_added_and_removed_with_all_that_was_typed(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/programme"

    page = submit(
        client, url, do="add:items", **{"items-0-title-de": "Grußwort", "items-0-place": "Saal"}
    )
    values = dict(page_form(page, url).values)
    assert values["items-0-title-de"] == "Grußwort"
    assert values["items-1-day"] == "2090-05-10"
    page = client.post(url, data={**values, "items-1-place": "Foyer", "do": "add:items-1-speakers"})
    values = dict(page_form(page, url).values)
    assert "items-1-speakers-0-name" in values
    page = client.post(url, data={**values, "do": "remove:items:0"})

    values = dict(page_form(page, url).values)
    assert values["items-0-place"] == "Foyer"
    assert "items-1-place" not in values
    assert db.session.scalars(select(ProgrammeItem)).all() == []


def three_days(house):
    """An event of three days, planned on the first and the last."""
    event = an_event(house, starts_at=FAR, ends_at=FAR + timedelta(days=2))
    for day, title in ((0, "Grußwort"), (0, "Rundgang"), (2, "Ausklang")):
        starts_at = FAR + timedelta(days=day)
        ends_at = starts_at + timedelta(minutes=45)
        saved(
            ProgrammeItem(
                event_id=event.id, starts_at=starts_at, ends_at=ends_at, title=Localized(de=title)
            )
        )
    return event, f"/desk/events/{event.id}/programme"


def lines_of(page):
    """The programme's lines as (day, title, whether it is open), and the days without any."""
    found = []
    for day in re.findall(
        r'<section class="card" aria-label="([^"]+)">(.*?)</section>', page, re.DOTALL
    ):
        lines = re.findall(
            r"<details [^>]*?data-line( open)?>.*?data-line-title=[^>]*>([^<]*)<", day[1], re.DOTALL
        )
        found += [(day[0], title, bool(is_open)) for is_open, title in lines] or [day[0]]
    return found


def test_a_programme_is_shown_day_by_day_in_folded_lines(client, house):
    _event, url = three_days(house)

    page = client.get(url).text

    assert lines_of(page) == [
        ("Mittwoch, 10. Mai 2090", "Grußwort", False),
        ("Mittwoch, 10. Mai 2090", "Rundgang", False),
        "Donnerstag, 11. Mai 2090",
        ("Freitag, 12. Mai 2090", "Ausklang", False),
    ]
    assert "18:00–18:45" in page


@pytest.mark.parametrize(
    ("day", "called", "begins"),
    [
        ("2090-05-10", "Mittwoch, 10. Mai 2090", "18:45"),
        ("2090-05-11", "Donnerstag, 11. Mai 2090", "18:00"),
        ("2090-05-12", "Freitag, 12. Mai 2090", "18:45"),
    ],
)
def test_an_item_is_added_at_the_end_of_its_day_and_stands_open(client, house, day, called, begins):
    _event, url = three_days(house)

    page = submit(client, url, do=f"add:items@{day}")

    values = dict(page_form(page, url).values)
    assert (values["items-3-day"], values["items-3-start_time"]) == (day, begins)
    assert [line for line in lines_of(page.text) if line[2] is True] == [
        (called, "Programmpunkt 4", True)
    ]


def test_the_line_that_is_worked_on_and_what_is_wrong_stand_open(client, house):
    _event, url = three_days(house)

    worked_on = submit(client, url, do="add:items-1-speakers")
    wrong = submit(client, url, **{"items-2-end_time": "12:00"})

    assert [line[1] for line in lines_of(worked_on.text) if line[2] is True] == ["Rundgang"]
    assert [line[1] for line in lines_of(wrong.text) if line[2] is True] == ["Ausklang"]
    assert wrong.status_code == 422
    assert wrong.text.count("Bitte prüfen</span>") == 1


def test_a_line_without_a_day_is_not_lost(client, house):
    _event, url = three_days(house)

    page = submit(client, url, do="add:items@2090-05-10", **{"items-0-day": ""})

    assert lines_of(page.text)[-1] == ("Ohne Tag", "Grußwort", False)
    assert dict(page_form(page, url).values)["items-0-title-de"] == "Grußwort"


@pytest.mark.parametrize("day", ["gestern", "2090-05-99", '"><script>'])
def test_a_made_up_day_adds_a_line_that_has_none(client, house, day):
    _event, url = three_days(house)

    page = submit(client, url, do=f"add:items@{day}")

    assert page.status_code == 200
    assert lines_of(page.text)[-1] == ("Ohne Tag", "Programmpunkt 4", True)
    assert "<script>" not in page.text.split("<main")[1]


def test_a_programme_is_saved_in_order_of_time(client, house):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/programme"
    first = {
        "items-0-title-de": "Ausklang",
        "items-0-start_time": "22:00",
        "items-0-end_time": "01:00",
        "items-0-speakers-0-name": "Dr. Maja Kovač",
        "items-0-speakers-0-function": "Direktorin",
    }
    second = {
        "items-1-title-sl": "Pozdrav",
        "items-1-day": "2090-05-10",
        "items-1-start_time": "18:00",
    }
    page = client.get(url)
    values = {**dict(page_form(page, url).values), **first, **second}

    assert client.post(url, data=values).status_code == 302

    [greeting, end] = events()[0].programme
    assert greeting.title.into("sl") == "Pozdrav"
    assert end.ends_at == FAR + timedelta(hours=7)
    assert end.speakers == [
        {"name": "Dr. Maja Kovač", "function": "Direktorin", "organisation": ""}
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"items-0-title-de": "", "items-0-place": "Saal"},
        {"items-0-end_time": "17:00"},
        {"items-0-day": ""},
        {"items-0-speakers-0-function": "Direktorin"},
    ],
)
def test_a_programme_with_a_fault_is_shown_again(client, house, wrong):
    event = an_event(house, starts_at=FAR)
    url = f"/desk/events/{event.id}/programme"
    values = dict(page_form(client.get(url), url).values)

    answer = client.post(url, data={**values, "items-0-title-de": "Rede", **wrong})

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert events()[0].programme == []
