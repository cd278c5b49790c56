"""What registrations hold of people: how they are found, and how they go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Select, func, select, union

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.personal_data import Batch, DataSubject, Reach, Reference
from event_mgmt.mail import erasure as mail_erasure
from event_mgmt.registrations import erasure
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.registrations.models import Attendee, ChangeProposal, Registration, SensitiveAnswers
from event_mgmt.registrations.recipient_kinds import REGISTRATION

_REGISTRATION: Final = REGISTRATION.reference
_PROPOSAL: Final = "change_proposal"

TABLES: Final = frozenset(
    {"registrations", "attendees", "sensitive_answers", "change_proposals", "last_told"}
)


def addresses() -> Select[str]:
    """Every address under which somebody is registered or would be."""
    registered = select(Registration.email).where(Registration.erased_at.is_(None))
    found = union(registered, select(ChangeProposal.email)).subquery()
    return select(found.c.email)


def find(subject: DataSubject, reach: Reach) -> DataSubject:
    """The parties under the subject's address with everybody's names, and proposals with it."""
    if not subject.address:
        return subject
    found = erasure.of_address(subject.address, host_ids=reach.host_ids, until=reach.until)
    proposed = proposal_persistence.ids_with_address(subject.address, event_ids=reach.events)
    return _people_in([each.id for each in found], subject).with_more(
        [
            *(Reference(_REGISTRATION, each.id, each.event_id) for each in found),
            *(Reference(_PROPOSAL, registration_id) for registration_id in proposed),
        ]
    )


def _people_in(registration_ids: list[int], subject: DataSubject) -> DataSubject:
    return subject.with_more(names=erasure.names_in(registration_ids))


def erase(subject: DataSubject, reach: Reach, by: Actor, now: datetime) -> Mapping[str, int]:
    """Take the people out of their registrations; those still to come are called off first.

    What each was told of the event goes after the mails, so that no worker that is just writing
    down an arrival can write it anew.
    """
    ids = subject.ids(_REGISTRATION)
    called_off = erasure.cancel_upcoming(ids, by=by, now=now)
    counts = erasure.erase_people(ids, now=now)
    if subject.address:
        _note_at_events(subject, by=by, now=now)
    mails = mail_erasure.erase_person(
        subject.address,
        as_recipient=REGISTRATION.names_one_of(ids),
        events=reach.events,
        until=reach.until,
    )
    last_announcements.delete_for_registrations(ids)
    if subject.address:
        last_announcements.delete_for_address(subject.address, events=reach.events)
        proposal_persistence.delete_proposals(subject.ids(_PROPOSAL))
    return {**counts, "called_off": called_off, "mails": mails}


def _note_at_events(subject: DataSubject, *, by: Actor, now: datetime) -> None:
    """Let each event's log say why a registration has no name any more."""
    parties = [each for each in subject.references if each.kind == _REGISTRATION]
    for party in sorted(parties, key=lambda each: each.id):
        audit.record(
            "registration.erased",
            by=by,
            now=now,
            subject="registration",
            subject_id=party.id,
            event_id=party.event_id,
        )


def next_people(event_id: int, most: int) -> DataSubject:
    """Some parties of an event that still hold data, with what would betray those in them."""
    ids = erasure.next_of_event(event_id, most=most)
    found = DataSubject().with_more(
        (Reference(_REGISTRATION, each, event_id) for each in ids),
        addresses=erasure.addresses_of(ids),
    )
    return _people_in(ids, found)


def erase_sensitive(event_id: int, most: int) -> Batch:
    """Let the sensitive answers of some of an event's parties go."""
    gone = erasure.erase_sensitive(erasure.next_with_sensitive(event_id, most=most))
    left = erasure.next_with_sensitive(event_id, most=1)
    return Batch({"sensitive_answers": gone}, is_last=not left)


def count_event(event_id: int) -> Mapping[str, int]:
    """How many organisations came to an event: names of organisations go with the people."""
    return {"organisations": erasure.organisations_at(event_id)}


def count_holdings(event_ids: Collection[int]) -> Mapping[str, Mapping[int, int]]:
    """How many people of each of these events are kept, and of how many sensitive answers."""
    attendees = (
        select(Attendee.event_id, func.count())
        .where(Attendee.event_id.in_(event_ids))
        .group_by(Attendee.event_id)
    )
    known = attendees.join(Registration, Registration.id == Attendee.registration_id).where(
        Registration.erased_at.is_(None)
    )
    sensitive = attendees.join(SensitiveAnswers, SensitiveAnswers.attendee_id == Attendee.id)
    return {
        "people": dict(db.session.execute(known).all()),
        "sensitive": dict(db.session.execute(sensitive).all()),
    }
