"""What somebody at the door does. Every verb is one transaction, and may be sent twice."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.check_in import rules
from event_mgmt.check_in.enums import DoorActionKind
from event_mgmt.check_in.models import DoorAction
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
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
    if attendee.checked_in_at is None:
        _add(DoorActionKind.IN, attendee, by=by, now=now)
        _record("attendee.checked_in", attendee, by=by, now=now)
    return attendee


@transactional
def undo_check_in(attendee_id: int, *, event_id: int, by: Actor, now: datetime) -> Attendee:
    """Take an arrival back, at any time; harmless where nobody has arrived. Raises Missing."""
    attendee = _attendee(attendee_id, event_id)
    if attendee.checked_in_at is not None:
        _add(DoorActionKind.UNDO, attendee, by=by, now=now, refers_to_id=_last_arrival(attendee))
        _record("attendee.check_in_undone", attendee, by=by, now=now)
    return attendee


def _attendee(attendee_id: int, event_id: int) -> Attendee:
    """The attendee, locked, so that of two doors one checks the person in; Missing."""
    attendee = db.session.scalars(
        select(Attendee)
        .where(Attendee.id == attendee_id, Attendee.event_id == event_id)
        .with_for_update(of=Attendee)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if attendee is None:
        raise Missing
    return attendee


def _add(
    kind: DoorActionKind,
    attendee: Attendee,
    *,
    by: Actor,
    now: datetime,
    refers_to_id: int | None = None,
) -> None:
    """Write an action down, and what follows for the person."""
    action = DoorAction(
        client_id=str(uuid.uuid4()),
        kind=kind,
        event_id=attendee.event_id,
        attendee_id=attendee.id,
        scanned_at=now,
        received_at=now,
        user_id=by.user_id,
        refers_to_id=refers_to_id,
    )
    db.session.add(action)
    db.session.flush()
    done = db.session.scalars(select(DoorAction).where(DoorAction.attendee_id == attendee.id))
    attendee.checked_in_at = rules.arrived_at(
        rules.Action(each.id, each.kind, each.scanned_at, each.refers_to_id) for each in done
    )


def _last_arrival(attendee: Attendee) -> int | None:
    """The action that is taken back; None where the version before had noted the arrival."""
    newest = select(DoorAction.id).where(
        DoorAction.attendee_id == attendee.id, DoorAction.kind == DoorActionKind.IN
    )
    return db.session.scalars(newest.order_by(DoorAction.id.desc()).limit(1)).first()


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
