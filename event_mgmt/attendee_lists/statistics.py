"""The numbers on top of a list: who comes, who waits, from where, and since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from event_mgmt.accounts.policy import AttendeeScope, Viewer, attendee_scope
from event_mgmt.attendee_lists import statements
from event_mgmt.attendee_lists.criteria import ListCriteria, PresenceFilter
from event_mgmt.core.database import db
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.registrations import anonymous_counts
from event_mgmt.registrations.enums import HOLDS_SEATS, OPEN, Status
from event_mgmt.registrations.models import Attendee, Registration

TOP = 6


@dataclass(frozen=True)
class ListStatistics:
    """An event's figures, all in people; ``by_status`` leaves out zeros."""

    by_status: Mapping[Status, int] = field(default_factory=dict)
    companions: int = 0
    capacity: int = 0
    taken: int = 0

    @property
    def free(self) -> int:
        """Seats that are left."""
        return self.capacity - self.taken

    def fitting(self, criteria: ListCriteria) -> int | None:
        """How many people fit, where that is known without asking the database."""
        statuses = criteria.statuses or tuple(Status)
        if criteria != ListCriteria(statuses=criteria.statuses):
            return None
        return sum(map(self.of, statuses))

    def of(self, status: Status) -> int:
        """How many people have this status."""
        return self.by_status.get(status, 0)


@dataclass(frozen=True)
class Breakdown:
    """Of those who come: the organisations and countries that send most, as (name, people)."""

    organisations: Sequence[tuple[str, int]]
    countries: Sequence[tuple[str, int]]


def statistics_of(event: Event, *, viewer: Viewer) -> ListStatistics:
    """The numbers of an event as far as ``viewer`` may see its attendees; two statements."""
    visible = attendee_scope(viewer, event.parties())
    people: Counter[Status] = Counter()
    companions = 0
    found = db.session.execute(
        select(Registration.status, func.count(), func.sum(Registration.seats))
        .where(statements.within(event.id, visible))
        .group_by(Registration.status)
    )
    for status, parties, seats in found:
        people[status] = int(seats)
        if status in HOLDS_SEATS:
            companions += int(seats) - parties
    capacity, taken = _seats(event.id, visible)
    return ListStatistics(people, companions, capacity, taken)


def arrived(event: Event, *, viewer: Viewer) -> int:
    """How many people have been checked in; one statement."""
    visible = attendee_scope(viewer, event.parties())
    here = statements.counted(event.id, visible, ListCriteria(presence=PresenceFilter.ARRIVED))
    return db.session.execute(here).scalar_one()


def _seats(event_id: int, visible: statements.VisiblePart) -> tuple[int, int]:
    scope, organisations = visible
    pools = select(
        func.coalesce(func.sum(SeatPool.capacity), 0), func.coalesce(func.sum(SeatPool.taken), 0)
    ).where(SeatPool.event_id == event_id)
    if scope is not AttendeeScope.ALL:
        pools = pools.where(SeatPool.organisation_id.in_(sorted(organisations)))
    capacity, taken = db.session.execute(pools).one()
    return int(capacity), int(taken)


def breakdown_of(event: Event, *, viewer: Viewer) -> Breakdown:
    """Which organisations and countries those come from who hold seats; two statements.

    Whoever was erased still counts for a country; names of organisations have gone with the people.
    """
    visible = attendee_scope(viewer, event.parties())
    pairs = (
        select(Attendee.organisation, Attendee.country, func.count().label("people"))
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(  # not the attendees' event as well: the embedded database would begin with that
            statements.within(event.id, visible), Registration.status.in_(HOLDS_SEATS)
        )
        .group_by(Attendee.organisation, Attendee.country)
        .cte("pairs")
    )
    organisations = _sums(pairs, "organisation").limit(TOP).subquery()
    countries = _sums(pairs, "country").subquery()
    found = db.session.connection().execute(union_all(select(organisations), select(countries)))
    sums = {"organisation": Counter[str](), "country": Counter[str]()}
    for kind, name, people in found:
        sums[kind][name] = int(people)
    scope, own = visible
    pools = None if scope is AttendeeScope.ALL else statements.pools_of(event.id, own)
    sums["country"].update(anonymous_counts.erased_by_country(event.id, HOLDS_SEATS, pools=pools))
    return Breakdown(_top(sums["organisation"]), _top(sums["country"]))


def _sums(pairs: CTE, kind: str) -> Select[str, str, int]:
    """People by name, most first; those without a name are not among them."""
    name, people = pairs.c[kind], func.sum(pairs.c.people)
    named = select(literal(kind).label("kind"), name, people.label("people")).where(name != "")
    return named.group_by(name).order_by(people.desc(), name)


def _top(counted: Counter[str]) -> list[tuple[str, int]]:
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [(name, count) for name, count in ordered if name][:TOP]


def registrations_over_time(event: Event, *, viewer: Viewer) -> list[tuple[date, int]]:
    """How many people had registered by the end of each day, by the event's wall clock.

    Those who called off do not count. Counted by the hour in the database, so that days end at
    midnight in the event's zone.
    """
    visible = attendee_scope(viewer, event.parties())
    hour = _hour(Registration.created_at)
    found = db.session.connection().execute(
        select(hour, func.sum(Registration.seats))
        .where(statements.within(event.id, visible), Registration.status.in_(OPEN))
        .group_by(hour)
    )
    zone = ZoneInfo(event.time_zone)
    by_day: Counter[date] = Counter()
    for text, people in found:
        instant = datetime.fromisoformat(text).replace(tzinfo=UTC)
        by_day[instant.astimezone(zone).date()] += int(people)
    return _cumulated(by_day)


def _hour(column: InstrumentedAttribute[datetime]) -> ColumnElement[str]:
    if db.engine.dialect.name == "postgresql":
        return type_coerce(func.to_char(column, "YYYY-MM-DD HH24"), String)
    return func.substr(type_coerce(column, String), 1, len("YYYY-MM-DD HH"))


def _cumulated(by_day: Counter[date]) -> list[tuple[date, int]]:
    if not by_day:
        return []
    day, last, total = min(by_day), max(by_day), 0
    course: list[tuple[date, int]] = []
    while day <= last:
        total += by_day[day]
        course.append((day, total))
        day += timedelta(days=1)
    return course
