"""JSON for other programs: codes, ids and instants in UTC (docs/exports.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from event_mgmt.attendee_lists.columns import Cells, ColumnHeading
from event_mgmt.attendee_lists.formats.document import ListDocument

VERSION: Final = 2
"""Rises when a reader of the file must be changed; new keys alone do not raise it."""


def write(sheet: ListDocument, rows: Iterable[Cells], path: Path) -> None:
    """Write one object: the event, who took the list and why, its columns, its attendees."""
    keys = [head.key for head in sheet.heads]
    taken = {
        "at": instant(sheet.taken_at),
        "by": sheet.codes.get("taken_by"),
        "purpose": sheet.purpose,
        "language": sheet.locale,
    }
    head = {
        "version": VERSION,
        "event": {"title": sheet.event, **sheet.codes.get("event", {})},
        "taken": taken,
        "contingents": sheet.codes.get("contingents", []),
        "columns": [_column(head) for head in sheet.heads],
    }
    with path.open("w", encoding="utf-8") as file:
        file.write(_dumped(head)[:-1] + ', "attendees": [')
        before = "\n"
        for row in rows:
            file.write(before + _dumped(dict(zip(keys, row, strict=True))))
            before = ",\n"
        file.write("\n]}\n")


def instant(at: datetime) -> str:
    """An instant as programs read it: ISO 8601 in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _column(head: ColumnHeading) -> dict[str, object]:
    described: dict[str, object] = {"key": head.key, "type": head.kind.value, "label": head.label}
    if head.options:
        described["options"] = dict(head.options)
    return described


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_iso)


def _iso(value: date) -> str:
    return instant(value) if isinstance(value, datetime) else value.isoformat()
