"""Taking the people out of registrations; what is left holds seats and counts.

Used inside a transaction of the room that decides what goes, and when.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update

from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.registrations import anonymous_counts, commands
from event_mgmt.registrations.enums import HOLDS_SEATS, OPEN
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.registrations.models import Attendee, Registration, SensitiveAnswers
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES

SORT_LAST: Final = "\U0010fffd"
"""The sort key of somebody without a name: after every letter."""

_NO_SYNC: Final = {"synchronize_session": False}
_BLANK_REGISTRATION: Final[dict[str, object]] = {
    "email": "",
    "mailbox": "",
    "address_confirmed_at": None,
    "message": "",
    "staff_note": "",
    "reason": "",
    "shares_name": False,
    "address_failed_at": None,
    "calendar_uid": None,
}
_BLANK_ATTENDEE: Final[dict[str, object]] = {
    **dict.fromkeys(PERSON_FIELD_NAMES, ""),
    "answers": {},
    "search_text": "",
    "sort_key": SORT_LAST,
    "sort_key_sl": SORT_LAST,
    "organisation_key": SORT_LAST,
    "decided_name": None,
}


@dataclass(frozen=True)
class RegistrationRef:
    """A registration that still says who came: its id and its event's."""

    id: int
    event_id: int


def of_address(
    address: str, *, host_ids: Collection[int] | None = None, until: datetime | None = None
) -> list[RegistrationRef]:
    """The registrations under ``address`` that still hold data, in the order they are locked in.

    Only those of events that ``host_ids`` host, where they are given; only those that were last
    changed by ``until``, where that is given.
    """
    wanted = (
        select(Registration.id, Registration.event_id)
        .where(Registration.email == address, Registration.erased_at.is_(None))
        .order_by(Registration.event_id, Registration.pool_id, Registration.id)
    )
    if host_ids is not None:
        wanted = wanted.join(Event).where(Event.host_id.in_(host_ids))
    if until is not None:
        wanted = wanted.where(Registration.changed_at <= until)
    return [RegistrationRef(*row) for row in db.session.execute(wanted)]


def next_of_event(event_id: int, *, most: int) -> list[int]:
    """Some registrations of an event that still hold data."""
    wanted = (
        select(Registration.id)
        .where(Registration.event_id == event_id, Registration.email > "")
        .order_by(Registration.email, Registration.id)
        .limit(most)
    )
    return list(db.session.scalars(wanted))


def holding_data(event_id: object) -> ColumnElement[bool]:
    """Whether any registration of that event (a value or column) still holds data.

    By the address, which every one has until it is erased: the index finds the first at once,
    however many have gone.
    """
    return exists().where(Registration.event_id == event_id, Registration.email > "")


def holding_sensitive() -> Select[int]:
    """The events of which sensitive answers are still kept."""
    return select(Attendee.event_id).join(
        SensitiveAnswers, SensitiveAnswers.attendee_id == Attendee.id
    )


def next_with_sensitive(event_id: int, *, most: int) -> list[int]:
    """Some registrations of an event with sensitive answers."""
    wanted = (
        select(Attendee.registration_id)
        .join(SensitiveAnswers, SensitiveAnswers.attendee_id == Attendee.id)
        .where(Attendee.event_id == event_id)
        .distinct()
        .limit(most)
    )
    return list(db.session.scalars(wanted))


def organisations_at(event_id: int) -> int:
    """How many organisations those come from who hold seats at an event, by their names."""
    counted = (
        select(func.count(Attendee.organisation_key.distinct()))
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(
            Attendee.event_id == event_id,
            Attendee.organisation != "",
            Registration.status.in_(HOLDS_SEATS),
        )
    )
    return db.session.execute(counted).scalar_one()


def names_in(registration_ids: Sequence[int]) -> list[tuple[str, str]]:
    """The given and family names of everybody in these registrations, corrected ones as well."""
    wanted = select(Attendee.given_name, Attendee.family_name, Attendee.decided_name).where(
        Attendee.registration_id.in_(registration_ids)
    )
    found = []
    for given, family, decided in db.session.execute(wanted):
        found.append((given, family))
        if decided:
            found.append((decided["given_name"], decided["family_name"]))
    return found


def addresses_of(registration_ids: Sequence[int]) -> list[str]:
    """The addresses of these registrations."""
    wanted = select(Registration.email).where(Registration.id.in_(registration_ids))
    return list(db.session.scalars(wanted))


def cancel_upcoming(registration_ids: Sequence[int], *, by: Actor, now: datetime) -> int:
    """Call off those that are still counted on at events to come; gives how many.

    So that their seats go to whoever waits, in the same transaction.
    """
    live = db.session.scalars(
        select(Registration.id)
        .join(Event)
        .where(
            Registration.id.in_(registration_ids),
            Registration.status.in_(OPEN),
            or_(Event.starts_at > now, Event.status == EventStatus.POSTPONED),
        )
        .order_by(Registration.event_id, Registration.pool_id, Registration.id)
    ).all()
    for registration_id in live:
        commands.cancel(registration_id, by=by, now=now)
    return len(live)


def erase_sensitive(registration_ids: Sequence[int]) -> int:
    """Delete the sensitive answers of these registrations; gives of how many people."""
    proposal_persistence.delete_sensitive_answers(registration_ids)
    people = select(Attendee.id).where(Attendee.registration_id.in_(registration_ids))
    gone = db.session.execute(
        delete(SensitiveAnswers)
        .where(SensitiveAnswers.attendee_id.in_(people))
        .returning(SensitiveAnswers.attendee_id),
        execution_options=_NO_SYNC,
    )
    return len(gone.all())


def erase_people(registration_ids: Sequence[int], *, now: datetime) -> dict[str, int]:
    """Take everybody's data out of these registrations; gives what went, by kind.

    Status, seats, instants and the versions of the privacy notice stay: they name nobody. How many
    came from which country is counted first.
    """
    db.session.flush()
    # Whoever is erasing or changing them at this moment comes first: so that nobody is counted
    # twice, and no companion who is just being added keeps a name. An address that somehow came
    # back goes as well: by it retention tells whether anything is left to do.
    registration_ids = db.session.scalars(
        select(Registration.id)
        .where(
            Registration.id.in_(registration_ids),
            or_(Registration.erased_at.is_(None), Registration.email > ""),
        )
        .order_by(Registration.event_id, Registration.pool_id, Registration.id)
        .with_for_update()
    ).all()
    anonymous_counts.count_before_erasure(registration_ids)
    proposal_persistence.delete_proposals(registration_ids)
    sensitive = erase_sensitive(registration_ids)
    people = db.session.execute(
        update(Attendee)
        .where(Attendee.registration_id.in_(registration_ids))
        .values(**_BLANK_ATTENDEE)
        .returning(Attendee.id),
        execution_options=_NO_SYNC,
    )
    count = len(people.all())
    parties = db.session.execute(
        update(Registration)
        .where(Registration.id.in_(registration_ids))
        .values(**_BLANK_REGISTRATION, erased_at=now)
        .returning(Registration.id),
        execution_options=_NO_SYNC,
    )
    erased = len(parties.all())
    db.session.expire_all()
    return {"registrations": erased, "people": count, "sensitive_answers": sensitive}
