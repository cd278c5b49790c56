"""Enums of registrations; their values are stored, and stand in exports and the audit log."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a registration stands."""

    UNCONFIRMED = "unconfirmed"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """How a registration came about."""

    WEB = "web"
    DESK = "desk"
    IMPORT = "import"


HOLDS_SEATS: Final = frozenset({Status.CONFIRMED, Status.OFFERED})
"""The statuses whose seats count as taken.

An unconfirmed address holds none (else anybody could fill an event with made-up addresses), and
neither does an application that awaits a decision (there may be many more of them than seats).
"""

OPEN: Final = HOLDS_SEATS | {Status.UNCONFIRMED, Status.PENDING, Status.WAITLISTED}
"""The statuses that a person is still counting on."""


class FormOfAddress(StrEnum):
    """How a person wishes to be addressed. Never guessed from a name."""

    MS = "ms"
    MR = "mr"
