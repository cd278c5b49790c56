"""A party as rows: writing it anew, and bringing what is stored into line with a changed one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert

from event_mgmt.core.database import db, table_of
from event_mgmt.core.text import searchable, sort_key
from event_mgmt.registrations.enums import Source, Status
from event_mgmt.registrations.lifecycle import calendar_entries
from event_mgmt.registrations.models import Attendee, Consent, Registration, SensitiveAnswers
from event_mgmt.registrations.party import Answer, Party, Person
from event_mgmt.registrations.people.person_matching import match_positions
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES

_REGISTRATIONS: Final = insert(table_of(Registration))
_REGISTRATION: Final = _REGISTRATIONS.returning(table_of(Registration).c.id)
_ATTENDEES: Final = insert(table_of(Attendee))
"""Built once: building a statement costs more than running it."""


def insert_party(
    party: Party,
    *,
    event_id: int,
    pool_id: int,
    status: Status,
    nonce: str,
    source: Source,
    now: datetime,
) -> int:
    """Write a new registration with its attendees; gives its id. Two or three statements."""
    values = {
        "event_id": event_id,
        "pool_id": pool_id,
        "source": source,
        "nonce": nonce,
        **_party_values(party, now=now),
        **status_values(status, now=now),
    }
    registration_id: int = db.session.execute(_REGISTRATION, values).scalar_one()
    insert_people(enumerate(party.people), event_id=event_id, registration_id=registration_id)
    return registration_id


def _party_values(party: Party, *, now: datetime) -> dict[str, object]:
    return {
        "email": party.email,
        "locale": party.locale,
        "seats": party.seats,
        "consents": consents_of(party, now=now),
        "shares_name": party.shares_name,
        "message": party.message,
        "created_at": now,
        "changed_at": now,
        "calendar_sequence": calendar_entries.next_sequence(0, now=now),
    }


@dataclass(frozen=True)
class NewParty:
    """A party to be written with its status and nonce."""

    party: Party
    status: Status
    nonce: str


def insert_parties(
    newcomers: Sequence[NewParty], *, event_id: int, pool_id: int, source: Source, now: datetime
) -> list[int]:
    """Write many registrations with their attendees; gives their ids in the same order.

    A few statements, however many. Those who wait do so in the order given.
    """
    if not newcomers:
        return []
    shared = {"event_id": event_id, "pool_id": pool_id, "source": source}
    written = db.session.execute(
        insert(Registration).returning(Registration.id, Registration.nonce),
        [
            {
                **shared,
                "nonce": new.nonce,
                **_party_values(new.party, now=now),
                **status_values(new.status, now=now),
                **_queued(new.status, now + timedelta(microseconds=place)),
            }
            for place, new in enumerate(newcomers)
        ],
    )
    by_nonce = {nonce: registration_id for registration_id, nonce in written}
    ids = [by_nonce[new.nonce] for new in newcomers]
    people = [
        (registration_id, position, person)
        for registration_id, new in zip(ids, newcomers, strict=True)
        for position, person in enumerate(new.party.people)
    ]
    _insert_placed(people, event_id=event_id)
    return ids


def _queued(status: Status, now: datetime) -> dict[str, object]:
    return {"queued_at": now} if status is Status.WAITLISTED else {}


def insert_people(
    people: Iterable[tuple[int, Person]], *, event_id: int, registration_id: int
) -> None:
    """Write attendees at their positions, and their sensitive answers apart."""
    placed = [(registration_id, position, person) for position, person in people]
    _insert_placed(placed, event_id=event_id)


def _insert_placed(placed: Sequence[tuple[int, int, Person]], *, event_id: int) -> None:
    """Write (id of the registration, position, person) in one or two statements."""
    rows = [
        {
            "registration_id": registration_id,
            "event_id": event_id,
            "position": position,
            **person_values(person),
        }
        for registration_id, position, person in placed
    ]
    if not any(person.sensitive for _id, _position, person in placed):
        db.session.execute(_ATTENDEES, rows)
        return
    written = db.session.execute(
        insert(Attendee).returning(Attendee.id, Attendee.registration_id, Attendee.position), rows
    )
    ids = {(in_party, position): attendee_id for attendee_id, in_party, position in written}
    db.session.execute(
        insert(SensitiveAnswers),
        [
            {"attendee_id": ids[in_party, position], "answers": dict(person.sensitive)}
            for in_party, position, person in placed
            if person.sensitive
        ],
    )


def person_values(person: Person) -> dict[str, object]:
    """The columns that hold ``person``."""
    names = (person.family_name, person.given_name)
    return {
        **{name: getattr(person, name) for name in PERSON_FIELD_NAMES},
        "answers": dict(person.answers),
        "search_text": searchable(f"{person.full_name} {person.organisation} {person.function}"),
        "sort_key": sort_key("de", *names),
        "sort_key_sl": sort_key("sl", *names),
    }


def person_of(attendee: Attendee) -> Person:
    """The person that ``attendee`` holds."""
    return Person(
        **{name: getattr(attendee, name) for name in PERSON_FIELD_NAMES},
        answers=dict(attendee.answers),
        sensitive=dict(attendee.sensitive.answers) if attendee.sensitive else {},
    )


def party_of(registration: Registration) -> Party:
    """The party that ``registration`` holds."""
    contact, *companions = [person_of(attendee) for attendee in registration.attendees]
    return Party(
        email=registration.email,
        locale=registration.locale,
        contact=contact,
        companions=tuple(companions),
        message=registration.message,
        shares_name=registration.shares_name,
        privacy_version=registration.privacy_version,
    )


def checked_in_positions(registration: Registration) -> list[int]:
    """At which places of the party (0 is the contact) somebody is checked in."""
    people = registration.attendees
    return [place for place, one in enumerate(people) if one.checked_in_at is not None]


def status_values(status: Status, *, now: datetime) -> dict[str, object]:
    """A status with the instants that go with it."""
    return {
        "status": status,
        "queued_at": now if status is Status.WAITLISTED else None,
        "confirmed_at": now if status is Status.CONFIRMED else None,
        "cancelled_at": now if status is Status.CANCELLED else None,
    }


def consents_of(party: Party, *, now: datetime) -> dict[str, Consent]:
    """What the party was told or agreed to: {kind: {version, at}}."""
    told: Consent = {"version": party.privacy_version, "at": now.isoformat()}
    consents: dict[str, Consent] = {"privacy": told} if party.privacy_version else {}
    if any(person.sensitive for person in party.people):
        consents["sensitive"] = told
    if party.shares_name:
        consents["sharing"] = told
    return consents


def with_sharing_consent(
    consents: dict[str, Consent], *, shares: bool, version: str, now: datetime
) -> dict[str, Consent]:
    """``consents`` after the contact agreed to be on the list of participants, or no more."""
    others = {kind: told for kind, told in consents.items() if kind != "sharing"}
    return {**others, "sharing": {"version": version, "at": now.isoformat()}} if shares else others


def update_party(registration: Registration, party: Party, *, now: datetime) -> None:
    """Bring a stored registration into line with ``party``.

    People keep their row (and so their badge and check-in) when they are the same (see
    ``person_matching.match_positions``); the others are matched in order. Positions of those who
    left stay empty.
    """
    contact, *companions = registration.attendees
    pairs, newcomers, gone = _matched(companions, registration, party)
    _write_person(contact, party.contact)
    for attendee, person in pairs:
        _write_person(attendee, person)
    last = max(attendee.position for attendee in registration.attendees)
    for attendee in gone:
        registration.attendees.remove(attendee)
    for position, person in enumerate(newcomers, start=last + 1):
        newcomer = Attendee(event_id=registration.event_id, position=position)
        _write_person(newcomer, person)
        registration.attendees.append(newcomer)
    registration.email = party.email
    registration.locale = party.locale
    registration.message = party.message
    registration.shares_name = party.shares_name
    registration.seats = party.seats
    registration.consents = _renewed_consents(registration, party, now)
    registration.changed_at = now


def _renewed_consents(
    registration: Registration, party: Party, now: datetime
) -> dict[str, Consent]:
    """What was agreed keeps its time; what does not apply any more goes."""
    before = registration.consents
    agreed = {kind: before.get(kind, told) for kind, told in consents_of(party, now=now).items()}
    return {**({"privacy": before["privacy"]} if "privacy" in before else {}), **agreed}


def _matched(
    companions: list[Attendee], registration: Registration, party: Party
) -> tuple[list[tuple[Attendee, Person]], list[Person], list[Attendee]]:
    stored = [person_of(attendee) for attendee in registration.attendees]
    places = match_positions(stored, party.people, here=checked_in_positions(registration))[1:]
    left = list(companions)
    pairs: list[tuple[Attendee, Person]] = []
    unmatched: list[Person] = []
    for person, place in zip(party.companions, places, strict=True):
        if place:  # whoever was the contact has no row among the companions
            pairs.append((companions[place - 1], person))
            left.remove(companions[place - 1])
        else:
            unmatched.append(person)
    # Whoever is replaced hands over the row only if nobody has come in with it yet.
    free = [attendee for attendee in left if attendee.checked_in_at is None]
    pairs += list(zip(free, unmatched, strict=False))
    used = min(len(free), len(unmatched))
    replaced = free[:used]
    return pairs, unmatched[used:], [a for a in left if a not in replaced]


def _write_person(attendee: Attendee, person: Person) -> None:
    for name, value in person_values(person).items():
        setattr(attendee, name, value)
    _write_sensitive(attendee, person.sensitive)


def _write_sensitive(attendee: Attendee, answers: Mapping[str, Answer]) -> None:
    if not answers:
        attendee.sensitive = None
    elif attendee.sensitive is None:
        attendee.sensitive = SensitiveAnswers(answers=dict(answers))
    else:
        attendee.sensitive.answers = dict(answers)


def move_to_sensitive(attendee: Attendee, answers: Mapping[str, Answer]) -> None:
    """Move ``answers`` of somebody from the ordinary ones to the sensitive ones."""
    before = attendee.sensitive.answers if attendee.sensitive else {}
    _write_sensitive(attendee, {**before, **answers})
    left = {key: answer for key, answer in attendee.answers.items() if key not in answers}
    attendee.answers = left
