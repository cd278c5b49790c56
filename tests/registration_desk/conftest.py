"""An event to come, and its organiser at the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role
from event_mgmt.core.clock import utc_now
from event_mgmt.core.localized import Localized
from event_mgmt.events.models import Event
from tests.builders import a_user, an_event
from tests.web.sign_in import signed_in


@pytest.fixture
def event(sqlite_app: Flask) -> Event:
    return an_event(starts_at=utc_now() + timedelta(days=30), title=Localized(en="Reception"))


@pytest.fixture
def organiser(client: FlaskClient, event: Event) -> FlaskClient:
    return signed_in(client, a_user(event.host, Role.ORGANISER, locale="en", sees_sensitive=True))
