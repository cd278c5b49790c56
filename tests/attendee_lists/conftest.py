"""An event on each database, one of its host's staff, and the host as a viewer."""

from __future__ import annotations

import pytest
from flask import Flask

from event_mgmt.accounts.models import Role, User
from event_mgmt.accounts.policy import Viewer
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.events.models import Event
from tests.builders import a_user, an_event


@pytest.fixture
def event(app: Flask) -> Event:
    return an_event(seats=500)


@pytest.fixture
def staff(event: Event) -> User:
    return a_user(event.host, Role.STAFF)


@pytest.fixture
def host(event: Event) -> Viewer:
    return viewer_of(a_user(event.host))
