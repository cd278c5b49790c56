"""The only place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def at_wall_clock(local: datetime, zone: str) -> datetime:
    """The UTC instant of a wall-clock time (naive ``local``) in the IANA ``zone``.

    A time that a DST change skips becomes the same distance past the gap (RFC 5545, 3.3.5);
    of a time that exists twice the first is taken.
    """
    aware = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    return aware.astimezone(UTC)


def wall_clock(instant: datetime, zone: str) -> datetime:
    """The naive wall-clock time in the IANA ``zone`` at an aware ``instant``."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def wall_clock_before(instant: datetime, zone: str, *, days: int = 0, hours: int = 0) -> datetime:
    """The UTC instant that lies ``days`` by the wall clock and then ``hours`` by the watch before.

    "One day before 18:00" is 18:00 the day before, also across a DST change.
    """
    if days:  # a time that exists twice is not asked for where nothing is counted in days
        instant = at_wall_clock(wall_clock(instant, zone) - timedelta(days=days), zone)
    return instant.astimezone(UTC) - timedelta(hours=hours)
