"""Whether and how guests can register for an event at a moment: one pure decision for all pages.

Lists, the event's page, the form and the desk ask here; whoever registers is refused by it too
(``registrations.rules.check_open``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from event_mgmt.events.enums import EventStatus, Visibility, WaitingListMode


@dataclass(frozen=True)
class RegistrationTerms:
    """On which terms an event takes registrations (instants are UTC, deadlines may be open)."""

    status: EventStatus
    visibility: Visibility
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    changes_close_at: datetime | None = None
    approval_needed: bool = False
    address_check: bool = False
    largest_party: int = 4
    waiting_list: WaitingListMode = WaitingListMode.OFFER
    offer_hours: int = 24


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
class PoolState:
    """A contingent at a moment: the general one, or that of an organisation (its id and slug)."""

    id: int
    capacity: int
    taken: int
    organisation_id: int | None = None
    organisation: str = ""

    @property
    def free(self) -> int:
        """How many seats nobody has."""
        return max(self.capacity - self.taken, 0)

    @property
    def is_full(self) -> bool:
        """Whether no seat is left."""
        return self.free == 0

    @property
    def filled(self) -> str:
        """How much of it is taken, as a percentage with one digit."""
        share = self.taken / self.capacity if self.capacity else 0.0
        return f"{min(max(share, 0.0), 1.0) * 100:.1f}"

    @property
    def are_few(self) -> bool:
        """Whether the last seats are going."""
        return 0 < self.free <= max(self.capacity // 20, 3)


def registration_ends_at(terms: RegistrationTerms) -> datetime:
    """When registering ends: at the organiser's deadline, and never after the event began."""
    return min(terms.closes_at or terms.starts_at, terms.starts_at)


def is_before_opening(terms: RegistrationTerms, *, now: datetime) -> bool:
    """Whether registering begins later."""
    return terms.opens_at is not None and now < terms.opens_at


def is_within_window(terms: RegistrationTerms, *, now: datetime) -> bool:
    """Whether registering is open by the clock."""
    return not is_before_opening(terms, now=now) and now < registration_ends_at(terms)


def registration_phase(terms: RegistrationTerms, *, free: int, now: datetime) -> RegistrationPhase:
    """What a guest can do at ``now``, with ``free`` seats in the contingent that is asked for."""
    settled = _settled(terms, now)
    if settled is not None:
        return settled
    if terms.approval_needed:
        return RegistrationPhase.APPLY
    if free > 0:
        return RegistrationPhase.OPEN
    return (
        RegistrationPhase.FULL
        if terms.waiting_list is WaitingListMode.OFF
        else RegistrationPhase.WAITING_LIST
    )


def _settled(terms: RegistrationTerms, now: datetime) -> RegistrationPhase | None:
    """What is clear without a look at the seats: the first that holds."""
    was_held = terms.status in {EventStatus.FINISHED, EventStatus.ARCHIVED}
    verdicts = (
        (terms.status is EventStatus.CANCELLED, RegistrationPhase.CANCELLED),
        (was_held or now >= terms.ends_at, RegistrationPhase.OVER),
        (terms.status is EventStatus.POSTPONED, RegistrationPhase.POSTPONED),
        (now >= terms.starts_at, RegistrationPhase.RUNNING),
        (terms.visibility is Visibility.INVITATION, RegistrationPhase.INVITATION),
        (is_before_opening(terms, now=now), RegistrationPhase.NOT_YET),
        (now >= registration_ends_at(terms), RegistrationPhase.CLOSED),
    )
    return next((verdict for holds, verdict in verdicts if holds), None)
