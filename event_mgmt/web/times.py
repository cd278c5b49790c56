"""Dates and times as readers expect them: the event's wall clock, the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date, format_datetime as babel_datetime, format_time

from event_mgmt.core.clock import wall_clock

_DAY = {"de": "EEE, d. MMMM y", "sl": "EEE, d. MMMM y", "en": "EEE, d MMMM y"}
_DAY_SHORT = {"de": "d. MMM y", "sl": "d. MMM y", "en": "d MMM y"}


@dataclass(frozen=True)
class Leaf:
    """What a date leaf shows: a band (weekday, or the days of a span), day and month."""

    band: str
    day: str
    month: str
    iso: str


def leaf(starts_at: datetime, ends_at: datetime, zone: str, locale: str) -> Leaf:
    """The date leaf of an event."""
    first, last = wall_clock(starts_at, zone).date(), wall_clock(ends_at, zone).date()
    band = format_date(first, "EEE", locale=locale).rstrip(".").upper()
    if last > first:
        band = (
            f"{first.day}–{last.day}"
            if last.month == first.month
            else (f"{first.day}.{first.month}.–{last.day}.{last.month}.")
        )
    return Leaf(band, str(first.day), format_date(first, "MMM", locale=locale), first.isoformat())


def day(value: date | datetime, locale: str, zone: str | None = None) -> str:
    """A day with its weekday, in full."""
    local = wall_clock(value, zone) if isinstance(value, datetime) and zone else value
    return format_date(local, _DAY[locale], locale=locale)


def time_of(value: datetime, zone: str, locale: str) -> str:
    """A time of day, 24 hours, without seconds."""
    return format_time(wall_clock(value, zone).time(), "HH:mm", locale=locale)


def short_day(value: date, locale: str) -> str:
    """A day without its weekday, for tables and files."""
    return format_date(value, _DAY_SHORT[locale], locale=locale)


def moment(value: datetime, zone: str, locale: str) -> str:
    """A short day and time, for tables and time lines."""
    local = wall_clock(value, zone)
    return f"{short_day(local, locale)}, {local:%H:%M}"


def span(starts_at: datetime, ends_at: datetime, zone: str, locale: str) -> str:
    """From when to when: one day with times, or two days with theirs."""
    first, last = wall_clock(starts_at, zone), wall_clock(ends_at, zone)
    if first.date() == last.date():
        return f"{day(first, locale)}, {first:%H:%M}–{last:%H:%M}"
    return f"{day(first, locale)}, {first:%H:%M} – {day(last, locale)}, {last:%H:%M}"


def month_name(value: date, locale: str) -> str:
    """A month and its year."""
    return babel_datetime(datetime(value.year, value.month, 1), "LLLL y", locale=locale)
