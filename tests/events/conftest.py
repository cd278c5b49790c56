from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from event_mgmt.core.database import db


@pytest.fixture
def statements(sqlite_app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collects the SQL statements (BEGIN and the like aside) that run inside a ``with``."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return collect


class Visitor(FlaskClient):
    """A visitor's browser. As outside of tests, nothing outlives a request: no session, no locale."""

    def open(self, *args, **kwargs):
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def visitor(sqlite_app: Flask) -> Visitor:
    """A visitor's browser, without scripts."""
    return Visitor(sqlite_app, sqlite_app.response_class)
