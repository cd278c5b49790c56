"""A registration's own entry in its contact's calendar: which one it is, and its newest version.

The identity (UID) is random and stored: it says nothing of the registration, is not given again
after a restore, and does not change when the site moves. Each message that may carry the entry
takes the next version (SEQUENCE) as it is queued, so that every attempt to send it says the same.
See docs/decisions/ on calendar entries.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, case, func, literal

from event_mgmt.events.calendar import CalendarIdentity, uid_of
from event_mgmt.mail.models import Message
from event_mgmt.registrations.models import Registration, new_calendar_uid

_IDENTITY: Final = re.compile(r"[A-Za-z0-9.@:_-]+")
_BEGINNING: Final = datetime(2025, 1, 1, tzinfo=UTC)
_LAST_BY_CLOCK: Final = 2_000_000_000
"""The clock's share ends here (in 2088), so that counting up stays below 2**31."""


def next_sequence(last: int, *, now: datetime) -> int:
    """The version that follows ``last``: seconds since 2025, unless ``last`` is as high already.

    By the clock and not by counting alone: a database restored from a backup does not know what was
    sent since, and must not begin below it.
    """
    return max(last + 1, _by_clock(now))


def _by_clock(now: datetime) -> int:
    return min(int((now - _BEGINNING).total_seconds()), _LAST_BY_CLOCK)


def take_next_sequence(registration: Registration, *, now: datetime) -> int:
    """Take the next version for a message about ``registration``; gives it."""
    registration.calendar_uid = uid(registration)
    registration.calendar_sequence = next_sequence(registration.calendar_sequence, now=now)
    return registration.calendar_sequence


def next_sequence_values(event_id: int, *, now: datetime) -> dict[str, ColumnElement[object]]:
    """What ``take_next_sequence`` does, as values for one UPDATE of an event's registrations."""
    least = _by_clock(now)
    last = Registration.calendar_sequence
    return {
        "calendar_uid": func.coalesce(Registration.calendar_uid, uid_of(event_id)),
        "calendar_sequence": case((last >= least, last + 1), else_=literal(least)),
    }


def uid(registration: Registration) -> str:
    """The identity of the entry; a registration that has none stored was entered by the version
    before, during an upgrade, and has the one that its event's entries shared then.

    What no identity can be was not stored by us, and is not written into a calendar.
    """
    stored = registration.calendar_uid or ""
    return stored if _IDENTITY.fullmatch(stored) else uid_of(registration.event_id)


def detach_address(registration: Registration) -> str | None:
    """The contact's address changes: gives the identity that stays behind with the old one, if any.

    The entry moves along. Only an identity that the event's entries shared before they had their
    own stays behind: at the new address another guest may have it.
    """
    left = uid(registration)
    if "@" not in left:
        return None
    registration.calendar_uid = new_calendar_uid()
    return left


def newest_identity(registration: Registration) -> CalendarIdentity:
    """The entry as the newest message carries it."""
    return CalendarIdentity(uid(registration), registration.calendar_sequence)


def identity(registration: Registration, message: Message) -> CalendarIdentity:
    """The entry as ``message`` carries it.

    One that was queued by the version before has taken no version: it gets the one of its instant.
    """
    sequence = message.calendar_sequence
    if sequence is None:
        sequence = next_sequence(0, now=message.created_at)
    return CalendarIdentity(str(message.facts.get("calendar_uid") or uid(registration)), sequence)
