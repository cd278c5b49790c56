"""Many guests at once, for the benchmarks: written with Core, as plausible as names can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from event_mgmt.accounts.models import Membership, Role, User
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.core.text import search_fold, sort_key
from event_mgmt.events.enums import EventKind, EventStatus
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.organisations.models import Organisation, OrganisationKind
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Attendee, Registration

BEGAN = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
GIVEN_NAMES = (
    "Ana",
    "Luka",
    "Maja",
    "Jürgen",
    "Sabine",
    "Nejc",
    "Špela",
    "Tobias",
    "Žiga",
    "Käthe",
)
FAMILY_NAMES = (
    "Novak",
    "Čeh",
    "Žagar",
    "Müller",
    "Weiß",
    "Kovač",
    "Öztürk",
    "Šuštaršič",
    "Kos",
    "Lang",
)
_STATUSES = (*[Status.CONFIRMED] * 8, Status.WAITLISTED, Status.CANCELLED)
_BATCH = 10_000


@transactional
def an_event_with(people: int, *, slug: str) -> tuple[Event, User]:
    """A published event of ``people`` guests, and a member of its host."""
    name = Localized(de="Konsulat", sl="Konzulat", en="Consulate")
    host = Organisation(
        slug=f"host-of-{slug}",
        kind=OrganisationKind.CONSULATE,
        name=name,
        short_name=name,
        initials="K",
        accent="#3b3a8f",
        country="SI",
    )
    db.session.add(host)
    db.session.flush()
    user = User(
        email=f"{slug}@example.org",
        given_name="Maja",
        family_name="Kovač",
        locale="de",
        created_at=BEGAN,
        memberships=[Membership(organisation_id=host.id, role=Role.ADMINISTRATOR)],
    )
    event = Event(
        slug=slug,
        kind=EventKind.CONSULATE_EVENT,
        status=EventStatus.PUBLISHED,
        host_id=host.id,
        title=Localized(de="Jahresempfang", sl="Letni sprejem", en="Annual reception"),
        time_zone="Europe/Berlin",
        starts_at=BEGAN + timedelta(days=40),
        ends_at=BEGAN + timedelta(days=40, hours=3),
        city="Düsseldorf",
        created_at=BEGAN,
        changed_at=BEGAN,
        pools=[SeatPool(capacity=people, taken=0)],
    )
    db.session.add_all((user, event))
    db.session.flush()
    for first in range(0, people, _BATCH):
        _write(event, range(first, min(first + _BATCH, people)))
    return event, user


def _write(event: Event, numbers: range) -> None:
    rows = [_registration(event, number) for number in numbers]
    made = db.session.scalars(
        insert(Registration).returning(Registration.id, sort_by_parameter_order=True), rows
    ).all()
    guests = [_guest(event, number, made[at]) for at, number in enumerate(numbers)]
    db.session.execute(insert(Attendee), guests)


def _registration(event: Event, number: int) -> dict[str, object]:
    at = BEGAN + timedelta(minutes=number % 40_000)
    return {
        "event_id": event.id,
        "pool_id": event.pools[0].id,
        "status": _STATUSES[number % len(_STATUSES)],
        "email": f"guest-{number}@example.org",
        "locale": ("de", "sl", "en")[number % 3],
        "seats": 1,
        "nonce": f"{event.slug}-{number}",
        "created_at": at,
        "changed_at": at,
    }


def _guest(event: Event, number: int, registration_id: int) -> dict[str, object]:
    given = GIVEN_NAMES[number % len(GIVEN_NAMES)]
    family = f"{FAMILY_NAMES[number // 7 % len(FAMILY_NAMES)]}-{number * 7919 % 99_991}"
    organisation = f"Tehnika {number % 900} d.o.o."
    return {
        "event_id": event.id,
        "registration_id": registration_id,
        "academic_title": "Dr." if number % 9 == 0 else "",
        "form_of_address": "Frau" if number % 2 else "Herr",
        "given_name": given,
        "family_name": family,
        "function": "Leitung Entwicklung",
        "organisation": organisation,
        "country": ("DE", "SI", "AT")[number % 3],
        "phone": f"+4921138{number:06}",
        "answers": {"1": "Halle 3", "2": number % 5},
        "search_text": search_fold(f"{given} {family} {organisation}"),
        "sort_key": sort_key("de", family, given),
        "sort_key_sl": sort_key("sl", family, given),
    }
