"""A visitor's browser for the public pages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient


class Visitor(FlaskClient):
    """A visitor's browser. As outside of tests, nothing outlives a request: no session, no locale."""

    def open(self, *args, **kwargs):
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def visitor(sqlite_app: Flask) -> Visitor:
    """A visitor's browser, without scripts."""
    return Visitor(sqlite_app, sqlite_app.response_class)
