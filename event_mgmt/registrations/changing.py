"""Changing a registration: what becomes of its seats, and who is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor, By
from event_mgmt.core.database import db
from event_mgmt.core.text import name_key
from event_mgmt.mail import outbox
from event_mgmt.registrations import (
    calendar_entries,
    decided,
    known_people,
    rows,
    seats,
    telling,
    waiting,
)
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.party import PERSON_FIELDS, Party
from event_mgmt.registrations.refusals import AlreadyRegistered, TooFewSeats
from event_mgmt.registrations.seats import Ground
from event_mgmt.registrations.words import HOLDS_SEATS, OPEN, Status

FORMER: Final = ":former"
"""How the key of a message to an address ends that is none any more."""

_CONTACT_FACTS: Final = (
    "form_of_address",
    "academic_title",
    "function",
    "organisation",
    "country",
    "phone",
)
_NAMES: Final = frozenset({"name", "email", "companions"})


def apply(
    ground: Ground,
    registration: Registration,
    party: Party,
    *,
    by: By,
    now: datetime,
    facts: dict[str, Any] | None = None,
    is_correction: bool = False,
) -> None:
    """Write ``party`` over ``registration``, with the seats, messages and entries that follow.

    ``facts`` are what the mail about it says besides. ``is_correction``: a guest corrects people
    about whom organisers have decided.
    """
    before = rows.party_of(registration)
    if _same(before, party):
        return
    more = party.seats - registration.seats
    _settle_seats(ground, registration, more, now=now)
    names = decided.names_of(registration)
    rows.rewrite(registration, party, now=now)
    (decided.note_corrections if is_correction else decided.settle)(registration, names)
    db.session.flush()
    _tell(registration, before, party, by=by, now=now, facts=facts or {})
    audit.record(
        "registration.changed",
        by=by,
        now=now,
        subject="registration",
        subject_id=registration.id,
        event_id=ground.event_id,
        changes={"fields": changed_fields(before, party), "seats": [before.seats, party.seats]},
    )
    if more:  # seats were freed, or a party that waits has let others pass
        waiting.fill(ground, now=now)


def check_keeps_those_here(registration: Registration, party: Party) -> None:
    """Refuse (IsCheckedIn) a participant who takes out, or renames, somebody who is checked in."""
    here = rows.places_checked_in(registration)
    if here:
        known_people.check_keeps_those_here(rows.party_of(registration), party, here)


def is_somebody_else(registration: Registration, party: Party) -> bool:
    """Whether ``party`` would be another person, or the same at another address."""
    before = rows.party_of(registration)
    then = (before.email, before.contact.folded_name)
    return then != (party.email, party.contact.folded_name)


def refuse_twin(registration: Registration, email: str, name: str) -> None:
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


def _same(before: Party, after: Party) -> bool:
    return not changed_fields(before, after)


def _settle_seats(ground: Ground, registration: Registration, more: int, *, now: datetime) -> None:
    if registration.status in HOLDS_SEATS:
        if more > 0 and not seats.claim(ground.pool_id, more):
            raise TooFewSeats
        if more < 0:
            seats.release(ground.pool_id, -more)
    elif registration.status is Status.WAITLISTED and more > 0:
        registration.queued_at = now


def changed_fields(before: Party, after: Party) -> list[str]:
    """The names of what differs, without the values: audit entries outlive personal data."""
    fields = [
        name
        for name in ("email", "locale", "message", "shares_name")
        if getattr(before, name) != getattr(after, name)
    ]
    fields += [
        f"contact.{name}"
        for name in (*PERSON_FIELDS, "answers", "sensitive")
        if getattr(before.contact, name) != getattr(after.contact, name)
    ]
    if before.companions != after.companions:
        fields.append("companions")
    return fields


def differences(before: Party, after: Party) -> list[tuple[str, str, str]]:
    """What a letter shows of a change: (field, old value, new value).

    Neither answers nor messages: some are sensitive, and a letter is read on many screens. See
    ``unshown``.
    """
    found = [("name", before.contact.full_name, after.contact.full_name)]
    found += [
        (name, getattr(before.contact, name), getattr(after.contact, name))
        for name in _CONTACT_FACTS
    ]
    found.append(("email", before.email, after.email))
    found.append(("companions", _names(before), _names(after)))
    return [(name, old, new) for name, old, new in found if old != new]


def unshown(before: Party, after: Party) -> list[str]:
    """What changed and a letter only names."""
    pairs = list(zip(before.companions, after.companions, strict=False))
    people = [(before.contact, after.contact), *pairs]
    found = {
        "answers": any((a.answers, a.sensitive) != (b.answers, b.sensitive) for a, b in people),
        "message": before.message != after.message,
        "companion_details": _names(before) == _names(after)
        and any(getattr(a, name) != getattr(b, name) for a, b in pairs for name in PERSON_FIELDS),
    }
    return [name for name, changed in found.items() if changed]


def _names(party: Party) -> str:
    return ", ".join(person.full_name for person in party.companions)


def _tell(
    registration: Registration,
    before: Party,
    after: Party,
    *,
    by: By,
    now: datetime,
    facts: dict[str, Any],
) -> None:
    """The contact gets old and new, whoever changed it; a former address hears that it is one.

    A new address that a participant gave may be anybody's: there, only names are repeated.
    """
    address_changed = before.email != after.email
    changes = differences(before, after)
    typed_by_guest = by.actor is Actor.PARTICIPANT or facts.get("accepted")
    if address_changed and typed_by_guest:
        changes = [change for change in changes if change[0] in _NAMES]
    if address_changed:
        outbox.readdress(registration.id, after.email, but_keys_ending=FORMER)
    facts = {**facts, "by": by.actor, "changes": changes}
    if more := unshown(before, after):
        facts["unshown"] = more
    telling.tell(registration, "registration_changed", now=now, facts=facts)
    if address_changed:
        registration.address_failed_at = None
        tell_former_address(registration, before.email, before.contact.full_name, now=now)


def tell_former_address(
    registration: Registration, address: str, name: str, *, now: datetime
) -> None:
    """Tell ``address`` that it is the contact's no more, and take the entry off its calendar."""
    facts: dict[str, Any] = {"former_address": True}
    if left := calendar_entries.leave_address(registration):
        facts["calendar_uid"] = left
    telling.tell(
        registration,
        "registration_changed",
        now=now,
        facts=facts,
        address=address,
        name=name,
        occurrence=FORMER,
    )
