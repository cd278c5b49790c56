"""A second registration with the same address: who is the same person, and what is done then.

1. The same form sent twice (the same ``nonce``) is one registration.
2. The same address and the same name at one event, with or without diacritics, is one person, as
   long as the earlier registration is open. Two names at one address are two registrations.
3. The desk refuses a second one (AlreadyRegistered), be it entered (``commands.register``) or
   made by a change (``refuse_duplicate``).
4. A public form does not tell whether somebody is registered (``register_online``): the sender
   reads what a newcomer reads, and the address gets a mail, at most one a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, exists, func, literal, or_, select, true

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import PARTICIPANT
from event_mgmt.core.database import db, table_of
from event_mgmt.core.text import full_name, name_key
from event_mgmt.mail import outbox
from event_mgmt.mail.models import Message
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.registrations.enums import OPEN, Status
from event_mgmt.registrations.lifecycle import notifications
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.people.mailboxes import MailVolume, mailbox_of
from event_mgmt.registrations.refusals import AlreadyRegistered


@dataclass(frozen=True)
class ExistingRegistration:
    """A registration that is already there: of the same form, or of the same person."""

    registration_id: int
    status: Status
    seats: int
    email: str
    locale: str
    contact: str
    same_form: bool


_REGISTRATION: Final = table_of(Registration).c
_CONTACT: Final = table_of(Attendee).c
_EARLIER: Final = (
    select(
        _REGISTRATION.id,
        _REGISTRATION.status,
        _REGISTRATION.seats,
        _REGISTRATION.email,
        _REGISTRATION.locale,
        _REGISTRATION.nonce,
        _CONTACT.given_name,
        _CONTACT.family_name,
    )
    .where(
        _CONTACT.registration_id == _REGISTRATION.id,
        _CONTACT.position == 0,
        _REGISTRATION.event_id == bindparam("event_id"),
        or_(
            _REGISTRATION.nonce == bindparam("nonce"),
            (_REGISTRATION.email == bindparam("email")) & _REGISTRATION.status.in_(OPEN),
        ),
    )
    .order_by(_REGISTRATION.id)
)
"""Built once, and on tables: building a statement and the ORM's share cost more than running it."""

_MESSAGE: Final = table_of(Message).c
_SAME_MAILBOX: Final = table_of(Registration).alias("same_mailbox").c
_OF_MAILBOX: Final = _SAME_MAILBOX.mailbox == bindparam("mailbox")
_CONFIRMED: Final = exists().where(_OF_MAILBOX, _SAME_MAILBOX.address_confirmed_at.is_not(None))


def _mails_since(moment: str) -> ColumnElement[int]:
    return (
        select(func.count())
        .where(
            _OF_MAILBOX,
            _MESSAGE.registration_id == _SAME_MAILBOX.id,
            _MESSAGE.kind.in_(notifications.FORM_TRIGGERED_KINDS),
            _MESSAGE.created_at > bindparam(moment, type_=_MESSAGE.created_at.type),
        )
        .scalar_subquery()
    )


_KNOWN: Final = _EARLIER.subquery()
_ABOUT: Final = (
    select(
        _CONFIRMED.label("is_confirmed"),
        _mails_since("an_hour_ago").label("in_an_hour"),
        _mails_since("a_day_ago").label("in_a_day"),
        *_KNOWN.c,
    )
    .select_from(select(literal(1).label("one")).subquery().outerjoin(_KNOWN, true()))
    .order_by(_KNOWN.c.id)
)
"""Who is there already, and how often the mailbox was written to: one statement for both."""


@dataclass(frozen=True)
class AddressHistory:
    """What is known of a newcomer's address: an earlier registration, and its mails."""

    existing: ExistingRegistration | None
    mails: MailVolume


def address_history(event_id: int, party: Party, nonce: str, *, now: datetime) -> AddressHistory:
    """``existing_registration``, and how often strangers' forms wrote to the party's mailbox."""
    db.session.flush()
    rows_found = db.session.execute(
        _ABOUT,
        {
            "event_id": event_id,
            "nonce": nonce,
            "email": party.email,
            "mailbox": mailbox_of(party.email),
            "an_hour_ago": now - timedelta(hours=1),
            "a_day_ago": now - timedelta(days=1),
        },
    ).all()
    first = rows_found[0]
    mailed = MailVolume(bool(first.is_confirmed), first.in_an_hour, first.in_a_day)
    people = [row for row in rows_found if row.id is not None]
    return AddressHistory(_same_in(people, party, nonce), mailed)


def existing_registration(event_id: int, party: Party, nonce: str) -> ExistingRegistration | None:
    """The registration that this form, else this person at this address, already has.

    Several guests may share an address (a secretariat answers for them); the same address and
    the same name, written with or without diacritics, is the same person.
    """
    db.session.flush()
    found = db.session.execute(
        _EARLIER, {"event_id": event_id, "nonce": nonce, "email": party.email}
    )
    return _same_in(found, party, nonce)


def _same_in(found: Iterable[Any], party: Party, nonce: str) -> ExistingRegistration | None:
    twin = None
    for row in found:
        name = full_name(row.given_name, row.family_name)
        earlier_one = ExistingRegistration(
            row.id, row.status, row.seats, row.email, row.locale, name, row.nonce == nonce
        )
        if earlier_one.same_form:
            return earlier_one
        if name_key(name) == party.contact.folded_name:
            twin = twin or earlier_one
    return twin


def refuse_duplicate(registration: Registration, email: str, name: str) -> None:
    """AlreadyRegistered where somebody of that name has another open registration at the event,
    with the same address.
    """
    others = db.session.scalars(
        select(Attendee.full_name)
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(
            Registration.event_id == registration.event_id,
            Registration.email == email,
            Registration.status.in_(OPEN),
            Registration.id != registration.id,
            Attendee.position == 0,
        )
    )
    if any(name_key(other) == name_key(name) for other in others):
        raise AlreadyRegistered


def notify_duplicate(
    before: ExistingRegistration, *, event_id: int, mails: bool, now: datetime
) -> None:
    """Note that somebody who is registered came again, and tell the address by mail.

    At most once a day, and not unless it ``mails``.
    """
    key = f"registration_again:{before.registration_id}:{now:%Y-%m-%d}"
    wanted = select(Message.id).where(Message.key == key)
    if mails and db.session.execute(wanted).scalar() is None:
        outbox.enqueue(
            MessageDraft(
                key=key,
                kind="registration_again",
                to_address=before.email,
                to_name=before.contact,
                locale=before.locale,
                event_id=event_id,
                registration_id=before.registration_id,
            ),
            now=now,
        )
    audit.record(
        "registration.repeated",
        by=PARTICIPANT,
        now=now,
        subject="registration",
        subject_id=before.registration_id,
        event_id=event_id,
    )
