"""How the system is, in the few words that a monitor needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from event_mgmt.core import schema
from event_mgmt.core.database import db
from event_mgmt.mail import outbox, outbox_hold
from event_mgmt.tasks import queries as tasks


@dataclass(frozen=True)
class Health:
    """Whether pages can be served, and the facts behind it."""

    is_well: bool
    facts: Mapping[str, str | int] = field(default_factory=dict)


def health(*, now: datetime) -> Health:
    """Database, schema, and how many seconds the oldest due message and task have been waiting."""
    try:
        revision = schema.current_revision(db.engine)
    except SQLAlchemyError:
        return Health(is_well=False, facts={"database": "unreachable"})
    if revision != schema.newest_revision():
        return Health(is_well=False, facts={"database": "ok", "schema": "not migrated"})
    oldest = outbox.oldest_due(now=now)
    waiting = round((now - oldest).total_seconds()) if oldest else 0
    due_since = tasks.task_health(now=now).oldest_due_at
    facts = {
        "database": "ok",
        "schema": revision,
        "outbox": "held" if outbox_hold.held_since() else "open",
        "oldest_due_message_seconds": waiting,
        "oldest_waiting_task_seconds": round((now - due_since).total_seconds()) if due_since else 0,
    }
    return Health(is_well=True, facts=facts)
