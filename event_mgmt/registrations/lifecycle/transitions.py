"""Locking a registration, allocating its seats, and its transition to another status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import HOLDS_SEATS, OPEN, Status
from event_mgmt.registrations.lifecycle import (
    notifications,
    proposal_persistence,
    seats,
    waiting_list,
)
from event_mgmt.registrations.lifecycle.seats import LockedPool
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.refusals import NotPossibleNow


def lock_registration(
    registration_id: int, *, include_erased: bool = False
) -> tuple[LockedPool, Registration]:
    """Lock a registration with its event and pool until the transaction ends; or Missing.

    NotPossibleNow for one whose data were erased, unless ``include_erased``.
    """
    place = db.session.execute(
        select(Registration.event_id, Registration.pool_id).where(
            Registration.id == registration_id
        )
    ).one_or_none()
    if place is None:
        raise Missing
    locked = seats.lock_event_pool(place.event_id, place.pool_id)
    registration = db.session.scalars(
        select(Registration)
        .where(Registration.id == registration_id)
        .options(selectinload(Registration.attendees).selectinload(Attendee.sensitive))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if registration is None:
        raise Missing
    if registration.erased_at is not None and not include_erased:
        raise NotPossibleNow
    return locked, registration


def mark_address_confirmed(registration: Registration, *, now: datetime) -> None:
    """Note that whoever holds the personal link reads the address it went to."""
    if registration.address_confirmed_at is None:
        registration.address_confirmed_at = now


def allocate_seats(locked: LockedPool, registration: Registration) -> Status:
    """Take seats for a registration that has none; the status that follows, or EventFull."""
    return rules.admit(
        has_seats=seats.claim(locked.pool_id, registration.seats),
        waiting_list=locked.terms.waiting_list,
    )


def transition(
    locked: LockedPool,
    registration: Registration,
    status: Status,
    *,
    by: Actor,
    now: datetime,
    facts: Mapping[str, object] | None = None,
    notifies: bool = True,
) -> None:
    """Give a registration its next status with all that follows from it.

    That is the message, the audit entry, and its seats or its place for those who wait. Seats
    that ``status`` holds must have been taken before.
    """
    before = registration.status
    registration.status = status
    registration.changed_at = now
    if status is Status.WAITLISTED:
        registration.queued_at = now
    elif status is Status.CONFIRMED:
        registration.confirmed_at = now
    elif status is Status.CANCELLED:
        registration.cancelled_at = now
    if notifies:
        notifications.notify_status(registration, now=now, facts=facts)
    audit.record(
        f"registration.{status}",
        by=by,
        now=now,
        subject="registration",
        subject_id=registration.id,
        event_id=locked.event_id,
        changes={"status": [before, status]},
    )
    db.session.flush()
    if status not in OPEN:
        proposal_persistence.delete_proposals([registration.id])
    if before in HOLDS_SEATS and status not in HOLDS_SEATS:
        seats.release(locked.pool_id, registration.seats)
        waiting_list.promote_waiting(locked, now=now)
    elif before is Status.WAITLISTED and status is not Status.WAITLISTED:
        waiting_list.promote_waiting(locked, now=now)
