"""JSON: codes instead of words and instants in UTC, for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from event_mgmt.attendee_lists.columns import Cells
from event_mgmt.attendee_lists.formats.sheet import Sheet


def write(sheet: Sheet, rows: Iterable[Cells], path: Path) -> None:
    """Write one object: the event, who took the list and why, its columns, its attendees."""
    keys = [head.key for head in sheet.heads]
    head = {
        "event": {"title": sheet.event, "when": sheet.when, "place": sheet.place},
        "taken": {"at": sheet.taken_at.isoformat(), "by": sheet.taken, "purpose": sheet.purpose},
        "columns": [{"key": head.key, "label": head.label} for head in sheet.heads],
    }
    with path.open("w", encoding="utf-8") as file:
        file.write(_dumped(head)[:-1] + ', "attendees": [')
        before = "\n"
        for row in rows:
            file.write(before + _dumped(dict(zip(keys, row, strict=True))))
            before = ",\n"
        file.write("\n]}\n")


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_iso)


def _iso(value: date) -> str:
    return value.isoformat()
