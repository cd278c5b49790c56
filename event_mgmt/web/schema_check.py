"""No page is made before the database has the schema that the program knows."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

from event_mgmt.core import schema
from event_mgmt.core.database import db
from event_mgmt.web import errors


def init_app(app: Flask) -> None:
    """Let ``app`` look until the schema is current, and not again."""
    ready = False

    @app.before_request
    def _schema_is_current() -> Response | None:
        nonlocal ready
        if ready or request.endpoint in {"static", "system_pages.health"}:
            return None
        ready = schema.is_current(db.engine)
        return None if ready else errors.schema_not_current()
