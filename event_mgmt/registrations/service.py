"""What people do with registrations. Every verb is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from event_mgmt.audit.service import PARTICIPANT, SYSTEM, Actor, By
from event_mgmt.core import throttle
from event_mgmt.core.database import db, each_in_own_transaction, transactional
from event_mgmt.core.refusals import Refusal
from event_mgmt.events.models import Event
from event_mgmt.events.words import EventStatus
from event_mgmt.registrations import (
    changing,
    decided,
    entering,
    proposals,
    rows,
    rules,
    seats,
    steps,
    waiting,
)
from event_mgmt.registrations.entering import Manner, Receipt
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.refusals import (
    AlreadyRegistered,
    NotPossibleNow,
    OfferExpired,
    TooManyTries,
)
from event_mgmt.registrations.seats import Ground
from event_mgmt.registrations.words import OPEN, Source, Status

ORIGIN_WINDOW = timedelta(minutes=10)
ORIGIN_MOST = 120
"""So many registrations from one network in that window; an office's whole staff needs fewer."""


__all__ = ["Receipt"]


@dataclass(frozen=True)
class Decided:
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
    by: By,
    now: datetime,
    source: Source = Source.WEB,
    pool_id: int | None = None,
    consider_window: bool = True,
    approved: bool = False,
) -> Registration:
    """Enter a party. The same ``nonce`` again gives the first registration and changes nothing.

    ``approved``: the organiser has already decided for it. Refusals: NotOpenYet,
    RegistrationClosed, EventFull, PartyTooLarge, NameMissing, TooLong, AnswerRefused, Missing
    (no such event or pool), AlreadyRegistered (never show that one on a public page: there use
    ``register_online``).
    """
    manner = Manner(nonce, by, source, consider_window, approved)
    ground = entering.ground_for(event_id, party, manner, pool_id=pool_id, now=now)
    before = entering.earlier(event_id, party, nonce)
    if before is not None and not before.same_form:
        raise AlreadyRegistered
    if before is not None:
        registration_id = before.registration_id
    else:
        party = entering.with_checked_answers(ground, party, source)
        status = entering.status_for(ground, party, manner)
        registration_id = entering.enter(ground, party, manner, status, now=now)
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
    unmailed (see ``mail_addresses``). ``origin`` names the sender's network; TooManyTries when
    it sent very many. Other refusals as in ``register``; they do not depend on who is registered
    either.
    """
    manner = Manner(nonce, PARTICIPANT)
    ground = entering.ground_for(event_id, party, manner, pool_id=pool_id, now=now)
    known = entering.known(event_id, party, nonce, now=now)
    before, takes_mail = known.earlier, known.mailed.takes_another
    if before is not None and before.same_form:
        return entering.receipt_again(ground, before, party)
    if origin:
        tries = throttle.count_attempt(f"register:{origin}", window=ORIGIN_WINDOW, now=now)
        if tries > ORIGIN_MOST:
            raise TooManyTries
    party = entering.with_checked_answers(ground, party, Source.WEB)
    manner = replace(manner, mailed_too_often=not takes_mail)
    if before is not None:
        status = entering.status_it_would_have(ground, party, manner)
        entering.tell_twin(ground, before, mails=takes_mail, now=now)
    else:
        status = entering.status_for(ground, party, manner)
        entering.enter(ground, party, manner, status, now=now)
    return Receipt(status, party.seats, party.email, is_mailed=takes_mail)


def confirm_address(registration_id: int, *, now: datetime) -> None:
    """The contact has shown to own the address: go on to the decision, a seat or the list.

    What else waits for this address goes on soon after (``unconfirmed.go_on``). Saying so twice
    changes nothing. RegistrationClosed when the event takes nobody any more,
    EventFull when the last seat went meanwhile, NotPossibleNow when it was called off.
    """
    _note_confirmed(registration_id, now=now)  # stands, even where there is no seat any more
    _go_on_confirmed(registration_id, now=now)


@transactional
def _note_confirmed(registration_id: int, *, now: datetime) -> None:
    _ground, registration = steps.hold(registration_id)
    if registration.status is Status.CANCELLED:
        raise NotPossibleNow
    steps.confirm_address(registration, now=now)


@transactional
def _go_on_confirmed(registration_id: int, *, now: datetime) -> None:
    ground, registration = steps.hold(registration_id)
    if registration.status is not Status.UNCONFIRMED:
        return
    rules.check_keeps_guests(ground.terms)
    waits = rules.before_seats(ground.terms, source=registration.source, address_confirmed=True)
    steps.move(
        ground, registration, waits or steps.seat(ground, registration), by=PARTICIPANT, now=now
    )


@transactional
def change(registration_id: int, party: Party, *, by: By, now: datetime) -> None:
    """Replace what a registration says: contact, companions, answers.

    Participants are bound to the deadline (ChangesClosed) and the largest party, and take nobody
    out who is checked in (IsCheckedIn); seats that are
    held grow only while seats are free and nobody waits (TooFewSeats); a waiting party that
    grows goes to the end of the list. An organiser's change is told to the contact; it makes nobody
    be there twice (AlreadyRegistered; guests are not told who else is registered). What a guest
    must not change without a decision, or a confirmed address, is kept as a proposal meanwhile
    (``proposals``).
    """
    ground, registration = steps.hold(registration_id)
    if registration.status not in OPEN:
        raise NotPossibleNow
    source = Source.DESK
    if by.actor is Actor.PARTICIPANT:
        rules.check_changeable(ground.terms, now=now)
        rules.check_names(party)
        changing.check_keeps_those_here(registration, party)
        steps.confirm_address(registration, now=now)
        source = Source.WEB
    elif changing.is_somebody_else(registration, party):
        changing.refuse_twin(registration, party.email, party.contact.full_name)
    largest = ground.terms.largest_party if source is Source.WEB else None
    rules.check_party(party, largest=max(largest, registration.seats) if largest else None)
    stored = before = rows.party_of(registration)
    if source is Source.WEB:
        stored = proposals.newest_party(registration)
    party = entering.with_checked_answers(ground, party, source, stored=stored)
    if source is Source.WEB:
        party = proposals.propose(ground, registration, party, now=now)
    is_correction = source is Source.WEB and proposals.is_decided(ground.terms, registration.status)
    changing.apply(ground, registration, party, by=by, now=now, is_correction=is_correction)
    if source is Source.DESK:
        proposals.follow_desk(registration, before)


@transactional
def cancel(registration_id: int, *, by: By, now: datetime, reason: str = "") -> None:
    """Call a registration off; its seats go to the waiting list at once.

    Calling off twice changes nothing. Participants: ChangesClosed after the deadline, IsCheckedIn
    when somebody of the party is there; NotPossibleNow for one that was not accepted.
    """
    ground, registration = steps.hold(registration_id)
    if registration.status is Status.CANCELLED:
        return
    if registration.status not in OPEN:
        raise NotPossibleNow
    if by.actor is Actor.PARTICIPANT:
        checked_in = registration.is_anybody_checked_in
        rules.check_call_off(ground.terms, checked_in=checked_in, now=now)
        steps.confirm_address(registration, now=now)
    registration.reason = reason
    facts = {"by": by.actor, "reason": reason}
    steps.move(ground, registration, Status.CANCELLED, by=by, now=now, facts=facts)


@transactional
def decide(
    registration_ids: Sequence[int],
    *,
    accept: bool,
    reason: str,
    by: By,
    now: datetime,
    event_id: int | None = None,
) -> Decided:
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
    return Decided(
        confirmed=named.get(Status.CONFIRMED, ()),
        waitlisted=named.get(Status.WAITLISTED, ()),
        declined=named.get(Status.DECLINED, ()),
        refused=named.get(None, ()),
    )


def _decide_one(
    registration_id: int, *, accept: bool, reason: str, by: By, now: datetime
) -> Status | None:
    try:
        ground, registration = steps.hold(registration_id)
        if registration.status not in rules.DECIDABLE[accept]:
            return None
        rules.check_takes_guests(ground.terms)
        status = steps.seat(ground, registration) if accept else Status.DECLINED
    except Refusal:
        return None
    registration.reason = reason
    decided.settle(registration)
    steps.move(ground, registration, status, by=by, now=now, facts={"reason": reason})
    return status


@transactional
def accept_offer(registration_id: int, *, now: datetime) -> None:
    """The party takes the seats that are held for it. OfferExpired after the deadline."""
    ground, registration = steps.hold(registration_id)
    if registration.status is Status.CONFIRMED:
        return
    if registration.status is not Status.OFFERED:
        raise OfferExpired if registration.offer_expires_at else NotPossibleNow
    rules.check_keeps_guests(ground.terms)
    if _is_offer_over(ground, registration, now=now):
        raise OfferExpired
    steps.confirm_address(registration, now=now)
    steps.move(ground, registration, Status.CONFIRMED, by=PARTICIPANT, now=now)


def _is_offer_over(ground: Ground, registration: Registration, *, now: datetime) -> bool:
    return rules.is_offer_over(
        registration.status, registration.offer_expires_at, event=ground.terms.status, now=now
    )


@transactional
def decline_offer(registration_id: int, *, now: datetime) -> None:
    """The party does not want the seats any more; the next one is offered them at once."""
    ground, registration = steps.hold(registration_id)
    if registration.status is Status.CANCELLED:
        return
    if registration.status is not Status.OFFERED:
        raise NotPossibleNow
    steps.confirm_address(registration, now=now)
    facts = {"by": Actor.PARTICIPANT, "reason": ""}
    steps.move(ground, registration, Status.CANCELLED, by=PARTICIPANT, now=now, facts=facts)


@transactional
def give_out_seats(pool_id: int, *, now: datetime) -> int:
    """Give a pool's free seats to those who wait, in their order; gives how many parties."""
    return waiting.fill(seats.lock_pool(pool_id), now=now)


@transactional
def renew_offers(pool_id: int, *, resumes: bool, now: datetime) -> int:
    """After the event got another date: who has an offer gets a deadline to go with it.

    Where the event ``resumes`` after it had none, that is everybody with an offer; else those
    whose deadline would lie after the start. Gives how many.
    """
    return waiting.renew_offers(seats.lock_pool(pool_id), resumes=resumes, now=now)


def sweep(now: datetime) -> None:
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
    ground, registration = steps.hold(registration_id, erased_too=True)
    if _is_offer_over(ground, registration, now=now):
        facts = {"by": Actor.SYSTEM, "cause": "offer_expired"}
        steps.move(ground, registration, Status.CANCELLED, by=SYSTEM, now=now, facts=facts)
