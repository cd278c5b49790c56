"""Dates and times as readers expect them: the event's wall clock, the reader's language.

Formats follow CLDR; German adds "Uhr" (DIN 5008), ranges take an en dash, spaced where what it
joins has spaces itself.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location, get_timezone_name

from event_mgmt.core.clock import wall_clock

READERS_ZONE = "Europe/Berlin"
"""The clock by which the readers live: one and the same in Germany and in Slovenia."""

_DAY = {"de": "EEEE, d. MMMM y", "sl": "EEEE, d. MMMM y", "en": "EEEE, d MMMM y"}
_DAY_BRIEF = {"de": "EEE, d. MMM", "sl": "EEE, d. MMM", "en": "EEE, d MMM"}
_DAY_SHORT = {"de": "d. MMM y", "sl": "d. MMM y", "en": "d MMM y"}
_DAY_MONTH = {"de": "d. MMMM", "sl": "d. MMMM", "en": "d MMMM"}
_DAY_MONTH_SHORT = {"de": "d. MMM", "sl": "d. MMM", "en": "d MMM"}
_DAY_NUMBER = {"de": "d.", "sl": "d.", "en": "d"}
_MONTHS_GENITIVE = (
    "januarja",
    "februarja",
    "marca",
    "aprila",
    "maja",
    "junija",
    "julija",
    "avgusta",
    "septembra",
    "oktobra",
    "novembra",
    "decembra",
)
"""Slovenian months in the genitive, as a date within a sentence has them; CLDR knows only names."""

_CLOCK = {"de": "%H:%M Uhr", "sl": "%H:%M", "en": "%H:%M"}
_NIGHT_ENDS_AT_HOUR = 6
_YEAR_IS_CLEAR = timedelta(days=182)

_cached = functools.lru_cache(maxsize=1024)
"""For what lists and letters say of the same event again and again: CLDR takes its time."""


@dataclass(frozen=True)
class DateBadge:
    """What a date badge shows; ``span`` is the last day of several, ``label`` is read out."""

    weekday: str
    day: str
    month: str
    span: str
    label: str
    iso: str
    is_off: bool = False


def date_badge(
    starts_at: datetime, ends_at: datetime, zone: str, locale: str, *, is_off: bool = False
) -> DateBadge:
    """The date badge of an event; ``is_off`` strikes the day through."""
    first, last = first_and_last_day(starts_at, ends_at, zone)
    weekday, span_end = _weekday(first, locale), ""
    if last > first:
        weekday = f"{weekday}–{_weekday(last, locale)}"
        same_month = (first.year, first.month) == (last.year, last.month)
        span_end = (
            str(last.day)
            if same_month
            else format_date(last, _DAY_MONTH_SHORT[locale], locale=locale)
        )
    return DateBadge(
        weekday=weekday,
        day=str(first.day),
        month=format_date(first, "MMM", locale=locale),
        span=span_end,
        label=days(starts_at, ends_at, zone, locale),
        iso=first.isoformat(),
        is_off=is_off,
    )


def _weekday(value: date, locale: str) -> str:
    return format_date(value, "ccc", locale=locale).rstrip(".").capitalize()


def first_and_last_day(starts_at: datetime, ends_at: datetime, zone: str) -> tuple[date, date]:
    """The days an event takes. An evening that ends in the small hours is still one day."""
    first, last = wall_clock(starts_at, zone), wall_clock(ends_at, zone)
    ends_at_night = last.hour < _NIGHT_ENDS_AT_HOUR or (
        last.hour == _NIGHT_ENDS_AT_HOUR and last.minute == 0
    )
    if ends_at_night and last.date() > first.date():
        return first.date(), last.date() - timedelta(days=1)
    return first.date(), last.date()


def day(value: date | datetime, locale: str, zone: str | None = None) -> str:
    """A day with its weekday, in full: "Montag, 15. Februar 2027"."""
    local = wall_clock(value, zone) if isinstance(value, datetime) and zone else value
    return format_date(local, _DAY[locale], locale=locale)


def date_of(value: date | datetime, locale: str, zone: str | None = None) -> str:
    """A date without its weekday: "15. Februar 2027"."""
    local = wall_clock(value, zone) if isinstance(value, datetime) and zone else value
    return format_date(local, f"{_DAY_MONTH[locale]} y", locale=locale)


@_cached
def days(starts_at: datetime, ends_at: datetime, zone: str, locale: str) -> str:
    """The day, or the first and the last: "9.–12. März 2027", "30. März – 2. April 2027"."""
    first, last = first_and_last_day(starts_at, ends_at, zone)
    if first == last:
        return day(first, locale)
    if (first.year, first.month) == (last.year, last.month):
        return f"{format_date(first, _DAY_NUMBER[locale], locale=locale)}–{date_of(last, locale)}"
    pattern = _DAY_MONTH[locale] if first.year == last.year else f"{_DAY_MONTH[locale]} y"
    return f"{format_date(first, pattern, locale=locale)} – {date_of(last, locale)}"


@dataclass(frozen=True)
class EventTimes:
    """Days and hours of an event, for where there is room for two lines and a date badge."""

    date_badge: DateBadge
    days: str
    hours: str


def event_times(
    starts_at: datetime, ends_at: datetime, zone: str, locale: str, *, is_off: bool = False
) -> EventTimes:
    """An event's days, and below them its hours: for several days from when to when."""
    first, last = first_and_last_day(starts_at, ends_at, zone)
    tells = hours if first == last else span
    return EventTimes(
        date_badge=date_badge(starts_at, ends_at, zone, locale, is_off=is_off),
        days=days(starts_at, ends_at, zone, locale),
        hours=tells(starts_at, ends_at, zone, locale),
    )


def time_of(value: datetime, zone: str, locale: str) -> str:  # noqa: ARG001 - all three say 18:00
    """A time of day by itself, for tables and programmes: "18:00"."""
    return f"{wall_clock(value, zone):%H:%M}"


def clock(value: datetime, zone: str, locale: str) -> str:
    """A time of day within a sentence: "18:00 Uhr", "18:00"."""
    return f"{wall_clock(value, zone):{_CLOCK[locale]}}"


def hours(starts_at: datetime, ends_at: datetime | None, zone: str, locale: str) -> str:
    """From which time of day to which: "18:00–21:30 Uhr"; without an end "18:00 Uhr"."""
    if ends_at is None or ends_at == starts_at:
        return clock(starts_at, zone, locale)
    return f"{time_of(starts_at, zone, locale)}–{clock(ends_at, zone, locale)}"


@_cached
def short_date(value: date, locale: str) -> str:
    """A day without its weekday, for tables and files."""
    return format_date(value, _DAY_SHORT[locale], locale=locale)


def short_datetime(value: datetime, zone: str, locale: str, *, now: datetime | None = None) -> str:
    """A short day and time, for tables and time lines: "15. Feb. 2027, 18:00".

    Who reads it ``now`` needs no year for what is half a year away at most: "15. Feb., 18:00".
    """
    local = wall_clock(value, zone)
    if now is None or abs(value - now) > _YEAR_IS_CLEAR:
        return f"{short_date(local, locale)}, {local:%H:%M}"
    return f"{format_date(local, _DAY_MONTH_SHORT[locale], locale=locale)}, {local:%H:%M}"


def date_within(value: date | datetime, locale: str, zone: str | None = None) -> str:
    """A date within a sentence: "8. Februar 2027", "8. februarja 2027"."""
    local = wall_clock(value, zone) if isinstance(value, datetime) and zone else value
    if locale != "sl":
        return date_of(local, locale)
    return f"{local.day}. {_MONTHS_GENITIVE[local.month - 1]} {local.year}"


@_cached
def deadline(value: datetime, zone: str, locale: str) -> str:
    """A day and a time within a sentence: "Mo., 8. Februar 2027, 18:00 Uhr".

    In Slovenian the month is in the genitive, which fits "do …" and "na dan …" alike.
    """
    local = wall_clock(value, zone)
    weekday = format_date(local, "EEE", locale=locale)
    return f"{weekday}, {date_within(local, locale)}, {clock(value, zone, locale)}"


@_cached
def span(starts_at: datetime, ends_at: datetime, zone: str, locale: str) -> str:
    """From when to when.

    One day: "Montag, 15. Februar 2027, 18:00–21:30 Uhr". Several:
    "Di., 9. März, 10:00 Uhr – Fr., 12. März 2027, 16:00 Uhr".
    """
    first, last = first_and_last_day(starts_at, ends_at, zone)
    if first == last:
        return f"{day(first, locale)}, {hours(starts_at, ends_at, zone, locale)}"
    year = "" if first.year == last.year else " y"
    return " – ".join(
        (
            f"{_brief(starts_at, zone, locale, year)}, {clock(starts_at, zone, locale)}",
            f"{_brief(ends_at, zone, locale, ' y')}, {clock(ends_at, zone, locale)}",
        )
    )


def _brief(value: datetime, zone: str, locale: str, year: str) -> str:
    return format_date(wall_clock(value, zone), _DAY_BRIEF[locale] + year, locale=locale)


def month_name(value: date, locale: str) -> str:
    """A month and its year, to head a list: "Februar 2027"."""
    name = format_date(value, "LLLL y", locale=locale)
    return name[:1].upper() + name[1:]


def weekday_names(locale: str) -> list[str]:
    """The seven short names of weekdays, Monday first."""
    monday = date(2024, 1, 1)
    return [_weekday(monday + timedelta(days=n), locale) for n in range(7)]


def foreign_zone(instant: datetime, zone: str, locale: str) -> str:
    """What the clock of ``zone`` is called, where it shows another time than the readers' own."""
    name, offset = _zone_words(instant, zone, locale)
    return f"{name} ({offset})" if name else offset


def _zone_words(
    instant: datetime, zone: str, locale: str, *, own_too: bool = False
) -> tuple[str, str]:
    """The name of a foreign clock and how far it is from UTC; two empty words for the readers' own,
    unless that is named ``own_too``.

    Where the clock has no name of its own it is that of its city, or none.
    """
    there = instant.astimezone(ZoneInfo(zone))
    here = instant.astimezone(ZoneInfo(READERS_ZONE))
    if there.utcoffset() == here.utcoffset() and not own_too:
        return "", ""
    digits = f"{there:%z}"
    name = get_timezone_name(there, locale=locale)
    if name.startswith(("GMT-", "GMT+", "GMT -", "GMT +")):
        is_a_place = "/" in zone and not zone.startswith("Etc/")
        name = get_timezone_location(zone, locale=locale, return_city=True) if is_a_place else ""
    return name, f"UTC{digits[:3]}:{digits[3:5]}"


def _in_zone(instant: datetime, zone: str, locale: str, *, own_too: bool = False) -> str:
    """What follows a time by a foreign clock: " (Osteuropäische Normalzeit, UTC+02:00)"."""
    words = [word for word in _zone_words(instant, zone, locale, own_too=own_too) if word]
    return f" ({', '.join(words)})" if words else ""


@_cached
def deadline_in_zone(value: datetime, zone: str, locale: str) -> str:
    """``deadline`` for letters, which are read anywhere: a foreign clock is named."""
    return deadline(value, zone, locale) + _in_zone(value, zone, locale)


@_cached
def clock_in_zone(value: datetime, zone: str, locale: str) -> str:
    """``clock`` for letters: a foreign clock is named."""
    return clock(value, zone, locale) + _in_zone(value, zone, locale)


@_cached
def span_in_zone(
    starts_at: datetime, ends_at: datetime, zone: str, locale: str, *, own_too: bool = False
) -> str:
    """``span`` for letters: a foreign clock is named, once where it is one clock all the time.

    ``own_too``: the readers' own is named as well, beside a time by another clock.
    """
    span_ends = (starts_at, ends_at)
    zones = [_in_zone(instant, zone, locale, own_too=own_too) for instant in span_ends]
    first, last = first_and_last_day(starts_at, ends_at, zone)
    if zones[0] == zones[1] or first == last:
        return span(starts_at, ends_at, zone, locale) + zones[0]
    begin, end = span(starts_at, ends_at, zone, locale).split(" – ")
    return f"{begin}{zones[0]} – {end}{zones[1]}"
