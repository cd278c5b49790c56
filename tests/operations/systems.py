"""Whole systems to back up and restore: what is in them, and a second one to restore into."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from event_mgmt.core.database import Base, db

CHANGED_BY_RESTORING = {"users": {"session_version"}}
WRITTEN_BY_RESTORING = {"outbox_holds"}


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but what a restore changes on purpose."""
    db.session.rollback()
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in Base.metadata.sorted_tables:
        if table.name in WRITTEN_BY_RESTORING:
            continue
        columns = [
            column
            for column in table.columns
            if column.name not in CHANGED_BY_RESTORING.get(table.name, ())
        ]
        query = select(*columns).order_by(*table.primary_key.columns)
        rows = [tuple(row) for row in db.session.execute(query)]
        if table.name == "audit_entries":
            rows = [row for row in rows if "outbox_held" not in row]
        found[table.name] = rows
    db.session.rollback()
    return found
