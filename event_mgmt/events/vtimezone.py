"""Describes a time zone inside a calendar entry (VTIMEZONE, RFC 5545, 3.6.5)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import icalendar

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class OffsetChange:
    """One change of the clocks; ``onset`` is what clocks showed when it came."""

    onset: datetime
    offset_from: timedelta
    offset_to: timedelta
    name: str
    is_summer: bool


def clock_changes(zone: str, first_year: int, last_year: int) -> Iterator[OffsetChange]:
    """Every change of the clocks in ``zone`` during the years, both included."""
    info = ZoneInfo(zone)
    midnight = datetime(first_year, 1, 1, tzinfo=UTC)
    days = [midnight + timedelta(days=n) for n in range((last_year - first_year + 1) * 366)]
    for before, after in pairwise(day for day in days if day.year <= last_year):
        old, new = _offset(before, info), _offset(after, info)
        if old != new:
            local = _first_instant_of(new, before, info).astimezone(info)
            onset = (local.astimezone(UTC) + old).replace(tzinfo=None)
            yield OffsetChange(onset, old, new, local.tzname() or "", bool(local.dst()))


def _offset(instant: datetime, info: ZoneInfo) -> timedelta:
    return instant.astimezone(info).utcoffset() or timedelta()


def _first_instant_of(offset: timedelta, day: datetime, info: ZoneInfo) -> datetime:
    low, high = 0, 24 * 60
    while low < high:
        middle = (low + high) // 2
        if _offset(day + timedelta(minutes=middle), info) == offset:
            high = middle
        else:
            low = middle + 1
    return day + timedelta(minutes=low)


@functools.lru_cache(maxsize=64)
def vtimezone(zone: str, first_year: int, last_year: int) -> icalendar.Timezone:
    """The VTIMEZONE of ``zone`` that is right from ``first_year`` to ``last_year``.

    A change that comes by the same rule every year is one observance with an RRULE, because
    Outlook does not read lists of dates; any other change stands by itself.
    """
    import icalendar  # noqa: PLC0415 - only calendars need it

    result = icalendar.Timezone()
    result.add("TZID", zone)
    changes = list(clock_changes(zone, first_year - 1, last_year + 1))
    for component in _observances(changes) or [_fixed(zone, first_year)]:
        result.add_component(component)
    return result


def _observances(changes: list[OffsetChange]) -> list[icalendar.Component]:
    kinds: dict[tuple[object, ...], list[OffsetChange]] = {}
    for change in changes:
        key = (change.offset_from, change.offset_to, change.name, change.is_summer)
        kinds.setdefault(key, []).append(change)
    years = {change.onset.year for change in changes}
    found = []
    for same in kinds.values():
        rules = {_yearly_rule(change.onset) for change in same}
        if len(rules) == 1 and {change.onset.year for change in same} == years:
            found.append(_observance(same[0], rules.pop()))
        else:
            found += [_observance(change, None) for change in same]
    return found


def _yearly_rule(onset: datetime) -> tuple[int, str, int, int]:
    """Month, weekday within it ("-1SU", "2SU"), hour and minute at which the clocks change."""
    is_last = (onset + timedelta(days=7)).month != onset.month
    nth = -1 if is_last else (onset.day - 1) // 7 + 1
    return onset.month, f"{nth}{_DAYS[onset.weekday()]}", onset.hour, onset.minute


def _observance(
    change: OffsetChange, rule: tuple[int, str, int, int] | None
) -> icalendar.Component:
    import icalendar  # noqa: PLC0415 - only calendars need it

    made = icalendar.TimezoneDaylight() if change.is_summer else icalendar.TimezoneStandard()
    made.add("DTSTART", change.onset)
    made.add("TZOFFSETFROM", change.offset_from)
    made.add("TZOFFSETTO", change.offset_to)
    made.add("TZNAME", change.name)
    if rule is not None:
        made.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": rule[0], "BYDAY": rule[1]})
    return made


def _fixed(zone: str, year: int) -> icalendar.Component:
    local = datetime(year, 1, 1, tzinfo=ZoneInfo(zone))
    offset = local.utcoffset() or timedelta()
    onset = local.replace(tzinfo=None)
    return _observance(OffsetChange(onset, offset, offset, local.tzname() or "", False), None)
