"""A visitor's browser for the public pages, and an hour for the events on them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from event_mgmt.core.clock import utc_now
from tests.web.visitor import Visitor


@pytest.fixture
def visitor(sqlite_app: Flask) -> Visitor:
    """A visitor's browser, without scripts."""
    return Visitor(sqlite_app, sqlite_app.response_class)


@pytest.fixture
def soon() -> datetime:
    """A full hour in three weeks, by the real clock: that is the one these pages ask."""
    return utc_now().replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
