"""What changed, as typed JSON: ``{field: [old, new]}``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import overload


def between(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    """The fields whose values differ, each with the old and the new value."""
    return {
        name: [as_json(old.get(name)), as_json(new.get(name))]
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    }


@overload
def as_json(value: Mapping[str, object]) -> dict[str, object]: ...
@overload
def as_json(value: object) -> object: ...
def as_json(value: object) -> object:
    """``value`` as an audit entry keeps it: instants in UTC, texts by language, words as text."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    return value
