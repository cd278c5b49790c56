"""Addresses of the reminder desk, and a reminder that waits."""

from __future__ import annotations

from datetime import timedelta

from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.messaging import planner
from event_mgmt.messaging.enums import Unit
from tests.builders import NOW, a_registration
from tests.messaging.builders import a_rule, messages

DAY = timedelta(days=1)


def url_of(event: Event, rest: str = "reminders") -> str:
    """The address of something below an event's desk."""
    return f"/desk/events/{event.id}/{rest}"


def a_planned_reminder(event: Event, **guest: object) -> Message:
    """The message to one guest of a rule that is due now."""
    a_rule(event, 10, Unit.DAYS, armed_at=NOW - DAY)
    a_registration(event, created_at=NOW - DAY, locale="en", **guest)
    assert planner.plan(NOW) == 1
    db.session.rollback()
    return messages()[-1]
