"""Seats offered to those who wait: taking, declining, renewing and expiring offers.

Every command is one transaction.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import select

from event_mgmt.audit.service import PARTICIPANT, SYSTEM, ActorKind
from event_mgmt.core.database import db, each_in_own_transaction, transactional
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import seats, transitions, waiting_list
from event_mgmt.registrations.lifecycle.seats import LockedPool
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.refusals import (
    NotPossibleNow,
    OfferExpired,
)


@transactional
def accept_offer(registration_id: int, *, now: datetime) -> None:
    """The party takes the seats that are held for it. OfferExpired after the deadline."""
    locked, registration = transitions.lock_registration(registration_id)
    if registration.status is Status.CONFIRMED:
        return
    if registration.status is not Status.OFFERED:
        raise OfferExpired if registration.offer_expires_at else NotPossibleNow
    rules.check_keeps_guests(locked.terms)
    if _is_offer_over(locked, registration, now=now):
        raise OfferExpired
    transitions.mark_address_confirmed(registration, now=now)
    transitions.transition(locked, registration, Status.CONFIRMED, by=PARTICIPANT, now=now)


def _is_offer_over(locked: LockedPool, registration: Registration, *, now: datetime) -> bool:
    return rules.is_offer_over(
        registration.status, registration.offer_expires_at, event=locked.terms.status, now=now
    )


@transactional
def decline_offer(registration_id: int, *, now: datetime) -> None:
    """The party does not want the seats any more; the next one is offered them at once."""
    locked, registration = transitions.lock_registration(registration_id)
    if registration.status is Status.CANCELLED:
        return
    if registration.status is not Status.OFFERED:
        raise NotPossibleNow
    transitions.mark_address_confirmed(registration, now=now)
    facts = {"by": ActorKind.PARTICIPANT, "reason": ""}
    transitions.transition(
        locked, registration, Status.CANCELLED, by=PARTICIPANT, now=now, facts=facts
    )


@transactional
def fill_free_seats(pool_id: int, *, now: datetime) -> int:
    """Give a pool's free seats to those who wait, in their order; gives how many parties."""
    return waiting_list.promote_waiting(seats.lock_pool(pool_id), now=now)


@transactional
def renew_offers(pool_id: int, *, resumes: bool, now: datetime) -> int:
    """After the event got another date: who has an offer gets a deadline to go with it.

    Where the event ``resumes`` after it had none, that is everybody with an offer; else those
    whose deadline would lie after the start. Gives how many.
    """
    return waiting_list.renew_offers(seats.lock_pool(pool_id), resumes=resumes, now=now)


def expire_offers(now: datetime) -> None:
    """Background job: end offers that ran out.

    Looks without a lock; each case is looked at again, and settled, in its own transaction.
    """
    late = db.session.scalars(
        select(Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(
            Registration.status == Status.OFFERED,
            Registration.offer_expires_at <= now,
            Event.status != EventStatus.POSTPONED,
        )
    ).all()
    each_in_own_transaction(partial(_expire, now=now), late)


@transactional
def _expire(registration_id: int, *, now: datetime) -> None:
    locked, registration = transitions.lock_registration(registration_id, include_erased=True)
    if _is_offer_over(locked, registration, now=now):
        facts = {"by": ActorKind.SYSTEM, "cause": "offer_expired"}
        transitions.transition(
            locked, registration, Status.CANCELLED, by=SYSTEM, now=now, facts=facts
        )
