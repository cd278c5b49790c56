"""What the desk's own pages read: today's work, and one event at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload, selectinload

from event_mgmt.accounts import policy
from event_mgmt.accounts.policy import AttendeeScope, Viewer
from event_mgmt.attendee_lists.statistics import registrations_over_time
from event_mgmt.core.clock import wall_clock
from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event, Partner
from event_mgmt.events.queries import visible_to
from event_mgmt.registrations import anonymous_counts
from event_mgmt.registrations.enums import OPEN, Status
from event_mgmt.registrations.models import Attendee, Registration

_LIVE = (EventStatus.DRAFT, EventStatus.PUBLISHED, EventStatus.POSTPONED)
_MOST_EVENTS = 200


@dataclass(frozen=True)
class EventFigures:
    """How one event stands: people by where they stand, and its seats."""

    confirmed: int = 0
    pending: int = 0
    waitlisted: int = 0
    offered: int = 0
    companions: int = 0
    capacity: int = 0
    taken: int = 0


@dataclass(frozen=True)
class DayCount:
    """How many people were registered at the end of one day."""

    day: date
    people: int


def visible_events(viewer: Viewer, *, now: datetime) -> list[Event]:
    """Drafts and events that are not over yet, next first, that ``viewer`` works on."""
    found = db.session.scalars(
        select(Event)
        .where(
            visible_to(viewer),
            Event.status.in_(_LIVE),
            Event.ends_at > now,
        )
        .options(
            joinedload(Event.host),
            selectinload(Event.partners).joinedload(Partner.organisation),
            selectinload(Event.pools),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(_MOST_EVENTS)
    )
    return list(found.unique())


def new_by_event(event_ids: Collection[int], *, since: datetime) -> dict[int, int]:
    """How many parties registered for each event since then and still count on it."""
    counted = (
        select(Registration.event_id, func.count())
        .where(
            Registration.event_id.in_(event_ids),
            Registration.created_at >= since,
            Registration.status.in_(OPEN),
        )
        .group_by(Registration.event_id)
    )
    return dict(db.session.execute(counted).all())


LatestRegistration = Row[int, int, Status, datetime, int, str, str, str]


def latest_registrations(event_ids: Collection[int], *, most: int) -> list[LatestRegistration]:
    """The newest contacts over all these events: registration id, event, name, status, time."""
    return list(
        db.session.execute(
            select(
                Registration.id,
                Registration.event_id,
                Registration.status,
                Registration.created_at,
                Registration.seats,
                Attendee.given_name,
                Attendee.family_name,
                Attendee.organisation,
            )
            .join(
                Attendee, (Attendee.registration_id == Registration.id) & (Attendee.position == 0)
            )
            .where(Registration.event_id.in_(event_ids))
            .order_by(Registration.created_at.desc(), Registration.id.desc())
            .limit(most)
        )
    )


def sees_everybody(viewer: Viewer, event: Event) -> bool:
    """Whether the numbers of the whole event may be shown."""
    scope, _organisations = policy.attendee_scope(viewer, event.parties())
    return scope is AttendeeScope.ALL


def figures_of(event: Event) -> EventFigures:
    """The event's people and seats."""
    rows = db.session.execute(
        select(Registration.status, func.count(), func.sum(Registration.seats))
        .where(Registration.event_id == event.id)
        .group_by(Registration.status)
    )
    parties: dict[Status, int] = {}
    people: dict[Status, int] = {}
    for status, count, seats in rows:
        parties[status], people[status] = count, int(seats)
    return EventFigures(
        confirmed=people.get(Status.CONFIRMED, 0),
        pending=parties.get(Status.PENDING, 0),
        waitlisted=parties.get(Status.WAITLISTED, 0),
        offered=parties.get(Status.OFFERED, 0),
        companions=people.get(Status.CONFIRMED, 0) - parties.get(Status.CONFIRMED, 0),
        capacity=sum(pool.capacity for pool in event.pools),
        taken=sum(pool.taken for pool in event.pools),
    )


def countries_of(event_id: int) -> list[tuple[str, int]]:
    """Confirmed people by country, most first; those whose data have gone still count."""
    rows = db.session.execute(
        select(Attendee.country, func.count())
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(
            Registration.event_id == event_id,  # not the attendee's: a database would begin there
            Registration.status == Status.CONFIRMED,
            Registration.erased_at.is_(None),
        )
        .group_by(Attendee.country)
    )
    people = Counter[str]()
    for country, count in rows:
        people[country] = count
    people.update(anonymous_counts.erased_by_country(event_id, [Status.CONFIRMED]))
    return sorted(people.items(), key=lambda item: (-item[1], item[0]))[:6]


def growth_of(event: Event, viewer: Viewer, *, now: datetime, days: int = 30) -> list[DayCount]:
    """How many people were registered at the end of each of the last ``days``, at most to its end.

    Counts those who still come or still wait for an answer; days by the event's wall clock.
    Empty while nobody has registered.
    """
    course = registrations_over_time(event, viewer=viewer)
    if not course:
        return []
    people = dict(course)
    (begun, _few), (ended, everybody) = course[0], course[-1]
    last = wall_clock(min(now, event.ends_at), event.time_zone).date()
    before = [last - timedelta(days=n) for n in range(days - 1, 0, -1)]
    return [
        *(DayCount(day, people[min(day, ended)] if day >= begun else 0) for day in before),
        DayCount(last, everybody),
    ]
