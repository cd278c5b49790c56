"""Column types that several rooms share."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, Enum, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only, stores UTC, gives aware UTC back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What the database stores; ValueError for a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """What the application sees."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(words: type[StrEnum]) -> Enum:
    """A column for one of an enumeration's words, stored as that word."""
    return Enum(words, native_enum=False, length=32, values_callable=lambda e: [m.value for m in e])


def key_text(length: int) -> String:
    """A column for sort keys: ordered by code point on either database.

    A linguistic collation of the database would undo the order that the keys were made for (it
    skips punctuation, and differs between machines).
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")
