"""What organisers do with one registration at the desk. Every verb is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Refusal
from event_mgmt.mail import outbox
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations import rules
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.changes.party_update import (
    FORMER_ADDRESS_SUFFIX,
    notify_former_address,
)
from event_mgmt.registrations.enums import OPEN, Status
from event_mgmt.registrations.lifecycle import (
    calendar_entries,
    duplicates,
    notifications,
    persistence,
    seats,
    transitions,
    waiting_list,
)
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import many_lines
from event_mgmt.registrations.recipient_kinds import REGISTRATION
from event_mgmt.registrations.refusals import NotPossibleNow, TooFewSeats

NOTE_MAX: Final = 2000


class MailPending(Refusal):
    """The same mail has been written and has not gone out yet."""

    message = _l("This mail is on its way already.")


@transactional
def save_note(registration_id: int, note: str, *, by: Actor, now: datetime) -> None:
    """Replace the staff's note on a registration; guests never see it."""
    locked, registration = transitions.lock_registration(registration_id)
    text = many_lines(note)[:NOTE_MAX]
    if text == registration.staff_note:
        return
    registration.staff_note = text
    _record("registration.noted", registration, locked.event_id, by=by, now=now)


@transactional
def resend_status_mail(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Send the mail about the present status once more.

    MailPending while it still waits to go, NotPossibleNow where it would say nothing.
    """
    locked, registration = transitions.lock_registration(registration_id)
    if not rules.announces_status(registration.status, locked.terms.status):
        raise NotPossibleNow
    if _is_on_its_way(registration):
        raise MailPending
    _notify_again(registration, now=now)
    _record("registration.resent", registration, locked.event_id, by=by, now=now)


@transactional
def renew_link(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Make the personal link worthless, and send the mail about the status with a new one."""
    locked, registration = transitions.lock_registration(registration_id)
    registration.link_version += 1
    _notify_again(registration, now=now)
    _record("registration.link_renewed", registration, locked.event_id, by=by, now=now)


@transactional
def correct_address(registration_id: int, email: str, *, by: Actor, now: datetime) -> None:
    """Write to another address from now on; mails that wait go there too, but for the word to a
    former address that it is one.

    The same address again says that it is right: a refusal of it is forgotten.
    Whoever reads the former address may be a stranger: the personal link that went there ends,
    and where mail has arrived, it is told. NotPossibleNow for a registration that is over,
    AlreadyRegistered when this person is registered with that address.
    """
    locked, registration = transitions.lock_registration(registration_id)
    if registration.status not in OPEN:
        raise NotPossibleNow
    if email == registration.email:
        registration.address_failed_at = None
        return
    contact = registration.attendees[0]
    name = contact.full_name
    duplicates.refuse_duplicate(registration, email, name)
    before, has_arrived = persistence.party_of(registration), _has_arrived(registration)
    registration.email = email
    registration.address_failed_at = None
    registration.changed_at = now
    registration.link_version += 1
    proposal_commands.reconcile_with_desk(registration, before)
    db.session.flush()
    outbox.readdress(REGISTRATION, registration_id, email, but_keys_ending=FORMER_ADDRESS_SUFFIX)
    _notify_again(registration, now=now)
    if has_arrived:
        notify_former_address(registration, before.email, name, now=now)
    else:
        calendar_entries.detach_address(registration)
    changes = {"fields": ["email"]}
    _record("registration.changed", registration, locked.event_id, by=by, now=now, changes=changes)


@transactional
def offer_seats_now(registration_id: int, *, by: Actor, now: datetime) -> Status:
    """Give a waiting party its seats now, even before others who wait longer.

    The organiser's own decision: the rule that nobody is passed binds the system, and leaves
    seats empty where the first party is too large for them. Gives the new status (offered, or
    confirmed where the event confirms at once). TooFewSeats, or NotPossibleNow.
    """
    locked, registration = transitions.lock_registration(registration_id)
    if registration.status is not Status.WAITLISTED:
        raise NotPossibleNow
    rules.check_takes_guests(locked.terms)
    if not waiting_list.promote_one(locked, registration, now=now, by=by):
        if seats.free_seats(locked.pool_id) < registration.seats:
            raise TooFewSeats
        raise NotPossibleNow
    db.session.flush()
    return registration.status


@transactional
def record_sensitive_read(registration_id: int, *, by: Actor, now: datetime) -> None:
    """Note that somebody has looked at the sensitive answers of a party."""
    locked, registration = transitions.lock_registration(registration_id)
    _record("registration.sensitive_read", registration, locked.event_id, by=by, now=now)


def _is_on_its_way(registration: Registration) -> bool:
    waits = select(Message.id).where(
        Message.registration_id == registration.id,
        Message.kind == notifications.STATUS_MAIL_KINDS[registration.status],
        Message.state.in_((MessageState.QUEUED, MessageState.SENDING)),
    )
    return db.session.execute(waits.limit(1)).first() is not None


def _has_arrived(registration: Registration) -> bool:
    """Whether a mail went to the address as it stands, and none of them was refused."""
    sent = select(Message.id).where(
        Message.registration_id == registration.id,
        Message.to_address == registration.email,
        Message.state == MessageState.SENT,
    )
    if registration.address_failed_at is not None:
        return False
    return db.session.execute(sent.limit(1)).first() is not None


def _notify_again(registration: Registration, *, now: datetime) -> None:
    """Write the mail about the status again; reminders that wait stay as they are."""
    kind = notifications.STATUS_MAIL_KINDS[registration.status]
    facts = _last_facts(registration)
    outbox.withdraw_from(REGISTRATION, registration.id, kinds=[kind])
    notifications.notify(registration, kind, now=now, facts=facts)


def _last_facts(registration: Registration) -> dict[str, object]:
    """What the last mail about the present status said besides the registration itself."""
    kind = notifications.STATUS_MAIL_KINDS[registration.status]
    found = db.session.execute(
        select(Message.facts)
        .where(Message.registration_id == registration.id, Message.kind == kind)
        .order_by(Message.id.desc())
        .limit(1)
    ).scalar()
    return dict(found or {})


def _record(
    action: str,
    registration: Registration,
    event_id: int,
    *,
    by: Actor,
    now: datetime,
    changes: Mapping[str, object] | None = None,
) -> None:
    audit.record(
        action,
        by=by,
        now=now,
        subject="registration",
        subject_id=registration.id,
        event_id=event_id,
        changes=None if changes is None else dict(changes),
    )
