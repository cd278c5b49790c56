"""Rows of a form that are added, removed and moved by a submit button, with nothing typed lost.

A button says ``<verb>:<list>`` or ``<verb>:<list>:<row>``, where ``<list>`` is the name of a
FieldList such as ``items`` or, inside its third row, ``items-2-speakers``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from werkzeug.datastructures import MultiDict

from event_mgmt.web.row_ids import ROW_NUMBER

ROW_MARK: Final = "row"
"""A name that a new row is sent with, so that it exists while all of it is empty."""

_COMMAND: Final = re.compile(
    rf"(add|remove|up|down):([a-z]+(?:-{ROW_NUMBER}-[a-z]+)?)(?::({ROW_NUMBER}))?"
)


def rearranged(
    typed: MultiDict[str, str], command: str, seed: Mapping[str, str] | None = None
) -> MultiDict[str, str]:
    """What was typed, with one row added, removed or moved; as it was for any other command.

    A row added at the top level begins with the values of ``seed``.
    """
    match = _COMMAND.fullmatch(command)
    if match is None:
        return typed
    verb, name = match[1], match[2]
    rows = _rows(typed, name)
    if verb == "add":
        changed = MultiDict(typed.items(multi=True))
        new = f"{name}-{max(rows, default=-1) + 1}"
        values = {ROW_MARK: "", **((seed or {}) if "-" not in name else {})}
        for field, value in values.items():
            changed.add(f"{new}-{field}", value)
        return changed
    if match[3] is None or int(match[3]) not in rows:
        return typed
    at = rows.index(int(match[3]))
    if verb == "remove":
        del rows[at]
    else:
        to = max(0, min(at + (1 if verb == "down" else -1), len(rows) - 1))
        rows.insert(to, rows.pop(at))
    return _renumbered(typed, name, rows)


def row_around(command: str) -> int | None:
    """Which row the list belongs to that a command is about; None for a list of its own."""
    match = _COMMAND.fullmatch(command)
    around = match and re.fullmatch(rf"[a-z]+-({ROW_NUMBER})-[a-z]+", match[2])
    return int(around[1]) if around else None


def _rows(typed: MultiDict[str, str], name: str) -> list[int]:
    pattern = re.compile(rf"{re.escape(name)}-({ROW_NUMBER})(?:-|$)")
    return sorted({int(match[1]) for key in typed if (match := pattern.match(key))})


def _renumbered(typed: MultiDict[str, str], name: str, rows: list[int]) -> MultiDict[str, str]:
    numbers = {row: number for number, row in enumerate(rows)}
    pattern = re.compile(rf"{re.escape(name)}-({ROW_NUMBER})(-.*)?")
    changed: MultiDict[str, str] = MultiDict()
    for key, value in typed.items(multi=True):
        match = pattern.fullmatch(key)
        if match is None:
            changed.add(key, value)
        elif (number := numbers.get(int(match[1]))) is not None:
            changed.add(f"{name}-{number}{match[2] or ''}", value)
    return changed
