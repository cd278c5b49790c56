"""Applying a change to a registration: its seats, its rows, and who is notified."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor, ActorKind
from event_mgmt.core.database import db
from event_mgmt.mail import outbox
from event_mgmt.registrations.changes import approved_names
from event_mgmt.registrations.enums import HOLDS_SEATS, Status
from event_mgmt.registrations.lifecycle import (
    calendar_entries,
    notifications,
    persistence,
    seats,
    waiting_list,
)
from event_mgmt.registrations.lifecycle.seats import LockedPool
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.people import person_matching
from event_mgmt.registrations.people.party_differences import (
    changed_fields,
    hidden_differences,
    shown_differences,
)
from event_mgmt.registrations.recipient_kinds import REGISTRATION
from event_mgmt.registrations.refusals import TooFewSeats

FORMER_ADDRESS_SUFFIX: Final = ":former"
"""How the key of a message to an address ends that is none any more."""

_NAMES: Final = frozenset({"name", "email", "companions"})


def apply_change(
    locked: LockedPool,
    registration: Registration,
    party: Party,
    *,
    by: Actor,
    now: datetime,
    facts: dict[str, object] | None = None,
    is_correction: bool = False,
) -> None:
    """Write ``party`` over ``registration``, with the seats, messages and entries that follow.

    ``facts`` are what the mail about it says besides. ``is_correction``: a guest corrects people
    about whom organisers have decided.
    """
    before = persistence.party_of(registration)
    if _same(before, party):
        return
    more = party.seats - registration.seats
    _settle_seats(locked, registration, more, now=now)
    names = approved_names.current_names(registration)
    persistence.update_party(registration, party, now=now)
    (approved_names.record_corrections if is_correction else approved_names.mark_approved)(
        registration, names
    )
    db.session.flush()
    _tell(registration, before, party, by=by, now=now, facts=facts or {})
    audit.record(
        "registration.changed",
        by=by,
        now=now,
        subject="registration",
        subject_id=registration.id,
        event_id=locked.event_id,
        changes={"fields": changed_fields(before, party), "seats": [before.seats, party.seats]},
    )
    if more:  # seats were freed, or a party that waits has let others pass
        waiting_list.promote_waiting(locked, now=now)


def check_keeps_checked_in(registration: Registration, party: Party) -> None:
    """Refuse (IsCheckedIn) a participant who takes out, or renames, somebody who is checked in."""
    here = persistence.checked_in_positions(registration)
    if here:
        person_matching.check_keeps_checked_in(persistence.party_of(registration), party, here)


def is_different_contact(registration: Registration, party: Party) -> bool:
    """Whether ``party`` would be another person, or the same at another address."""
    before = persistence.party_of(registration)
    then = (before.email, before.contact.folded_name)
    return then != (party.email, party.contact.folded_name)


def _same(before: Party, after: Party) -> bool:
    return not changed_fields(before, after)


def _settle_seats(
    locked: LockedPool, registration: Registration, more: int, *, now: datetime
) -> None:
    if registration.status in HOLDS_SEATS:
        if more > 0 and not seats.claim(locked.pool_id, more):
            raise TooFewSeats
        if more < 0:
            seats.release(locked.pool_id, -more)
    elif registration.status is Status.WAITLISTED and more > 0:
        registration.queued_at = now


def _tell(
    registration: Registration,
    before: Party,
    after: Party,
    *,
    by: Actor,
    now: datetime,
    facts: dict[str, object],
) -> None:
    """The contact gets old and new, whoever changed it; a former address hears that it is one.

    A new address that a participant gave may be anybody's: there, only names are repeated.
    """
    address_changed = before.email != after.email
    changes = shown_differences(before, after)
    typed_by_guest = by.actor is ActorKind.PARTICIPANT or facts.get("accepted")
    if address_changed and typed_by_guest:
        changes = [change for change in changes if change[0] in _NAMES]
    if address_changed:
        outbox.readdress(
            REGISTRATION, registration.id, after.email, but_keys_ending=FORMER_ADDRESS_SUFFIX
        )
    facts = {**facts, "by": by.kind_for_guests, "changes": changes}
    if more := hidden_differences(before, after):
        facts["unshown"] = more
    notifications.notify(registration, "registration_changed", now=now, facts=facts)
    if address_changed:
        registration.address_failed_at = None
        notify_former_address(registration, before.email, before.contact.full_name, now=now)


def notify_former_address(
    registration: Registration, address: str, name: str, *, now: datetime
) -> None:
    """Tell ``address`` that it is the contact's no more, and take the entry off its calendar."""
    facts: dict[str, object] = {"former_address": True}
    if left := calendar_entries.detach_address(registration):
        facts["calendar_uid"] = left
    notifications.notify(
        registration,
        "registration_changed",
        now=now,
        facts=facts,
        address=address,
        name=name,
        occurrence=FORMER_ADDRESS_SUFFIX,
    )
