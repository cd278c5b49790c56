"""No mail sends anybody to the personal link to do there what is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Source
from tests.builders import an_event
from tests.registrations.event_changes import edit
from tests.registrations.fake_relay import Mail, Post
from tests.registrations.parties import a_party, enter

DAY = timedelta(days=1)


@pytest.fixture
def soon(app: Flask, now: datetime) -> Event:
    """Tomorrow; guests can change nothing since yesterday."""
    return an_event(starts_at=now + DAY, changes_close_at=now - DAY)


def test_whoever_registers_late_is_told_no_deadline_that_is_over(
    soon: Event, post: Post, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        enter(soon, a_party("Luka", "Zagar", locale="en"), now, source=Source.DESK)
        (mail,) = post.deliver(now)

    assert says_to_answer(mail)


def test_whoever_hears_late_of_another_place_is_asked_to_answer(
    soon: Event, post: Post, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        enter(soon, a_party("Luka", "Zagar", locale="en"), now)
        post.deliver(now)
        edit(soon, now, venue_name="Rathaus")
        (mail,) = post.deliver(now)

    assert says_to_answer(mail)


def says_to_answer(mail: Mail) -> bool:
    """Whether it asks for an answer, and not to call off through the link."""
    assert "call off" not in mail.text
    return "If you cannot come, please answer this mail." in mail.text
