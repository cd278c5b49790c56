"""The waiting list: freed seats go to whoever has waited longest, parties whole."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import SYSTEM, Actor
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus, WaitingListMode
from event_mgmt.events.registration_phase import RegistrationTerms
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import notifications, seats
from event_mgmt.registrations.lifecycle.seats import LockedPool
from event_mgmt.registrations.models import Registration

_AT_ONCE = 50


def promote_waiting(locked: LockedPool, *, now: datetime) -> int:
    """Give the pool's free seats to those who wait, in their order; gives how many parties.

    Stops at the first party that does not fit: nobody is passed by a smaller one.
    """
    terms = locked.terms
    if (
        terms.waiting_list is WaitingListMode.OFF
        or terms.status is not EventStatus.PUBLISHED
        or now >= terms.starts_at
    ):
        return 0
    served = 0
    while batch := _next_in_line(locked.pool_id):
        for registration in batch:
            if not promote_one(locked, registration, now=now):
                return served
            served += 1
        db.session.flush()
    return served


def _next_in_line(pool_id: int) -> list[Registration]:
    return list(
        db.session.scalars(
            select(Registration)
            .where(Registration.pool_id == pool_id, Registration.status == Status.WAITLISTED)
            .order_by(Registration.queued_at, Registration.id)
            .limit(_AT_ONCE)
            .options(selectinload(Registration.attendees))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def promote_one(
    locked: LockedPool, registration: Registration, *, now: datetime, by: Actor = SYSTEM
) -> bool:
    """Offer a waiting party its seats, or confirm it; tells whether there were seats and time.

    Does not ask who has waited longer: that is the caller's business.
    """
    terms = locked.terms
    sent_at, deadline = _time_to_answer(terms, now=now)
    offers = terms.waiting_list is WaitingListMode.OFFER
    if offers and not rules.is_worth_offering(sent_at, deadline):
        return False
    if not seats.claim(locked.pool_id, registration.seats, ignore_waiting_list=True):
        return False
    registration.changed_at = now
    if offers:
        registration.status = Status.OFFERED
        registration.offer_expires_at = deadline
    else:
        registration.status = Status.CONFIRMED
        registration.confirmed_at = now
    notifications.notify_status(
        registration, now=now, facts={"from_waiting_list": True}, due_at=sent_at
    )
    audit.record(
        f"registration.{registration.status}",
        by=by,
        now=now,
        subject="registration",
        subject_id=registration.id,
        event_id=locked.event_id,
        changes={"status": [Status.WAITLISTED, registration.status]},
    )
    return True


def _time_to_answer(terms: RegistrationTerms, *, now: datetime) -> tuple[datetime, datetime]:
    """From when to when somebody could answer an offer that is made ``now``."""
    sent_at = rules.send_time(now, starts_at=terms.starts_at, zone=terms.time_zone)
    deadline = rules.offer_deadline(
        sent_at, hours=terms.offer_hours, starts_at=terms.starts_at, zone=terms.time_zone
    )
    return sent_at, deadline


def renew_offers(locked: LockedPool, *, resumes: bool, now: datetime) -> int:
    """Give a pool's open offers a deadline that goes with the event's new date, and tell it."""
    sent_at, deadline = _time_to_answer(locked.terms, now=now)
    offered = select(Registration).where(
        Registration.pool_id == locked.pool_id, Registration.status == Status.OFFERED
    )
    if not resumes:
        offered = offered.where(Registration.offer_expires_at > locked.terms.starts_at)
    found = db.session.scalars(
        offered.order_by(Registration.id)
        .options(selectinload(Registration.attendees))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for registration in found:
        registration.offer_expires_at = deadline
        registration.changed_at = now
        notifications.notify_status(
            registration, now=now, facts={"from_waiting_list": True}, due_at=sent_at
        )
        audit.record(
            "registration.offered",
            by=SYSTEM,
            now=now,
            subject="registration",
            subject_id=registration.id,
            event_id=locked.event_id,
        )
    return len(found)


def position_of(registration: Registration) -> int | None:
    """Which place a waiting party has in its pool's waiting list, from 1; None if it has none."""
    if registration.status is not Status.WAITLISTED:
        return None
    before = or_(
        Registration.queued_at < registration.queued_at,
        (Registration.queued_at == registration.queued_at) & (Registration.id < registration.id),
    )
    ahead = db.session.execute(
        select(func.count()).where(
            Registration.pool_id == registration.pool_id,
            Registration.status == Status.WAITLISTED,
            before,
        )
    ).scalar_one()
    return ahead + 1
