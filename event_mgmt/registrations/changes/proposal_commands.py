"""Changes that guests propose: until they are decided, what was accepted stays in force.

Every verb is one transaction that holds the registration, so that deciding, replacing and
withdrawing come one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core import throttle, tokens
from event_mgmt.core.database import transactional
from event_mgmt.core.refusals import Missing, Stale
from event_mgmt.events.registration_phase import RegistrationTerms
from event_mgmt.mail import outbox
from event_mgmt.registrations import rules
from event_mgmt.registrations.changes import approved_names, party_update
from event_mgmt.registrations.enums import OPEN, Source, Status
from event_mgmt.registrations.lifecycle import (
    create,
    duplicates,
    notifications,
    persistence,
    proposal_persistence,
    transitions,
)
from event_mgmt.registrations.lifecycle.seats import LockedPool
from event_mgmt.registrations.models import ChangeProposal, Registration
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.people import name_corrections, party_differences
from event_mgmt.registrations.people.mailboxes import MAX_PER_DAY, MAX_PER_HOUR, mailbox_of
from event_mgmt.registrations.recipient_kinds import REGISTRATION
from event_mgmt.registrations.refusals import MailedTooOften, NotPossibleNow

NEW_ADDRESS: Final = "new_address"
"""The purpose of links by which a new address is confirmed."""

APPROVED_STATUSES: Final = frozenset({Status.CONFIRMED, Status.OFFERED, Status.WAITLISTED})


def is_approved(terms: RegistrationTerms, status: Status) -> bool:
    """Whether organisers have decided who comes with a registration."""
    return terms.approval_needed and status in APPROVED_STATUSES


def needs_decision(terms: RegistrationTerms, status: Status, before: Party, after: Party) -> bool:
    """Whether organisers decide about a guest's change, as they decided about ``before``."""
    return is_approved(terms, status) and name_corrections.brings_new_people(before, after)


def needs_address_check(
    terms: RegistrationTerms, status: Status, before: Party, after: Party
) -> bool:
    """Whether a guest's new address is confirmed before it counts."""
    return terms.address_check and status is not Status.UNCONFIRMED and before.email != after.email


def requested_party(registration: Registration) -> Party:
    """What the guest wants: what is proposed, else what is in force."""
    stored = persistence.party_of(registration)
    proposal = proposal_persistence.find_proposal(registration.id)
    if proposal is None:
        return stored
    if not proposal.needs_decision:
        return replace(stored, email=proposal.email)
    return proposal_persistence.proposed_party(proposal, stored)


def propose(
    locked: LockedPool, registration: Registration, party: Party, *, now: datetime
) -> Party:
    """Of a guest's change keep as a proposal what cannot be in force yet; gives what can.

    Whatever was proposed before is replaced.
    """
    before = persistence.party_of(registration)
    known = approved_names.approved_party(registration)
    decides = needs_decision(locked.terms, registration.status, known, party)
    checks = needs_address_check(locked.terms, registration.status, before, party)
    if not checks and mailbox_of(before.email) != mailbox_of(party.email):
        _count_mail_to_stranger(locked, party, now=now)  # it hears of the change at once
    if not decides and not checks:
        proposal_persistence.delete_proposals([registration.id])
        return party
    former = proposal_persistence.find_proposal(registration.id)
    if former is not None and _is_same(former, before, party, decides=decides):
        return before if decides else replace(party, email=before.email)
    confirmed_at = former.address_confirmed_at if former and former.email == party.email else None
    proposal = proposal_persistence.replace_proposal(
        registration, party, needs_decision=decides, checks_address=checks, now=now
    )
    proposal.address_confirmed_at = confirmed_at
    if proposal.awaits_address:
        _ask_new_address(locked, registration, proposal, party, now=now)
    shown = party if decides else replace(before, email=party.email)
    facts: dict[str, object] = {
        "changes": party_differences.shown_differences(before, shown),
        "unshown": party_differences.hidden_differences(before, shown),
    }
    # A receipt of what is replaced before it has gone out would come after this one, and confuse.
    outbox.withdraw_from(REGISTRATION, registration.id, kinds=["change_proposed"])
    notifications.notify(registration, "change_proposed", now=now, facts=facts)
    fields = party_differences.changed_fields(before, shown)
    _record("registration.change_proposed", registration, by=PARTICIPANT, now=now, fields=fields)
    return before if decides else replace(party, email=before.email)


def _is_same(former: ChangeProposal, before: Party, party: Party, *, decides: bool) -> bool:
    if former.needs_decision != decides or former.email != party.email:
        return False
    return not decides or not party_differences.changed_fields(
        proposal_persistence.proposed_party(former, before), party
    )


def _ask_new_address(
    locked: LockedPool,
    registration: Registration,
    proposal: ChangeProposal,
    party: Party,
    *,
    now: datetime,
) -> None:
    """Write to an address that may be anybody's."""
    _count_mail_to_stranger(locked, party, now=now)
    notifications.notify(
        registration,
        "new_address_check",
        now=now,
        facts={"version": proposal.version},
        address=party.email,
        name=party.contact.full_name,
        occurrence=":new",
    )


def _count_mail_to_stranger(locked: LockedPool, party: Party, *, now: datetime) -> None:
    """Refuse (MailedTooOften) one mail more than public forms may send to an address that nobody
    has confirmed, whether they or changes caused the others.
    """
    mailed = duplicates.address_history(locked.event_id, party, "", now=now).mails
    if not mailed.is_confirmed:
        key = f"new-address:{mailbox_of(party.email)}"
        day = throttle.count_attempt(f"{key}:day", window=timedelta(days=1), now=now)
        hour = throttle.count_attempt(f"{key}:hour", window=timedelta(hours=1), now=now)
        in_all = (hour + mailed.in_an_hour, day + mailed.in_a_day)
        if in_all[0] > MAX_PER_HOUR or in_all[1] > MAX_PER_DAY:
            raise MailedTooOften


def reconcile_with_desk(registration: Registration, former: Party) -> None:
    """The desk has changed what was ``former``; what is proposed gives way to it.

    Which address counts is settled: one that was only asked for is let go, and new people are
    written to at the one that counts, unless they gave yet another. What holds now is proposed no
    more.
    """
    proposal = proposal_persistence.find_proposal(registration.id)
    if proposal is None:
        return
    stored = persistence.party_of(registration)
    if former.email != stored.email:
        if not proposal.needs_decision:
            proposal_persistence.delete_proposals([registration.id])
            return
        if proposal.email in (former.email, stored.email):
            proposal.email, proposal.checks_address = stored.email, False
    wanted = proposal_persistence.proposed_party(proposal, stored)
    if proposal.needs_decision and not party_differences.changed_fields(stored, wanted):
        proposal_persistence.delete_proposals([registration.id])


@transactional
def withdraw_proposal(registration_id: int, *, now: datetime) -> None:
    """The guest takes back what was proposed; what is accepted stays. Twice changes nothing."""
    _ground, registration = transitions.lock_registration(registration_id)
    if proposal_persistence.delete_proposals([registration_id]):
        transitions.mark_address_confirmed(registration, now=now)
        _record("registration.change_withdrawn", registration, by=PARTICIPANT, now=now)


def version_stamp(proposal: ChangeProposal, registration: Registration) -> str:
    """What somebody has seen who decides: this proposal, over this state of the registration."""
    return f"{proposal.version}-{int(registration.changed_at.timestamp() * 1_000_000)}"


@transactional
def decide_proposal(
    registration_id: int, seen: str, *, accept: bool, reason: str, by: Actor, now: datetime
) -> None:
    """Accept what a guest proposed, or decline it with a reason.

    Stale when it, or the registration, is not what was ``seen`` any more. Accepting is refused
    as a change by the desk is: TooFewSeats, AlreadyRegistered, NameMissing, AnswerRefused,
    WebAddressInName; IsCheckedIn for whoever has come; RegistrationClosed once the event is off.
    """
    locked, registration = transitions.lock_registration(registration_id)
    proposal = proposal_persistence.find_proposal(registration_id)
    if proposal is None or version_stamp(proposal, registration) != seen:
        raise Stale
    if registration.status not in OPEN or not proposal.awaits_decision:
        raise NotPossibleNow
    before = persistence.party_of(registration)
    party = proposal_persistence.proposed_party(proposal, before)
    address_confirmed_at = proposal.address_confirmed_at
    proposal_persistence.delete_proposals([registration_id])
    if not accept:
        facts: dict[str, object] = {
            "changes": party_differences.shown_differences(before, party),
            "reason": reason,
        }
        notifications.notify(registration, "change_declined", now=now, facts=facts)
        _record("registration.change_declined", registration, by=by, now=now)
        return
    rules.check_keeps_guests(locked.terms)
    rules.check_names(party)
    rules.check_party(party, largest=None)
    party_update.check_keeps_checked_in(registration, party)
    if party_update.is_different_contact(registration, party):
        duplicates.refuse_duplicate(registration, party.email, party.contact.full_name)
    party = create.with_checked_answers(locked, party, Source.DESK, stored=party)
    approved_names.mark_approved(registration)
    _record("registration.change_accepted", registration, by=by, now=now)
    accepted: dict[str, object] = {"accepted": True, "reason": reason}
    if before.email != party.email:
        registration.link_version += 1
    party_update.apply_change(locked, registration, party, by=by, now=now, facts=accepted)
    if address_confirmed_at is not None:
        registration.address_confirmed_at = address_confirmed_at


def address_token(proposal: ChangeProposal) -> str:
    """What the link to the new address carries: good for this proposal and this address only."""
    return tokens.sign(NEW_ADDRESS, proposal.registration_id, proposal.version)


def proposal_by_token(token: str) -> ChangeProposal:
    """What is proposed, by the link that went to its new address; or Missing."""
    registration_id, version = tokens.read(NEW_ADDRESS, token)
    proposal = proposal_persistence.find_proposal(registration_id)
    if proposal is None or proposal.version != version or not proposal.checks_address:
        raise Missing
    return proposal


@transactional
def confirm_new_address(token: str, *, now: datetime) -> bool:
    """Whoever reads the new address wants it; gives whether it counts at once.

    Otherwise organisers decide first, about what came with it. Missing for a link that is not
    good (any more). The links that went to the old address end.
    """
    locked, registration = transitions.lock_registration(proposal_by_token(token).registration_id)
    proposal = proposal_by_token(token)
    if proposal.made_at + rules.ADDRESS_CHECK_LASTS <= now and proposal.awaits_address:
        raise Missing
    if registration.status not in OPEN:
        raise NotPossibleNow
    rules.check_keeps_guests(locked.terms)
    if proposal.needs_decision:
        proposal.address_confirmed_at = now
        return False
    party = replace(persistence.party_of(registration), email=proposal.email)
    proposal_persistence.delete_proposals([registration.id])
    registration.link_version += 1
    party_update.apply_change(locked, registration, party, by=PARTICIPANT, now=now)
    registration.address_confirmed_at = now
    return True


@transactional
def expire_proposals(now: datetime) -> None:
    """Background job: what is proposed ends with its event, or unconfirmed after some days."""
    proposal_persistence.delete_expired(now)


def _record(
    action: str,
    registration: Registration,
    *,
    by: Actor,
    now: datetime,
    fields: list[str] | None = None,
) -> None:
    changes: dict[str, object] | None = {"fields": fields} if fields else None
    audit.record(
        action,
        by=by,
        now=now,
        subject="registration",
        subject_id=registration.id,
        event_id=registration.event_id,
        changes=changes,
    )
