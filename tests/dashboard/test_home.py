"""Today's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from event_mgmt.accounts.models import Role
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.audit.service import SYSTEM
from event_mgmt.dashboard import queries
from event_mgmt.events.models import Event
from event_mgmt.mail import outbox_hold
from tests.builders import a_registration, a_user, an_event, an_organisation
from tests.web.sign_in import signed_in

HELD_AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("role", "is_told"), [(Role.ADMINISTRATOR, True), (Role.ORGANISER, False), (Role.DOOR, False)]
)
def test_administrators_read_that_all_mail_is_held(
    sqlite_app: Flask, role: Role, is_told: bool
) -> None:
    client = signed_in(sqlite_app.test_client(), a_user(an_organisation(), role))
    assert "zurückgehalten" not in client.get("/desk/").text

    outbox_hold.hold(reason="restored", by=SYSTEM, now=HELD_AT)
    page = client.get("/desk/").text

    assert ("Alle E-Mails werden zurückgehalten" in page) is is_told
    assert ("10:00 verlässt keine E-Mail" in page) is is_told


def test_health_tells_a_monitor_that_the_outbox_is_held(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert client.get("/health").json["outbox"] == "open"

    outbox_hold.hold(reason="restored", by=SYSTEM, now=HELD_AT)

    answer = client.get("/health")
    assert (answer.status_code, answer.json["outbox"]) == (200, "held")


def _course(event: Event, *, now: datetime, days: int) -> list[tuple[int, int]]:
    host = viewer_of(a_user(event.host, Role.ORGANISER))
    course = queries.growth_of(event, host, now=now, days=days)
    return [(point.day.day, point.people) for point in course]


def test_the_course_of_an_event_ends_with_the_event(sqlite_app: Flask) -> None:
    event = an_event(starts_at=HELD_AT, ends_at=HELD_AT + timedelta(hours=2))
    a_registration(event, companions=1, created_at=HELD_AT - timedelta(days=1))
    a_registration(event, created_at=HELD_AT + timedelta(days=5))

    course = _course(event, now=HELD_AT + timedelta(days=60), days=3)

    assert course == [(10, 0), (11, 2), (12, 3)]


def test_the_course_begins_with_whoever_came_earlier_and_stays_when_nobody_comes(
    sqlite_app: Flask,
) -> None:
    event = an_event(starts_at=HELD_AT + timedelta(days=90))
    a_registration(event, created_at=HELD_AT - timedelta(days=40))
    a_registration(event, created_at=HELD_AT - timedelta(days=2))

    assert _course(event, now=HELD_AT, days=4) == [(9, 1), (10, 2), (11, 2), (12, 2)]
    assert _course(an_event(), now=HELD_AT, days=4) == []
