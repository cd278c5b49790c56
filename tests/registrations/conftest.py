"""A clock that stands at the tests' instant, and browsers, for pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask

from event_mgmt.events.models import Event
from tests.builders import an_event
from tests.registrations.fake_relay import Post
from tests.web.visitor import Visitor


@pytest.fixture
def frozen(now: datetime) -> Iterator[datetime]:
    """The instant at which pages believe to be asked."""
    with time_machine.travel(now, tick=False):
        yield now


@pytest.fixture
def a_browser(sqlite_app: Flask) -> Callable[[], Visitor]:
    """A new browser at every call, each with cookies of its own."""
    return lambda: Visitor(sqlite_app, sqlite_app.response_class)


@pytest.fixture
def post() -> Post:
    """The relay."""
    return Post()


@pytest.fixture
def event(app: Flask) -> Event:
    """An event with a venue, in five weeks."""
    return an_event(venue_name="Ständehaus", venue_address="", city="Düsseldorf")
