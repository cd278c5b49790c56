"""Who has arrived: checking people in at the door, and taking that back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.registrations import rules
from event_mgmt.registrations.models import Attendee


@transactional
def check_in(attendee_id: int, *, event_id: int, by: Actor, now: datetime) -> Attendee:
    """Note that somebody has arrived. A second press, or a second door, changes nothing.

    Raises Missing where the event has no such attendee, DoorClosed before the day of the event
    or when it is off, NotExpected for somebody without a confirmed seat.
    """
    attendee = _attendee(attendee_id, event_id)
    event = db.session.get_one(Event, event_id)
    rules.check_door(event.status, event.starts_at, attendee.registration.status, now=now)
    arrived = _set(attendee, None, now)
    if arrived:
        _record("attendee.checked_in", attendee, by=by, now=now)
    return attendee


@transactional
def undo_check_in(attendee_id: int, *, event_id: int, by: Actor, now: datetime) -> Attendee:
    """Take an arrival back, at any time; harmless where nobody has arrived. Raises Missing."""
    attendee = _attendee(attendee_id, event_id)
    if attendee.checked_in_at is not None and _set(attendee, attendee.checked_in_at, None):
        _record("attendee.check_in_undone", attendee, by=by, now=now)
    return attendee


def _attendee(attendee_id: int, event_id: int) -> Attendee:
    attendee = db.session.get(Attendee, attendee_id)
    if attendee is None or attendee.event_id != event_id:
        raise Missing
    return attendee


def _set(attendee: Attendee, before: datetime | None, after: datetime | None) -> bool:
    """One conditional UPDATE, so that of two doors one has checked the person in."""
    changed = db.session.execute(
        update(Attendee)
        .where(Attendee.id == attendee.id, Attendee.checked_in_at.is_not_distinct_from(before))
        .values(checked_in_at=after)
        .returning(Attendee.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    db.session.expire(attendee, ["checked_in_at"])
    return changed is not None


def _record(action: str, attendee: Attendee, *, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        by=by,
        now=now,
        subject="registration",
        subject_id=attendee.registration_id,
        event_id=attendee.event_id,
        changes={"attendee_id": attendee.id},
    )
