"""What a monitor asks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError

from event_mgmt.core import schema
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.mail import outbox
from event_mgmt.web.access import ANYONE, open_to

bp = Blueprint("health", __name__)


@bp.get("/health")
@open_to(ANYONE)
def health() -> tuple[dict[str, Any], int]:
    """Database, schema, and how long the oldest due message has been waiting (seconds)."""
    try:
        revision = schema.current_revision(db.engine)
    except SQLAlchemyError:
        return {"status": "unavailable", "database": "unreachable"}, 503
    if revision != schema.newest_revision():
        return {"status": "unavailable", "database": "ok", "schema": "not migrated"}, 503
    now = utc_now()
    oldest = outbox.oldest_due(now=now)
    waiting = round((now - oldest).total_seconds()) if oldest else 0
    return {
        "status": "ok",
        "database": "ok",
        "schema": revision,
        "oldest_due_message_seconds": waiting,
    }, 200
