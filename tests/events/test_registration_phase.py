from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.events.enums import EventStatus, Visibility, WaitingListMode
from event_mgmt.events.registration_phase import (
    PoolState,
    RegistrationPhase,
    RegistrationTerms,
    is_within_window,
    registration_ends_at,
    registration_phase,
)
from event_mgmt.registrations.refusals import NotOpenYet, RegistrationClosed
from event_mgmt.registrations.rules import check_open
from tests.builders import NOW

TERMS = RegistrationTerms(
    status=EventStatus.PUBLISHED,
    visibility=Visibility.PUBLIC,
    starts_at=NOW + timedelta(days=10),
    ends_at=NOW + timedelta(days=10, hours=3),
    time_zone="Europe/Berlin",
)
HOUR = timedelta(hours=1)


def _phase(free: int = 5, **given) -> RegistrationPhase:
    return registration_phase(replace(TERMS, **given), free=free, now=NOW)


def test_an_event_with_free_seats_is_open():
    assert _phase() is RegistrationPhase.OPEN


def test_a_full_event_offers_its_waiting_list():
    assert _phase(free=0) is RegistrationPhase.WAITING_LIST
    assert _phase(free=0, waiting_list=WaitingListMode.IMMEDIATE) is RegistrationPhase.WAITING_LIST


def test_a_full_event_without_a_waiting_list_is_full():
    assert _phase(free=0, waiting_list=WaitingListMode.OFF) is RegistrationPhase.FULL


def test_where_the_hosts_decide_one_applies_even_when_all_seats_are_taken():
    assert _phase(approval_needed=True) is RegistrationPhase.APPLY
    assert _phase(free=0, approval_needed=True) is RegistrationPhase.APPLY


def test_registration_waits_for_its_opening():
    assert _phase(opens_at=NOW + HOUR) is RegistrationPhase.NOT_YET
    assert _phase(opens_at=NOW) is RegistrationPhase.OPEN


def test_registration_ends_at_its_deadline():
    assert _phase(closes_at=NOW) is RegistrationPhase.CLOSED
    assert _phase(closes_at=NOW + HOUR) is RegistrationPhase.OPEN


def test_registration_never_outlasts_the_beginning():
    late = replace(TERMS, closes_at=TERMS.ends_at)

    assert registration_ends_at(late) == TERMS.starts_at


def test_an_event_runs_and_is_over():
    begun = {"starts_at": NOW - HOUR, "ends_at": NOW + HOUR}

    assert _phase(**begun) is RegistrationPhase.RUNNING
    assert _phase(starts_at=NOW - 2 * HOUR, ends_at=NOW) is RegistrationPhase.OVER
    assert _phase(status=EventStatus.FINISHED) is RegistrationPhase.OVER


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (EventStatus.CANCELLED, RegistrationPhase.CANCELLED),
        (EventStatus.POSTPONED, RegistrationPhase.POSTPONED),
    ],
)
def test_what_is_off_takes_nobody(status, expected):
    state = _phase(status=status)

    assert state is expected
    assert state.is_off
    assert not state.takes_guests


def test_a_cancelled_event_stays_cancelled_when_its_day_has_passed():
    assert (
        _phase(status=EventStatus.CANCELLED, starts_at=NOW - 2 * HOUR, ends_at=NOW - HOUR)
        is RegistrationPhase.CANCELLED
    )


def test_an_event_by_invitation_shows_no_open_door():
    assert _phase(visibility=Visibility.INVITATION) is RegistrationPhase.INVITATION


def test_a_contingent_that_shrank_below_its_guests_has_no_free_seats():
    assert PoolState(1, capacity=3, taken=5).free == 0


REFUSED_AS = {
    RegistrationPhase.NOT_YET: NotOpenYet,
    RegistrationPhase.INVITATION: Missing,
    RegistrationPhase.CLOSED: RegistrationClosed,
    RegistrationPhase.RUNNING: RegistrationClosed,
    RegistrationPhase.OVER: RegistrationClosed,
    RegistrationPhase.POSTPONED: RegistrationClosed,
    RegistrationPhase.CANCELLED: RegistrationClosed,
}
INSTANTS = st.integers(-5, 5).map(lambda hours: NOW + hours * HOUR)


@given(
    st.builds(
        RegistrationTerms,
        status=st.sampled_from([s for s in EventStatus if s is not EventStatus.DRAFT]),
        visibility=st.sampled_from(Visibility),
        starts_at=INSTANTS,
        ends_at=st.integers(6, 9).map(lambda hours: NOW + hours * HOUR),
        time_zone=st.just("Europe/Berlin"),
        opens_at=st.none() | INSTANTS,
        closes_at=st.none() | INSTANTS,
        approval_needed=st.booleans(),
        waiting_list=st.sampled_from(WaitingListMode),
    ),
    st.integers(0, 1),
)
def test_what_pages_say_is_what_registering_does(terms: RegistrationTerms, free: int) -> None:
    phase = registration_phase(terms, free=free, now=NOW)
    refusal = _refusal(terms)

    assert (refusal is None) is (phase not in REFUSED_AS)
    assert not (refusal and phase.takes_guests)
    if refusal is None:
        assert is_within_window(terms, now=NOW)
    elif terms.visibility is not Visibility.INVITATION and terms.opens_at is None:
        assert refusal is REFUSED_AS[phase]


def _refusal(terms: RegistrationTerms) -> type[Refusal] | None:
    try:
        check_open(terms, now=NOW)
    except Refusal as refusal:
        return type(refusal)
    return None
