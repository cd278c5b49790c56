"""An hour that stands still, an event, and an organiser of its host at the browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.events.models import Event
from tests.builders import NOW, a_user, an_event
from tests.messaging.pages.visits import DAY
from tests.web.sign_in import signed_in


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(sqlite_app: Flask) -> Event:
    return an_event(starts_at=NOW + 10 * DAY)


@pytest.fixture
def desk(client: FlaskClient, event: Event) -> FlaskClient:
    """An organiser of the event's host, reading English."""
    return signed_in(client, a_user(event.host, locale="en"))
