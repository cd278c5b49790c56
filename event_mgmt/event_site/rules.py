"""Whether an event takes guests at the moment, as its page tells them: a pure decision.

The door itself is guarded when somebody registers; this only says beforehand what to expect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from event_mgmt.events.enums import EventStatus, Visibility, WaitingListMode


class Openness(StrEnum):
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
        return self in {Openness.OPEN, Openness.APPLY, Openness.WAITING_LIST}

    @property
    def is_off(self) -> bool:
        """Whether the date shown does not hold."""
        return self in {Openness.POSTPONED, Openness.CANCELLED}


@dataclass(frozen=True)
class Seats:
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
class Door:
    """What decides about registering (instants are UTC)."""

    status: EventStatus
    visibility: Visibility
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None
    approval_needed: bool
    waiting_list: WaitingListMode


def closes_at(door: Door) -> datetime:
    """When registering ends: at the organiser's deadline, and never after the event began."""
    return min(door.closes_at or door.starts_at, door.starts_at)


def openness(door: Door, *, free: int, now: datetime) -> Openness:
    """What a guest can do at ``now``, with ``free`` seats in the contingent that is asked for."""
    settled = _settled(door, now)
    if settled is not None:
        return settled
    if door.approval_needed:
        return Openness.APPLY
    if free > 0:
        return Openness.OPEN
    return Openness.FULL if door.waiting_list is WaitingListMode.OFF else Openness.WAITING_LIST


def _settled(door: Door, now: datetime) -> Openness | None:
    """What is clear without a look at the seats: the first that holds."""
    was_held = door.status in {EventStatus.FINISHED, EventStatus.ARCHIVED}
    verdicts = (
        (door.status is EventStatus.CANCELLED, Openness.CANCELLED),
        (was_held or now >= door.ends_at, Openness.OVER),
        (door.status is EventStatus.POSTPONED, Openness.POSTPONED),
        (now >= door.starts_at, Openness.RUNNING),
        (door.visibility is Visibility.INVITATION, Openness.INVITATION),
        (door.opens_at is not None and now < door.opens_at, Openness.NOT_YET),
        (now >= closes_at(door), Openness.CLOSED),
    )
    return next((verdict for holds, verdict in verdicts if holds), None)
