"""Reminders at local times that do not exist, or exist twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from event_mgmt.core.clock import at_wall_clock
from event_mgmt.events.models import Event
from event_mgmt.messaging import planner
from event_mgmt.messaging.enums import Unit
from tests.builders import a_registration, an_event
from tests.messaging.builders import a_rule, messages

LONG_BEFORE = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
SPRING, AUTUMN = (2026, 3, 29), (2026, 10, 25)

zones = pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Ljubljana"])


def _event(local: datetime, zone: str) -> Event:
    return an_event(starts_at=at_wall_clock(local, zone), time_zone=zone, published_at=LONG_BEFORE)


def _guest(event: Event) -> None:
    a_registration(event, created_at=LONG_BEFORE, confirmed_at=LONG_BEFORE)


def _rule(event: Event, amount: int | None = None, unit: Unit | None = None, **given: object):
    return a_rule(event, amount, unit, created_at=LONG_BEFORE, armed_at=LONG_BEFORE, **given)


def _instants(night: tuple[int, int, int], due: datetime) -> list[datetime]:
    """Every half hour of the night, and every five minutes where a wrong hour may be taken.

    Whatever is due too early has been told five minutes before ``due``, at the latest; a mistake
    about the change of the clock is an hour's.
    """
    begins = datetime(*night, tzinfo=UTC) - timedelta(hours=3)
    coarse = {begins + timedelta(minutes=30 * step) for step in range(2 * 12)}
    fine = {
        due + timedelta(hours=hours, minutes=minutes)
        for hours in (-1, 0, 1)
        for minutes in (-15, -10, -5, 0, 5, 10, 15)
    }
    return sorted(coarse | fine)


def _reminded_at(night: tuple[int, int, int], due: datetime) -> list[datetime]:
    """Plan at all these instants, twice each; when who was told."""
    return [
        now for now in _instants(night, due) for _ in range(2) for _ in range(planner.plan(now))
    ]


@zones
@pytest.mark.parametrize(
    ("night", "local", "due"),
    [
        # the clock goes from 02:00 to 03:00: 02:30 is 03:30 (RFC 5545, 3.3.5)
        (SPRING, (2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (SPRING, (2, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (SPRING, (1, 55), datetime(2026, 3, 29, 0, 55, tzinfo=UTC)),
        (SPRING, (3, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # the clock goes from 03:00 back to 02:00: of two 02:30 the first counts
        (AUTUMN, (2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (AUTUMN, (2, 0), datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),
        (AUTUMN, (1, 55), datetime(2026, 10, 24, 23, 55, tzinfo=UTC)),
        (AUTUMN, (3, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_day_before_at_a_time_that_does_not_exist_or_exists_twice_is_one_reminder(
    app: Flask, zone: str, night: tuple[int, int, int], local: tuple[int, int], due: datetime
) -> None:
    """An event at night on the day after the clocks change, and a reminder one day before.

    Must hold: exactly one reminder, at the instant that the calendar standard names; a planner
    that runs again in the second of two equal hours adds none.
    """
    event = _event(datetime(*night) + timedelta(days=1, hours=local[0], minutes=local[1]), zone)
    _rule(event, 1, Unit.DAYS)
    _guest(event)

    assert _reminded_at(night, due) == [due]
    assert len(messages()) == 1


@zones
@pytest.mark.parametrize(
    ("night", "due"),
    [
        (SPRING, datetime(2026, 3, 29, 0, 0, tzinfo=UTC)),  # 04:00 summer time, 01:00 by the wall
        (AUTUMN, datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),  # 04:00 winter time, the second 02:00
    ],
)
def test_two_hours_before_are_two_hours_by_the_watch_across_the_change(
    app: Flask, zone: str, night: tuple[int, int, int], due: datetime
) -> None:
    """An event at 04:00 in the night of the change, and a reminder two hours before.

    Must hold: exactly one reminder, two hours before the start.
    """
    event = _event(datetime(*night, 4, 0), zone)
    _rule(event, 2, Unit.HOURS)
    _guest(event)

    assert event.starts_at - due == timedelta(hours=2)
    assert _reminded_at(night, due) == [due]


@zones
@pytest.mark.parametrize(
    ("night", "due"),
    [
        (SPRING, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (AUTUMN, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_point_in_time_that_does_not_exist_or_exists_twice_reminds_once(
    app: Flask, zone: str, night: tuple[int, int, int], due: datetime
) -> None:
    """An organiser asks for a reminder at 02:30 in the night of the change.

    Must hold: exactly one reminder, half an hour past the gap, or at the first 02:30.
    """
    event = _event(datetime(*night, 18, 0), zone)
    _rule(event, at=at_wall_clock(datetime(*night, 2, 30), zone))
    _guest(event)

    assert _reminded_at(night, due) == [due]


@zones
def test_control_a_day_of_24_hours_would_be_another_time_of_day(zone: str) -> None:
    """The control: counting hours instead of reading the wall clock is an hour off."""
    evening = at_wall_clock(datetime(2026, 3, 29, 18, 0), zone)
    day_before = at_wall_clock(datetime(2026, 3, 28, 18, 0), zone)

    assert evening - timedelta(hours=24) != day_before
