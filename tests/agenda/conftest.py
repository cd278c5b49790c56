"""A visitor's browser for the public pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.visitor import Visitor


@pytest.fixture
def visitor(sqlite_app: Flask) -> Visitor:
    """A visitor's browser, without scripts."""
    return Visitor(sqlite_app, sqlite_app.response_class)
