"""An event on each database, and one of its host's staff."""

from __future__ import annotations

import pytest
from flask import Flask

from event_mgmt.accounts.models import Role, User
from event_mgmt.events.models import Event
from tests.builders import a_user, an_event


@pytest.fixture
def event(app: Flask) -> Event:
    return an_event(seats=500)


@pytest.fixture
def staff(event: Event) -> User:
    return a_user(event.host, Role.STAFF)
