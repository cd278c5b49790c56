"""What the page of one party offers, by the party's status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import OPEN, Status
from event_mgmt.registrations.models import Registration


@dataclass(frozen=True)
class PartyActions:
    """What organisers may do with a party, whatever their rights; ``held_until``: its offer."""

    is_open: bool
    is_confirmed: bool
    may_accept: bool
    may_decline: bool
    may_offer_seats: bool
    held_until: datetime | None


def actions_for(registration: Registration) -> PartyActions:
    """The actions for ``registration``; none for one whose people were erased."""
    status, is_there = registration.status, registration.erased_at is None
    return PartyActions(
        is_open=is_there and status in OPEN,
        is_confirmed=status is Status.CONFIRMED,
        may_accept=is_there and status in rules.DECIDABLE[True],
        may_decline=is_there and status in rules.DECIDABLE[False],
        may_offer_seats=is_there and status is Status.WAITLISTED,
        held_until=registration.offer_expires_at if status is Status.OFFERED else None,
    )
