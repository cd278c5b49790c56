"""Creating a registration: the path that guests' own registrations and the desk's share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Refusal
from event_mgmt.events.queries import active_questions
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import Source, Status
from event_mgmt.registrations.lifecycle import notifications, persistence, seats
from event_mgmt.registrations.lifecycle.duplicates import ExistingRegistration
from event_mgmt.registrations.lifecycle.seats import LockedPool
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.people.mailboxes import mailbox_of
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
