"""Builders: a test names what matters to it, the rest is sensible."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from event_mgmt.accounts.models import Membership, Role, User
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.text import fold, sort_key
from event_mgmt.events.enums import (
    AttendeeAccess,
    EventKind,
    EventStatus,
    PartnerStatus,
    QuestionKind,
    WaitingListMode,
)
from event_mgmt.events.models import Event, Partner, Question, SeatPool
from event_mgmt.organisations.models import Organisation, OrganisationKind
from event_mgmt.registrations.enums import HOLDS_SEATS, Status
from event_mgmt.registrations.models import Attendee, ChangeProposal, Registration
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES
from event_mgmt.tasks.models import Task

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def _about_to_write() -> None:
    """Ask for the write lock, unless the test's transaction is already under way."""
    session = db.session()
    if session.info.get("in_transaction"):
        return
    if session.in_transaction() and not (session.new or session.dirty or session.deleted):
        session.commit()  # it has only read: to go on from there would not wait for other writers
    if not session.in_transaction():
        session.connection(execution_options={"writes": True})


def saved(thing: Any) -> Any:
    """Write ``thing`` to the database and give it back."""
    _about_to_write()
    db.session.add(thing)
    db.session.commit()
    return thing


def an_organisation(name: str | None = None, **given: Any) -> Organisation:
    """A saved organisation."""
    n = next(_numbers)
    name = name or f"Cluster {n}"
    values: dict[str, Any] = {
        "slug": f"organisation-{n}",
        "kind": OrganisationKind.CLUSTER,
        "name": Localized(de=name, sl=name, en=name),
        "short_name": Localized(de=name),
        "initials": name[:2].upper(),
        "accent": "#1d5fa8",
        "country": "DE",
        "email": f"office-{n}@example.org",
        **given,
    }
    return saved(Organisation(**values))


def a_user(
    organisation: Organisation | None = None, role: Role = Role.ORGANISER, **given: Any
) -> User:
    """A saved user, a member of ``organisation`` if one is given; has no password."""
    n = next(_numbers)
    sees_sensitive = given.pop("sees_sensitive", False)
    values: dict[str, Any] = {
        "email": f"user-{n}@example.org",
        "given_name": "Maja",
        "family_name": f"Kovač {n}",
        "locale": "de",
        "session_version": 1,
        "created_at": NOW,
        **given,
    }
    user = User(**values)
    if organisation is not None:
        user.memberships.append(
            Membership(organisation_id=organisation.id, role=role, sees_sensitive=sees_sensitive)
        )
    return saved(user)


def an_event(host: Organisation | None = None, *, seats: int = 10, **given: Any) -> Event:
    """A saved, published event in five weeks with one general pool of ``seats``."""
    n = next(_numbers)
    host = host or an_organisation()
    starts_at = given.pop("starts_at", NOW + timedelta(days=34, hours=8))
    values: dict[str, Any] = {
        "slug": f"event-{n}",
        "kind": EventKind.CLUSTER_ACTIVITY,
        "status": EventStatus.PUBLISHED,
        "host_id": host.id,
        "title": Localized(de=f"Jahresempfang {n}", sl=f"Letni sprejem {n}", en=f"Reception {n}"),
        "summary": Localized(de="Ein Abend für alle Partner."),
        "languages": ["de", "sl"],
        "time_zone": "Europe/Berlin",
        "starts_at": starts_at,
        "ends_at": given.pop("ends_at", starts_at + timedelta(hours=3)),
        "venue_name": "Ständehaus",
        "city": "Düsseldorf",
        "country": "DE",
        "waiting_list": WaitingListMode.OFFER,
        "created_at": NOW,
        "changed_at": NOW,
        "published_at": NOW,
        **given,
    }
    event = Event(**values)
    event.pools.append(SeatPool(capacity=seats, taken=0))
    return saved(event)


def a_question(
    event: Event, kind: QuestionKind = QuestionKind.SHORT_TEXT, label: str = "Frage", **given: Any
) -> Question:
    """A saved question of the event."""
    words = Localized(de=label, en=label)
    return saved(Question(event_id=event.id, kind=kind, label=words, **given))


def a_partner(
    event: Event,
    organisation: Organisation,
    *,
    access: AttendeeAccess = AttendeeAccess.NONE,
    status: PartnerStatus = PartnerStatus.ACCEPTED,
    seats: int | None = None,
) -> Partner:
    """A saved co-host, with a contingent of its own if ``seats`` is given."""
    if seats is not None:
        saved(SeatPool(event_id=event.id, organisation_id=organisation.id, capacity=seats, taken=0))
    partner = saved(
        Partner(
            event_id=event.id,
            organisation_id=organisation.id,
            status=status,
            attendee_access=access,
        )
    )
    db.session.expire(event)
    return partner


def a_registration(
    event: Event, *, status: Status = Status.CONFIRMED, companions: int = 0, **given: Any
) -> Registration:
    """A saved registration whose seats are taken from its pool where its status holds seats."""
    n = next(_numbers)
    pool = given.pop("pool", None) or event.pools[0]
    person = {
        "given_name": given.pop("given_name", "Luka"),
        "family_name": given.pop("family_name", f"Žagar {n}"),
        "organisation": given.pop("organisation", "Tehnika Žagar d.o.o."),
        "function": given.pop("function", ""),
        "country": given.pop("country", "SI"),
    }
    values: dict[str, Any] = {
        "event_id": event.id,
        "pool_id": pool.id,
        "status": status,
        "email": f"guest-{n}@example.org",
        "locale": "sl",
        "seats": 1 + companions,
        "nonce": f"nonce-{n}",
        "link_version": 1,
        "created_at": NOW,
        "changed_at": NOW,
        "queued_at": NOW + timedelta(milliseconds=n) if status is Status.WAITLISTED else None,
        **given,
    }
    registration = Registration(**values)
    for position in range(1 + companions):
        family_name = person["family_name"] if position == 0 else f"Begleitung {n}-{position}"
        registration.attendees.append(
            Attendee(
                **{**person, "family_name": family_name},
                event_id=event.id,
                position=position,
                search_text=fold(f"{person['given_name']} {family_name} {person['organisation']}"),
                sort_key=sort_key("de", family_name, person["given_name"]),
                sort_key_sl=sort_key("sl", family_name, person["given_name"]),
            )
        )
    if status in HOLDS_SEATS:
        pool.taken += registration.seats
        _about_to_write()
        db.session.add(pool)
    return saved(registration)


def a_proposal(registration: Registration, **given: Any) -> ChangeProposal:
    """A change that the guest proposes: Maja Kos comes along, unless ``given`` says otherwise."""
    people = [
        {name: getattr(attendee, name) for name in PERSON_FIELD_NAMES}
        | {"answers": attendee.answers}
        for attendee in registration.attendees
    ]
    maja = dict.fromkeys(PERSON_FIELD_NAMES, "") | {"given_name": "Maja", "family_name": "Kos"}
    party = {
        "locale": registration.locale,
        "message": registration.message,
        "shares_name": [registration.shares_name, registration.shares_name],
        "people": [*people, maja | {"answers": {}}],
    }
    values = {
        "registration_id": registration.id,
        "email": registration.email,
        "party": party,
        "sensitive": [],
        "needs_decision": True,
        "checks_address": False,
        "made_at": NOW,
        **given,
    }
    return saved(ChangeProposal(**values))


def a_task(user: User, **given: Any) -> Task:
    """A saved task of ``user``; it waits, unless told otherwise."""
    values: dict[str, Any] = {
        "kind": "attendee_list",
        "arguments": {},
        "locale": "de",
        "created_at": NOW,
        "due_at": NOW,
        **given,
    }
    return saved(Task(user_id=user.id, **values))
