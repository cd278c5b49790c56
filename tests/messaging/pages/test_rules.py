"""The reminder desk, as a browser without scripts sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.core.clock import at_wall_clock, wall_clock
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.messaging import planner
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.models import ReminderRule
from tests.builders import NOW, a_registration, an_event
from tests.messaging.builders import a_rule, messages
from tests.messaging.pages.visits import url_of
from tests.web.sign_in import forms_of, submit


def _rule() -> ReminderRule:
    db.session.expire_all()
    return db.session.scalars(select(ReminderRule)).one()


def test_the_page_tells_what_goes_out_when_and_to_how_many(desk: FlaskClient, event: Event) -> None:
    a_rule(event, 7, Unit.DAYS)
    a_rule(event, 30, Unit.DAYS)
    for _ in range(2):
        a_registration(event)

    page = desk.get(url_of(event)).text

    assert "Reminder, 7 days before" in page
    assert "15 Jan 2027, 10:00 · to 2 people as things stand" in page
    assert "Came too late" in page


def test_an_event_without_rules_says_what_helps(desk: FlaskClient, event: Event) -> None:
    assert "Nobody is reminded yet" in desk.get(url_of(event)).text


def test_a_relative_rule_is_added(desk: FlaskClient, event: Event) -> None:
    answer = submit(desk, url_of(event, "reminders/new"), amount="3", unit="days", side="before")

    assert answer.status_code == 302
    rule = _rule()
    assert (rule.amount, rule.unit, rule.statuses) == (3, Unit.DAYS, ["confirmed"])


def test_whoever_adds_a_second_rule_within_the_hour_is_told(
    desk: FlaskClient, event: Event
) -> None:
    a_rule(event, 24, Unit.HOURS)

    answer = submit(desk, url_of(event, "reminders/new"), amount="1", unit="days", side="before")

    assert "Each guest gets only one of them" in desk.get(answer.location).text


def test_whoever_adds_a_rule_within_the_hour_of_one_that_has_spoken_is_told_so(
    desk: FlaskClient, event: Event
) -> None:
    gone = a_rule(event, at=NOW - timedelta(minutes=10), armed_at=NOW - timedelta(days=1))
    a_registration(event, created_at=NOW - timedelta(days=2), confirmed_at=NOW - timedelta(days=2))
    planner.plan(NOW)
    at = wall_clock(NOW + timedelta(minutes=30), event.time_zone)

    answer = submit(desk, url_of(event, "reminders/new"), when="moment", at=f"{at:%Y-%m-%dT%H:%M}")

    told = desk.get(answer.location).text
    assert messages()[0].rule_id == gone.id
    assert "Another reminder has gone out within the same hour" in told
    assert "Each guest gets only one of them" not in told


def test_thanks_after_the_start_are_added(desk: FlaskClient, event: Event) -> None:
    submit(desk, url_of(event, "reminders/new"), amount="1", unit="days", side="after")

    assert _rule().amount == -1
    assert "1 day after the start" in desk.get(url_of(event)).text


def test_a_point_in_time_is_local_time_of_the_event(desk: FlaskClient, event: Event) -> None:
    submit(desk, url_of(event, "reminders/new"), when="moment", at="2027-01-20T08:30")

    assert _rule().at == at_wall_clock(datetime(2027, 1, 20, 8, 30), "Europe/Berlin")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": ""}, "Please give a number from 1 to 720."),
        ({"amount": "0"}, "Please give a number from 1 to 720."),
        ({"amount": "400", "unit": "days"}, "Please give a number from 1 to 365."),
        ({"when": "moment", "at": ""}, "Please give the day and the time."),
        ({"when": "moment", "at": "2026-12-24T10:00"}, "This time has already passed."),
        ({"statuses": []}, "Please choose at least one group."),
        ({"subject-de": "Bald ist es so weit"}, "in the same languages"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    desk: FlaskClient, event: Event, fields: dict[str, object], words: str
) -> None:
    typed = {"body-sl": "Vaše besede", "subject-sl": "Zadeva", **fields}

    answer = submit(desk, url_of(event, "reminders/new"), **typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Vaše besede" in answer.text
    assert db.session.scalars(select(ReminderRule)).all() == []


def test_own_words_are_previewed_with_a_guests_data_but_not_the_guests_link(
    desk: FlaskClient, event: Event
) -> None:
    a_registration(event, given_name="Nuša", family_name="Černe")
    words = {
        "subject-de": "Bald: {event}",
        "body-de": "Hallo {given_name}, {unknown} <b>{link}</b>",
    }

    answer = submit(desk, url_of(event, "reminders/new"), **words)
    page = desk.get(answer.location).text

    assert "Hallo Nuša, {unknown} &lt;b&gt;http://localhost/events/" in page
    assert "{unknown} is no placeholder" in page
    assert "no own words in this language" in page
    assert "/registration/" not in page


def test_a_rule_is_changed_paused_resumed_and_deleted(desk: FlaskClient, event: Event) -> None:
    rule = a_rule(event)
    url = url_of(event, f"reminders/{rule.id}")

    submit(desk, url, amount="2")
    assert _rule().amount == 2
    submit(desk, f"{url}/preview", to=f"{url}/pause")
    assert not _rule().is_active
    assert "Paused" in desk.get(url_of(event)).text
    submit(desk, f"{url}/preview", to=f"{url}/resume")
    assert _rule().is_active
    submit(desk, f"{url}/delete", to=f"{url}/delete")
    assert db.session.scalars(select(ReminderRule)).all() == []


def test_two_editors_of_a_rule_notice_each_other(desk: FlaskClient, event: Event) -> None:
    rule = a_rule(event)
    url = url_of(event, f"reminders/{rule.id}")
    mine = dict(_form_at(desk.get(url).text, url).values)
    submit(desk, url, amount="2")

    answer = desk.post(url, data={**mine, "amount": "5"})

    assert answer.status_code == 422
    assert "Somebody else has changed this" in answer.text
    again = dict(_form_at(answer.text, url).values)
    assert desk.post(url, data=again).status_code == 302
    assert _rule().amount == 5


def _form_at(page: str, action: str):
    return next(form for form in forms_of(page) if form.action == action)


def test_a_test_goes_to_oneself_in_the_language_asked_for(desk: FlaskClient, event: Event) -> None:
    rule = a_rule(event)
    page = desk.get(url_of(event, f"reminders/{rule.id}/preview"))
    form = next(form for form in forms_of(page) if ("language", "sl") in form.values)

    for _ in range(2):
        desk.post(form.action, data=dict(form.values))

    assert [message.locale for message in messages(kind="reminder_test")] == ["sl"]


def test_a_rule_of_another_event_is_not_found(desk: FlaskClient, event: Event) -> None:
    foreign = a_rule(an_event())

    for rest in ("", "/preview", "/delete"):
        assert desk.get(url_of(event, f"reminders/{foreign.id}{rest}")).status_code == 404
