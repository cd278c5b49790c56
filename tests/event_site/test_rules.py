from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from event_mgmt.event_site.rules import (
    ContingentSeats,
    RegistrationPhase,
    RegistrationWindow,
    closes_at,
    registration_phase,
)
from event_mgmt.events.enums import EventStatus, Visibility, WaitingListMode
from tests.builders import NOW

DOOR = RegistrationWindow(
    status=EventStatus.PUBLISHED,
    visibility=Visibility.PUBLIC,
    starts_at=NOW + timedelta(days=10),
    ends_at=NOW + timedelta(days=10, hours=3),
    opens_at=None,
    closes_at=None,
    approval_needed=False,
    waiting_list=WaitingListMode.OFFER,
)
HOUR = timedelta(hours=1)


def _openness(free: int = 5, **given) -> RegistrationPhase:
    return registration_phase(replace(DOOR, **given), free=free, now=NOW)


def test_an_event_with_free_seats_is_open():
    assert _openness() is RegistrationPhase.OPEN


def test_a_full_event_offers_its_waiting_list():
    assert _openness(free=0) is RegistrationPhase.WAITING_LIST
    assert (
        _openness(free=0, waiting_list=WaitingListMode.IMMEDIATE) is RegistrationPhase.WAITING_LIST
    )


def test_a_full_event_without_a_waiting_list_is_full():
    assert _openness(free=0, waiting_list=WaitingListMode.OFF) is RegistrationPhase.FULL


def test_where_the_hosts_decide_one_applies_even_when_all_seats_are_taken():
    assert _openness(approval_needed=True) is RegistrationPhase.APPLY
    assert _openness(free=0, approval_needed=True) is RegistrationPhase.APPLY


def test_registration_waits_for_its_opening():
    assert _openness(opens_at=NOW + HOUR) is RegistrationPhase.NOT_YET
    assert _openness(opens_at=NOW) is RegistrationPhase.OPEN


def test_registration_ends_at_its_deadline():
    assert _openness(closes_at=NOW) is RegistrationPhase.CLOSED
    assert _openness(closes_at=NOW + HOUR) is RegistrationPhase.OPEN


def test_registration_never_outlasts_the_beginning():
    late = replace(DOOR, closes_at=DOOR.ends_at)

    assert closes_at(late) == DOOR.starts_at


def test_an_event_runs_and_is_over():
    begun = {"starts_at": NOW - HOUR, "ends_at": NOW + HOUR}

    assert _openness(**begun) is RegistrationPhase.RUNNING
    assert _openness(starts_at=NOW - 2 * HOUR, ends_at=NOW) is RegistrationPhase.OVER
    assert _openness(status=EventStatus.FINISHED) is RegistrationPhase.OVER


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (EventStatus.CANCELLED, RegistrationPhase.CANCELLED),
        (EventStatus.POSTPONED, RegistrationPhase.POSTPONED),
    ],
)
def test_what_is_off_takes_nobody(status, expected):
    state = _openness(status=status)

    assert state is expected
    assert state.is_off
    assert not state.takes_guests


def test_a_cancelled_event_stays_cancelled_when_its_day_has_passed():
    assert (
        _openness(status=EventStatus.CANCELLED, starts_at=NOW - 2 * HOUR, ends_at=NOW - HOUR)
        is RegistrationPhase.CANCELLED
    )


def test_an_event_by_invitation_shows_no_open_door():
    assert _openness(visibility=Visibility.INVITATION) is RegistrationPhase.INVITATION


def test_a_contingent_that_shrank_below_its_guests_has_no_free_seats():
    assert ContingentSeats(None, capacity=3, taken=5).free == 0
