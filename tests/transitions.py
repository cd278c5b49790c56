"""Holds every embedded database of the tests to the code's own tables of transitions.

So that the whole suite shows that they are complete: a step that a table does not know fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from event_mgmt.events import rules as events
from event_mgmt.mail import models as mail
from event_mgmt.registrations import rules as registrations
from event_mgmt.tasks import rules as tasks

Transitions = Mapping[Any, frozenset[Any]]

BY_COLUMN: dict[tuple[str, str], tuple[Transitions, ...]] = {
    ("events", "status"): (events.STATUS_TRANSITIONS,),
    ("event_partners", "status"): (events.PARTNER_TRANSITIONS,),
    ("registrations", "status"): (registrations.STATUS_TRANSITIONS,),
    ("tasks", "state"): (tasks.STATE_TRANSITIONS,),
    ("messages", "state"): (mail.STATE_TRANSITIONS, mail.LATE_STATE_TRANSITIONS),
}


def guard(connection: Connection) -> None:
    """Have an embedded database refuse every change of status that no table knows."""
    for (table, column), tables in BY_COLUMN.items():
        known = {(old, new) for each in tables for old, after in each.items() for new in after}
        connection.execute(text(_trigger(table, column, known)))


def is_guarded(connection: Connection) -> bool:
    """Whether nobody has made the tables anew since they were guarded."""
    guards = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'"
    return connection.exec_driver_sql(guards).scalar() == len(BY_COLUMN)


def _trigger(table: str, column: str, known: set[tuple[StrEnum, StrEnum]]) -> str:
    steps = ", ".join(f"'{old.value}>{new.value}'" for old, new in sorted(known))
    return (
        f"CREATE TRIGGER IF NOT EXISTS guard_{table} BEFORE UPDATE OF {column} ON {table}"
        f" WHEN old.{column} <> new.{column}"
        f" AND old.{column} || '>' || new.{column} NOT IN ({steps}) BEGIN"
        f" SELECT raise(ABORT, 'a transition of {table} that no table knows'); END"
    )
