"""Whether an event takes guests at the moment, as its page tells them: a pure decision.

The door itself is guarded when somebody registers; this only says beforehand what to expect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from event_mgmt.events.enums import EventStatus, Visibility, WaitingListMode


class RegistrationPhase(StrEnum):
    """What a guest can do about an event."""

    OPEN = "open"
    APPLY = "apply"
    WAITING_LIST = "waiting_list"
    NOT_YET = "not_yet"
    FULL = "full"
    CLOSED = "closed"
    INVITATION = "invitation"
    RUNNING = "running"
    OVER = "over"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"

    @property
    def takes_guests(self) -> bool:
        """Whether there is a form to fill in."""
        return self in {
            RegistrationPhase.OPEN,
            RegistrationPhase.APPLY,
            RegistrationPhase.WAITING_LIST,
        }

    @property
    def is_off(self) -> bool:
        """Whether the date shown does not hold."""
        return self in {RegistrationPhase.POSTPONED, RegistrationPhase.CANCELLED}


@dataclass(frozen=True)
class ContingentSeats:
    """One contingent: the general one, or that of the organisation with ``organisation_id``."""

    organisation_id: int | None
    capacity: int
    taken: int

    @property
    def free(self) -> int:
        """How many seats nobody has."""
        return max(self.capacity - self.taken, 0)

    @property
    def filled(self) -> str:
        """How much of it is taken, as a percentage with one digit."""
        share = self.taken / self.capacity if self.capacity else 0.0
        return f"{min(max(share, 0.0), 1.0) * 100:.1f}"

    @property
    def are_few(self) -> bool:
        """Whether the last seats are going."""
        return 0 < self.free <= max(self.capacity // 20, 3)


@dataclass(frozen=True)
class RegistrationWindow:
    """What decides about registering (instants are UTC)."""

    status: EventStatus
    visibility: Visibility
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None
    approval_needed: bool
    waiting_list: WaitingListMode


def closes_at(window: RegistrationWindow) -> datetime:
    """When registering ends: at the organiser's deadline, and never after the event began."""
    return min(window.closes_at or window.starts_at, window.starts_at)


def registration_phase(
    window: RegistrationWindow, *, free: int, now: datetime
) -> RegistrationPhase:
    """What a guest can do at ``now``, with ``free`` seats in the contingent that is asked for."""
    settled = _settled(window, now)
    if settled is not None:
        return settled
    if window.approval_needed:
        return RegistrationPhase.APPLY
    if free > 0:
        return RegistrationPhase.OPEN
    return (
        RegistrationPhase.FULL
        if window.waiting_list is WaitingListMode.OFF
        else RegistrationPhase.WAITING_LIST
    )


def _settled(window: RegistrationWindow, now: datetime) -> RegistrationPhase | None:
    """What is clear without a look at the seats: the first that holds."""
    was_held = window.status in {EventStatus.FINISHED, EventStatus.ARCHIVED}
    verdicts = (
        (window.status is EventStatus.CANCELLED, RegistrationPhase.CANCELLED),
        (was_held or now >= window.ends_at, RegistrationPhase.OVER),
        (window.status is EventStatus.POSTPONED, RegistrationPhase.POSTPONED),
        (now >= window.starts_at, RegistrationPhase.RUNNING),
        (window.visibility is Visibility.INVITATION, RegistrationPhase.INVITATION),
        (window.opens_at is not None and now < window.opens_at, RegistrationPhase.NOT_YET),
        (now >= closes_at(window), RegistrationPhase.CLOSED),
    )
    return next((verdict for holds, verdict in verdicts if holds), None)
