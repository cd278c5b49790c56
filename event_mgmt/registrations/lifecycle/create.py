"""Creating a registration: the path that guests' own registrations and the desk's share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, exists, func, literal, or_, select, true

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db, table_of
from event_mgmt.core.refusals import Refusal
from event_mgmt.core.text import full_name, name_key
from event_mgmt.events.queries import active_questions
from event_mgmt.mail import outbox
from event_mgmt.mail.models import Message
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import OPEN, Source, Status
from event_mgmt.registrations.lifecycle import notifications, persistence, seats
from event_mgmt.registrations.lifecycle.seats import LockedPool
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.people.mailboxes import MailVolume, mailbox_of
from event_mgmt.registrations.people.party_differences import changed_fields
from event_mgmt.registrations.questions import answers


@dataclass(frozen=True)
class EntryContext:
    """The context of a new registration: by whom, from where, and what the organiser decided.

    ``mail_limit_reached``: forms have sent many mails to the address, which nobody has confirmed.
    """

    nonce: str
    by: Actor
    source: Source = Source.WEB
    check_window: bool = True
    approved: bool = False
    mail_limit_reached: bool = False


@dataclass(frozen=True)
class Receipt:
    """What a guest reads after registering; the same for somebody who was registered before.

    ``differs`` tells that this very form was sent before with other contents, which still count;
    ``is_mailed`` whether a mail about it goes out.
    """

    status: Status
    seats: int
    email: str
    differs: bool = False
    is_mailed: bool = True


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


def lock_for_entry(
    event_id: int, party: Party, context: EntryContext, *, pool_id: int | None, now: datetime
) -> LockedPool:
    """Hold event and pool; refuse what no registration there may be."""
    mailbox = mailbox_of(party.email) if context.source is Source.WEB else ""
    locked = seats.lock_event_pool(event_id, pool_id, mailbox=mailbox)
    if context.check_window:
        rules.check_open(locked.terms, now=now)
    else:
        rules.check_takes_guests(locked.terms)
    largest = locked.terms.largest_party if context.source is Source.WEB else None
    rules.check_party(party, largest=largest)
    if context.source is Source.WEB:
        rules.check_names(party)
    return locked


def with_checked_answers(
    locked: LockedPool, party: Party, source: Source, *, stored: Party | None = None
) -> Party:
    """``party`` with the answers its event asks for, and those that it once asked for and that
    stand in the party as ``stored``.

    From guests every required answer is demanded; organisers enter what they know.
    """
    if stored is None and not locked.has_questions:
        return answers.without_answers(party)
    questions = active_questions(locked.event_id) if locked.has_questions else ()
    requires_answers = source is Source.WEB
    return answers.checked_party(questions, party, requires_answers=requires_answers, stored=stored)


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


def allocate_status(locked: LockedPool, party: Party, context: EntryContext) -> Status:
    """Take seats where the party may have them, and give the status it enters with."""
    waits = _before_seats(locked, context)
    if waits is not None:
        return waits
    return rules.admit(
        has_seats=seats.claim(locked.pool_id, party.seats),
        waiting_list=locked.terms.waiting_list,
    )


def expected_status(locked: LockedPool, party: Party, context: EntryContext) -> Status:
    """What ``allocate_status`` would give, without taking a seat; refuses alike."""
    waits = _before_seats(locked, context)
    if waits is not None:
        return waits
    return rules.admit(
        has_seats=seats.has_room(locked.pool_id, party.seats),
        waiting_list=locked.terms.waiting_list,
    )


def _before_seats(locked: LockedPool, context: EntryContext) -> Status | None:
    return rules.before_seats(
        locked.terms,
        source=context.source,
        approved=context.approved,
        mail_limit_reached=context.mail_limit_reached,
    )


def create_registration(
    locked: LockedPool, party: Party, context: EntryContext, status: Status, *, now: datetime
) -> int:
    """Write the registration, its message (unless its address takes none) and its audit entry.

    Gives its id.
    """
    registration_id = persistence.insert_party(
        party,
        event_id=locked.event_id,
        pool_id=locked.pool_id,
        status=status,
        nonce=context.nonce,
        source=context.source,
        now=now,
    )
    if not context.mail_limit_reached:
        notifications.notify_new_registration(
            registration_id, locked.event_id, party, status, now=now
        )
    changes: dict[str, object] = {"status": [None, status], "seats": [None, party.seats]}
    audit.record(
        "registration.entered",
        by=context.by,
        now=now,
        subject="registration",
        subject_id=registration_id,
        event_id=locked.event_id,
        changes={**changes, "source": context.source},
    )
    return registration_id


def repeat_receipt(locked: LockedPool, before: ExistingRegistration, party: Party) -> Receipt:
    """What the sender of the same form reads the second time: the first result."""
    try:
        party = with_checked_answers(locked, party, Source.WEB)
    except Refusal:  # an answer that was taken the first time cannot have been this one
        differs = True
    else:
        stored = persistence.party_of(db.session.get_one(Registration, before.registration_id))
        differs = bool(changed_fields(stored, party))
    return Receipt(before.status, before.seats, before.email, differs)


def notify_duplicate(
    locked: LockedPool, before: ExistingRegistration, *, mails: bool, now: datetime
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
                event_id=locked.event_id,
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
        event_id=locked.event_id,
    )
