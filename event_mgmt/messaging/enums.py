"""Enums of reminder rules: the stored unit of a timing, and where a rule stands at a moment."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from event_mgmt.registrations.enums import Status


class Unit(StrEnum):
    """What a relative rule counts in: days by the wall clock, hours by the watch."""

    DAYS = "days"
    HOURS = "hours"


class Phase(StrEnum):
    """Where a rule stands at one moment, for one occurrence of its event."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVER = "over"


REMINDABLE: Final = (Status.CONFIRMED, Status.OFFERED, Status.WAITLISTED, Status.PENDING)
"""Whom a rule may remind: people who count on the event and whose address is theirs."""
