"""A visitor's browser for pages whose requests must have nothing in common."""

from __future__ import annotations

from flask.testing import FlaskClient


class Visitor(FlaskClient):
    """A visitor's browser. As outside of tests, nothing outlives a request: no session, no locale."""

    def open(self, *args, **kwargs):
        with self.application.app_context():
            return super().open(*args, **kwargs)
