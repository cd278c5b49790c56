"""How a column's values are written in a backup, alike for both databases.

| kind | in the backup |
| --- | --- |
| number, text, flag | as JSON has them |
| instant | ``2027-01-12 09:00:00.000000``, in UTC |
| day | ``2027-01-12`` |
| json | the document as text, so that it comes back as it was, to the letter |
| bytes | base64 |
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Text,
    cast,
)
from sqlalchemy.sql import SQLColumnExpression

_KINDS: Final = (
    (Boolean, "flag"),
    (Integer, "number"),
    (DateTime, "instant"),
    (Date, "day"),
    (JSON, "json"),
    (LargeBinary, "bytes"),
    (String, "text"),
)


def kind_of(column: Column[object]) -> str:
    """The kind of a column's values; TypeError for a type that no backup knows."""
    for kind, name in _KINDS:
        if isinstance(column.type, kind):
            return name
    raise TypeError(f"{column} is of a type that no backup knows: {column.type!r}")


def read_as(column: Column[object]) -> SQLColumnExpression[object]:
    """What to SELECT for the column."""
    return cast(column, Text).label(column.name) if kind_of(column) == "json" else column


def _instant(value: datetime) -> str:
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return value.isoformat(" ", "microseconds")


def _day(value: date) -> str:
    return value.isoformat()


def _bytes(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


_ROWS_AT_ONCE: Final = 2000
_CONTENTS_AT_ONCE: Final = 8


def rows_at_once(kinds: list[str]) -> int:
    """How many rows of such columns are in memory at a time: of files' content a few chunks."""
    return _CONTENTS_AT_ONCE if "bytes" in kinds else _ROWS_AT_ONCE


Writer = Callable[[Any], object]

WRITERS: Final[dict[str, Writer]] = {"instant": _instant, "day": _day, "bytes": _bytes}
"""What makes a value fit for JSON; kinds without one are so already."""

READERS: Final[dict[str, Writer]] = {"bytes": base64.b64decode}
"""What makes a value from JSON fit for either database; kinds without one are so already."""


def converted(kinds: list[str], by: dict[str, Writer]) -> Callable[[list[object]], list[object]]:
    """A function that converts a row of columns of these ``kinds``, in place; NULL stays NULL."""
    steps = [(place, by[kind]) for place, kind in enumerate(kinds) if kind in by]

    def convert(row: list[object]) -> list[object]:
        for place, step in steps:
            if row[place] is not None:
                row[place] = step(row[place])
        return row

    return convert
