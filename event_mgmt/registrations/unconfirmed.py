"""What becomes of registrations whose address nobody has confirmed: background jobs."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db, each_in_own_transaction, transactional
from event_mgmt.core.refusals import Refusal
from event_mgmt.mail import erasing as mail_erasing
from event_mgmt.mail.models import Message
from event_mgmt.registrations import erasing, rules, steps, telling
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.words import Status


def work(now: datetime) -> None:
    """Let go on what waited for an address that is confirmed now, and end what waited in vain.

    Looks without a lock; each case is looked at again, and settled, in its own transaction.
    """
    each_in_own_transaction(partial(go_on, now=now), _waiting_for_a_confirmed_address())
    each_in_own_transaction(partial(end, now=now), _too_long(now))


_WAS_WRITTEN_TO: Final = exists().where(Message.registration_id == Registration.id)


def waiting_with(registration: Registration) -> int:
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
            Message.kind == telling.AFTER_REGISTERING[Status.UNCONFIRMED],
            Message.created_at > now - rules.ADDRESS_CHECK_LASTS,
        ),
    )
    return list(db.session.scalars(wanted))


@transactional
def go_on(registration_id: int, *, now: datetime) -> None:
    """Treat a registration as if it had come just now, since its address is confirmed.

    Where the event has each registration confirmed by itself, the mail that asks for it goes out;
    also to one that finds neither seat nor waiting list any more: its page says so.
    """
    ground, registration = steps.hold(registration_id)
    if registration.status is not Status.UNCONFIRMED:
        return
    try:
        rules.check_keeps_guests(ground.terms)
        waits = rules.before_seats(
            ground.terms,
            source=registration.source,
            address_confirmed=not ground.terms.address_check,
        )
        status = waits or steps.seat(ground, registration)
    except Refusal:
        status = Status.UNCONFIRMED
    if status is Status.UNCONFIRMED:
        telling.tell_status(registration, now=now)
    else:
        steps.move(ground, registration, status, by=SYSTEM, now=now)


@transactional
def end(registration_id: int, *, now: datetime) -> None:
    """Call off a registration that nobody confirmed in time, and take the person out of it.

    Nobody is told: the address may be somebody's who knows of nothing.
    """
    ground, registration = steps.hold(registration_id, erased_too=True)
    asked_at = _asked_at(registration)
    if not rules.is_unconfirmed_too_long(registration.status, asked_at, now=now):
        return
    steps.move(ground, registration, Status.CANCELLED, by=SYSTEM, now=now, tells=False)
    erasing.blank([registration_id], now=now)
    mail_erasing.forget(Message.registration_id == registration_id)


def _asked_at(registration: Registration) -> datetime:
    """When the address was last asked for a confirmation: what waited unmailed is asked late."""
    asked_at = db.session.scalar(
        select(Message.created_at)
        .where(
            Message.registration_id == registration.id,
            Message.kind == telling.AFTER_REGISTERING[Status.UNCONFIRMED],
        )
        .order_by(Message.created_at.desc())
        .limit(1)
    )
    return asked_at or registration.created_at
