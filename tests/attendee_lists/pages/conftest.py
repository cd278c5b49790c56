"""An event with room for many, and one of its host's staff at the browser."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role, User
from event_mgmt.events.models import Event
from tests.builders import a_user, an_event
from tests.web.sign_in import signed_in


@pytest.fixture
def event(client: FlaskClient) -> Event:
    return an_event(seats=200)


@pytest.fixture
def user(event: Event, client: FlaskClient) -> User:
    user = a_user(event.host, Role.STAFF)
    signed_in(client, user)
    return user
