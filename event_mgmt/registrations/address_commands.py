"""What becomes of registrations whose address nobody has confirmed: background jobs."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from event_mgmt.audit.service import PARTICIPANT, SYSTEM
from event_mgmt.core.database import db, each_in_own_transaction, transactional
from event_mgmt.core.refusals import Refusal
from event_mgmt.mail import erasure as mail_erasure
from event_mgmt.mail.models import Message
from event_mgmt.registrations import erasure, rules
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import (
    notifications,
    transitions,
)
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.recipient_kinds import REGISTRATION
from event_mgmt.registrations.refusals import (
    NotPossibleNow,
)


def confirm_address(registration_id: int, *, now: datetime) -> None:
    """The contact has shown to own the address: go on to the decision, a seat or the list.

    What else waits for this address goes on soon after (``resume_confirmed``). Saying so twice
    changes nothing. RegistrationClosed when the event takes nobody any more,
    EventFull when the last seat went meanwhile, NotPossibleNow when it was called off.
    """
    _note_confirmed(registration_id, now=now)  # stands, even where there is no seat any more
    _go_on_confirmed(registration_id, now=now)


@transactional
def _note_confirmed(registration_id: int, *, now: datetime) -> None:
    _ground, registration = transitions.lock_registration(registration_id)
    if registration.status is Status.CANCELLED:
        raise NotPossibleNow
    transitions.mark_address_confirmed(registration, now=now)


@transactional
def _go_on_confirmed(registration_id: int, *, now: datetime) -> None:
    locked, registration = transitions.lock_registration(registration_id)
    if registration.status is not Status.UNCONFIRMED:
        return
    rules.check_keeps_guests(locked.terms)
    waits = rules.before_seats(locked.terms, source=registration.source, address_confirmed=True)
    transitions.transition(
        locked,
        registration,
        waits or transitions.allocate_seats(locked, registration),
        by=PARTICIPANT,
        now=now,
    )


def process_unconfirmed(now: datetime) -> None:
    """Let go on what waited for an address that is confirmed now, and end what waited in vain.

    Looks without a lock; each case is looked at again, and settled, in its own transaction.
    """
    each_in_own_transaction(partial(resume_confirmed, now=now), _waiting_for_a_confirmed_address())
    each_in_own_transaction(partial(end_unconfirmed, now=now), _too_long(now))


_WAS_WRITTEN_TO: Final = exists().where(Message.registration_id == Registration.id)


def count_waiting_for_address(registration: Registration) -> int:
    """How many other registrations wait unmailed until this one's address is confirmed."""
    if registration.address_confirmed_at is not None:
        return 0
    waiting = select(func.count()).where(
        Registration.mailbox == registration.mailbox,
        Registration.id != registration.id,
        Registration.status == Status.UNCONFIRMED,
        ~_WAS_WRITTEN_TO,
    )
    return db.session.execute(waiting).scalar_one()


def _waiting_for_a_confirmed_address() -> list[int]:
    confirmed = aliased(Registration)
    wanted = (
        select(Registration.id)
        .where(
            Registration.status == Status.UNCONFIRMED,
            ~_WAS_WRITTEN_TO,
            exists().where(
                confirmed.mailbox == Registration.mailbox,
                confirmed.address_confirmed_at.is_not(None),
            ),
        )
        .order_by(Registration.created_at, Registration.id)
    )
    return list(db.session.scalars(wanted))


def _too_long(now: datetime) -> list[int]:
    wanted = select(Registration.id).where(
        Registration.status == Status.UNCONFIRMED,
        Registration.created_at <= now - rules.ADDRESS_CHECK_LASTS,
        ~exists().where(
            Message.registration_id == Registration.id,
            Message.kind == notifications.STATUS_MAIL_KINDS[Status.UNCONFIRMED],
            Message.created_at > now - rules.ADDRESS_CHECK_LASTS,
        ),
    )
    return list(db.session.scalars(wanted))


@transactional
def resume_confirmed(registration_id: int, *, now: datetime) -> None:
    """Treat a registration as if it had come just now, since its address is confirmed.

    Where the event has each registration confirmed by itself, the mail that asks for it goes out;
    also to one that finds neither seat nor waiting list any more: its page says so.
    """
    locked, registration = transitions.lock_registration(registration_id)
    if registration.status is not Status.UNCONFIRMED:
        return
    try:
        rules.check_keeps_guests(locked.terms)
        waits = rules.before_seats(
            locked.terms,
            source=registration.source,
            address_confirmed=not locked.terms.address_check,
        )
        status = waits or transitions.allocate_seats(locked, registration)
    except Refusal:
        status = Status.UNCONFIRMED
    if status is Status.UNCONFIRMED:
        notifications.notify_status(registration, now=now)
    else:
        transitions.transition(locked, registration, status, by=SYSTEM, now=now)


@transactional
def end_unconfirmed(registration_id: int, *, now: datetime) -> None:
    """Call off a registration that nobody confirmed in time, and take the person out of it.

    Nobody is told: the address may be somebody's who knows of nothing.
    """
    locked, registration = transitions.lock_registration(registration_id, include_erased=True)
    asked_at = _asked_at(registration)
    if not rules.is_unconfirmed_too_long(registration.status, asked_at, now=now):
        return
    transitions.transition(
        locked, registration, Status.CANCELLED, by=SYSTEM, now=now, notifies=False
    )
    erasure.erase_people([registration_id], now=now)
    mail_erasure.erase_recipients(REGISTRATION, [registration_id])


def _asked_at(registration: Registration) -> datetime:
    """When the address was last asked for a confirmation: what waited unmailed is asked late."""
    asked_at = db.session.scalar(
        select(Message.created_at)
        .where(
            Message.registration_id == registration.id,
            Message.kind == notifications.STATUS_MAIL_KINDS[Status.UNCONFIRMED],
        )
        .order_by(Message.created_at.desc())
        .limit(1)
    )
    return asked_at or registration.created_at
