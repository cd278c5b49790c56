"""What people do with registrations. Every verb is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from event_mgmt.audit.service import PARTICIPANT, Actor, ActorKind
from event_mgmt.core import throttle
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Refusal
from event_mgmt.registrations import rules
from event_mgmt.registrations.changes import approved_names, party_update, proposal_commands
from event_mgmt.registrations.enums import OPEN, Source, Status
from event_mgmt.registrations.lifecycle import create, duplicates, persistence, transitions
from event_mgmt.registrations.lifecycle.create import EntryContext, Receipt
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.refusals import (
    AlreadyRegistered,
    NotPossibleNow,
    TooManyTries,
)

NETWORK_WINDOW = timedelta(minutes=10)
NETWORK_MAX = 120
"""So many registrations from one network in that window; an office's whole staff needs fewer."""


@dataclass(frozen=True)
class DecisionOutcome:
    """Ids of registrations by what became of them; ``refused`` ones stay as they were."""

    confirmed: tuple[int, ...] = ()
    waitlisted: tuple[int, ...] = ()
    declined: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()


@transactional
def register(
    event_id: int,
    party: Party,
    *,
    nonce: str,
    by: Actor,
    now: datetime,
    source: Source = Source.WEB,
    pool_id: int | None = None,
    check_window: bool = True,
    approved: bool = False,
) -> Registration:
    """Enter a party. The same ``nonce`` again gives the first registration and changes nothing.

    ``approved``: the organiser has already decided for it. Refusals: NotOpenYet,
    RegistrationClosed, EventFull, PartyTooLarge, NameMissing, TooLong, AnswerRefused, Missing
    (no such event or pool), AlreadyRegistered (never show that one on a public page: there use
    ``register_online``).
    """
    context = EntryContext(nonce, by, source, check_window, approved)
    locked = create.lock_for_entry(event_id, party, context, pool_id=pool_id, now=now)
    before = duplicates.existing_registration(event_id, party, nonce)
    if before is not None and not before.same_form:
        raise AlreadyRegistered
    if before is not None:
        registration_id = before.registration_id
    else:
        party = create.with_checked_answers(locked, party, source)
        status = create.allocate_status(locked, party, context)
        registration_id = create.create_registration(locked, party, context, status, now=now)
    return db.session.get_one(Registration, registration_id)


@transactional
def register_online(
    event_id: int,
    party: Party,
    *,
    nonce: str,
    now: datetime,
    pool_id: int | None = None,
    origin: str = "",
) -> Receipt:
    """Enter a party from the public form, without telling whether somebody is registered.

    Whoever is registered already gets the receipt of a newcomer, and a mail instead of a second
    registration. An address that nobody has confirmed gets few mails; what comes beyond waits
    unmailed (see ``people.mailboxes``). ``origin`` names the sender's network; TooManyTries when
    it sent very many. Other refusals as in ``register``; they do not depend on who is registered
    either.
    """
    context = EntryContext(nonce, PARTICIPANT)
    locked = create.lock_for_entry(event_id, party, context, pool_id=pool_id, now=now)
    known = duplicates.address_history(event_id, party, nonce, now=now)
    before, takes_mail = known.existing, known.mails.takes_another
    if before is not None and before.same_form:
        return create.repeat_receipt(locked, before, party)
    if origin:
        tries = throttle.count_attempt(f"register:{origin}", window=NETWORK_WINDOW, now=now)
        if tries > NETWORK_MAX:
            raise TooManyTries
    party = create.with_checked_answers(locked, party, Source.WEB)
    context = replace(context, mail_limit_reached=not takes_mail)
    if before is not None:
        status = create.expected_status(locked, party, context)
        duplicates.notify_duplicate(before, event_id=event_id, mails=takes_mail, now=now)
    else:
        status = create.allocate_status(locked, party, context)
        create.create_registration(locked, party, context, status, now=now)
    return Receipt(status, party.seats, party.email, is_mailed=takes_mail)


@transactional
def change(registration_id: int, party: Party, *, by: Actor, now: datetime) -> None:
    """Replace what a registration says: contact, companions, answers.

    Participants are bound to the deadline (ChangesClosed) and the largest party, and take nobody
    out who is checked in (IsCheckedIn); seats that are
    held grow only while seats are free and nobody waits (TooFewSeats); a waiting party that
    grows goes to the end of the list. An organiser's change is told to the contact; it makes nobody
    be there twice (AlreadyRegistered; guests are not told who else is registered). What a guest
    must not change without a decision, or a confirmed address, is kept as a proposal meanwhile
    (``proposal_commands``).
    """
    locked, registration = transitions.lock_registration(registration_id)
    if registration.status not in OPEN:
        raise NotPossibleNow
    source = Source.DESK
    if by.actor is ActorKind.PARTICIPANT:
        rules.check_changeable(locked.terms, now=now)
        rules.check_names(party)
        party_update.check_keeps_checked_in(registration, party)
        transitions.mark_address_confirmed(registration, now=now)
        source = Source.WEB
    elif party_update.is_different_contact(registration, party):
        duplicates.refuse_duplicate(registration, party.email, party.contact.full_name)
    largest = locked.terms.largest_party if source is Source.WEB else None
    rules.check_party(party, largest=max(largest, registration.seats) if largest else None)
    stored = before = persistence.party_of(registration)
    if source is Source.WEB:
        stored = proposal_commands.requested_party(registration)
    party = create.with_checked_answers(locked, party, source, stored=stored)
    if source is Source.WEB:
        party = proposal_commands.propose(locked, registration, party, now=now)
    is_correction = source is Source.WEB and proposal_commands.is_approved(
        locked.terms, registration.status
    )
    party_update.apply_change(
        locked, registration, party, by=by, now=now, is_correction=is_correction
    )
    if source is Source.DESK:
        proposal_commands.reconcile_with_desk(registration, before)


@transactional
def cancel(registration_id: int, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Call a registration off; its seats go to the waiting list at once.

    Calling off twice changes nothing. Participants: ChangesClosed after the deadline, IsCheckedIn
    when somebody of the party is there; NotPossibleNow for one that was not accepted.
    """
    locked, registration = transitions.lock_registration(registration_id)
    if registration.status is Status.CANCELLED:
        return
    if registration.status not in OPEN:
        raise NotPossibleNow
    if by.actor is ActorKind.PARTICIPANT:
        checked_in = registration.is_anybody_checked_in
        rules.check_cancellable(locked.terms, checked_in=checked_in, now=now)
        transitions.mark_address_confirmed(registration, now=now)
    registration.reason = reason
    facts = {"by": by.kind_for_guests, "reason": reason}
    transitions.transition(locked, registration, Status.CANCELLED, by=by, now=now, facts=facts)


@transactional
def decide(
    registration_ids: Sequence[int],
    *,
    accept: bool,
    reason: str,
    by: Actor,
    now: datetime,
    event_id: int | None = None,
) -> DecisionOutcome:
    """Accept or decline registrations that await a decision, in the order they came in.

    An accepted party gets seats, or the end of the waiting list. ``refused`` are those that
    cannot be decided, or find neither seats nor a list. With ``event_id`` those of other events
    are passed over.
    """
    mine = select(Registration.id).where(Registration.id.in_(list(registration_ids)))
    if event_id is not None:
        mine = mine.where(Registration.event_id == event_id)
    outcome: dict[Status | None, list[int]] = {}
    for registration_id in db.session.scalars(
        mine.order_by(Registration.created_at, Registration.id)
    ).all():
        status = _decide_one(registration_id, accept=accept, reason=reason, by=by, now=now)
        outcome.setdefault(status, []).append(registration_id)
    named = {status: tuple(ids) for status, ids in outcome.items()}
    return DecisionOutcome(
        confirmed=named.get(Status.CONFIRMED, ()),
        waitlisted=named.get(Status.WAITLISTED, ()),
        declined=named.get(Status.DECLINED, ()),
        refused=named.get(None, ()),
    )


def _decide_one(
    registration_id: int, *, accept: bool, reason: str, by: Actor, now: datetime
) -> Status | None:
    try:
        locked, registration = transitions.lock_registration(registration_id)
        if registration.status not in rules.DECIDABLE[accept]:
            return None
        rules.check_takes_guests(locked.terms)
        status = transitions.allocate_seats(locked, registration) if accept else Status.DECLINED
    except Refusal:
        return None
    registration.reason = reason
    approved_names.mark_approved(registration)
    transitions.transition(locked, registration, status, by=by, now=now, facts={"reason": reason})
    return status
