"""What the desk may expect of its decisions, worked out before they are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from event_mgmt.events.enums import WaitingListMode
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.refusals import EventFull
from event_mgmt.registrations.rules import DECIDABLE, admit


@dataclass(frozen=True)
class PoolSeats:
    """The seats of one pool that are free, and whether somebody waits for them."""

    free: int
    is_waited_for: bool


@dataclass(frozen=True)
class WaitingListHead:
    """A waiting list with free seats: those, and how many the first party in it wants."""

    pool_id: int
    free: int
    wanted: int

    @property
    def fits(self) -> bool:
        """Whether the first party could be served now."""
        return self.wanted <= self.free


@dataclass(frozen=True)
class AdmissionCase:
    """One party to be admitted: its pool, its seats and its present status (None: not yet in)."""

    pool_id: int
    seats: int
    status: Status | None = None


@dataclass(frozen=True)
class DecisionForecast:
    """What would become of parties: how many reach each status, how many stay as they are.

    ``seats`` counts the people of those that would be confirmed.
    """

    reached: Mapping[Status, int] = field(default_factory=dict)
    seats: int = 0
    unchanged: int = 0
    full: int = 0

    @property
    def mails(self) -> int:
        """How many mails go out: one to each party whose status changes."""
        return sum(self.reached.values())


def forecast_admission(
    cases: Iterable[AdmissionCase], seats: Mapping[int, PoolSeats], mode: WaitingListMode
) -> list[Status | None]:
    """The status each party would be admitted with, in this order; None where there is no room.

    As ``seats.claim`` does it: whoever comes after somebody who waits, waits too.
    """
    free = {pool_id: pool.free for pool_id, pool in seats.items()}
    waited_for = {pool_id for pool_id, pool in seats.items() if pool.is_waited_for}
    found: list[Status | None] = []
    for case in cases:
        has_seats = case.seats <= free[case.pool_id] and case.pool_id not in waited_for
        try:
            status = admit(has_seats=has_seats, waiting_list=mode)
        except EventFull:
            found.append(None)
            continue
        if status is Status.CONFIRMED:
            free[case.pool_id] -= case.seats
        else:
            waited_for.add(case.pool_id)
        found.append(status)
    return found


def forecast_decision(
    cases: Iterable[AdmissionCase],
    seats: Mapping[int, PoolSeats],
    mode: WaitingListMode,
    *,
    accept: bool,
) -> DecisionForecast:
    """What a yes or a no to these parties, in this order, would do."""
    all_cases = list(cases)
    decidable = [case for case in all_cases if case.status in DECIDABLE[accept]]
    unchanged = len(all_cases) - len(decidable)
    if not accept:
        reached = {Status.DECLINED: len(decidable)} if decidable else {}
        return DecisionForecast(reached=reached, unchanged=unchanged)
    statuses = forecast_admission(decidable, seats, mode)
    reached = Counter(status for status in statuses if status is not None)
    sure = zip(decidable, statuses, strict=True)
    return DecisionForecast(
        reached=dict(reached),
        seats=sum(case.seats for case, status in sure if status is Status.CONFIRMED),
        unchanged=unchanged,
        full=sum(status is None for status in statuses),
    )
