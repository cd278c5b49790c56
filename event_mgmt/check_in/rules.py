"""When the door is open, for whom, and what follows of what was done there. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from event_mgmt.check_in.enums import DoorActionKind
from event_mgmt.check_in.refusals import DoorClosed, NotExpected
from event_mgmt.events.enums import EventStatus
from event_mgmt.registrations.enums import Status

DOOR_OPENS: Final = timedelta(days=1)
"""So long before the start people may be checked in; afterwards a paper list is still entered."""

_ARRIVALS: Final = frozenset(
    {DoorActionKind.IN, DoorActionKind.WALK_IN, DoorActionKind.SUBSTITUTION}
)


@dataclass(frozen=True)
class Action:
    """What arrival needs to know of one door action."""

    id: int
    kind: DoorActionKind
    scanned_at: datetime
    refers_to_id: int | None = None


def door_is_open(status: EventStatus, starts_at: datetime, *, now: datetime) -> bool:
    """Whether people are checked in at an event in ``status`` that starts at that instant."""
    held = status in {EventStatus.PUBLISHED, EventStatus.FINISHED}
    return held and now >= starts_at - DOOR_OPENS


def check_door(
    event: EventStatus, starts_at: datetime, registration: Status, *, now: datetime
) -> None:
    """Refuse to check somebody in: DoorClosed, or NotExpected without a confirmed seat."""
    if not door_is_open(event, starts_at, now=now):
        raise DoorClosed
    if registration is not Status.CONFIRMED:
        raise NotExpected


def arrived_at(actions: Iterable[Action]) -> datetime | None:
    """When somebody arrived, from everything that was done about them, in whichever order.

    That is the first arrival that nobody has taken back. Who goes out has still arrived.
    """
    known = list(actions)
    taken_back = {each.refers_to_id for each in known if each.kind is DoorActionKind.UNDO}
    arrivals = [
        each.scanned_at for each in known if each.kind in _ARRIVALS and each.id not in taken_back
    ]
    return min(arrivals, default=None)
