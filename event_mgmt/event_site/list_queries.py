"""Lists of public events: the agenda, the month, what one can filter by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, cast, func, or_, select, union_all

from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.text import search_parts
from event_mgmt.event_site.event_queries import hosted_by, is_listed
from event_mgmt.events.enums import EventKind, EventStatus, PartnerStatus
from event_mgmt.events.models import Event, Partner, SeatPool, event_sectors
from event_mgmt.events.registration_phase import PoolState
from event_mgmt.events.registration_state import (
    TERMS_COLUMNS,
    RegistrationState,
    terms_from_row,
)
from event_mgmt.organisations.models import Organisation, Sector
from event_mgmt.organisations.queries import organisations_by_ids

PAGE_SIZE: Final = 20
_MOST_WORDS: Final = 8


@dataclass(frozen=True)
class ListedEvent:
    """One event of a list, with its hosts (the host first); of its seats the general ones."""

    id: int
    slug: str
    kind: EventKind
    title: Localized
    venue_name: str
    city: str
    is_online: bool
    languages: list[str]
    registration: RegistrationState
    hosts: list[Organisation]

    @property
    def starts_at(self) -> datetime:
        """When it begins (UTC)."""
        return self.registration.terms.starts_at

    @property
    def ends_at(self) -> datetime:
        """When it is over (UTC)."""
        return self.registration.terms.ends_at

    @property
    def time_zone(self) -> str:
        """The zone of its clocks."""
        return self.registration.terms.time_zone


@dataclass(frozen=True)
class EventSearch:
    """What a reader looks for; the empty wish is the whole agenda. ``begin`` to ``end`` (UTC) is
    the time in which an event must take place, ``is_past`` turns to those that are over.
    """

    words: str = ""
    kind: EventKind | None = None
    sector: str = ""
    host: str = ""
    country: str = ""
    language: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    is_past: bool = False


@dataclass(frozen=True)
class EventSearchResult:
    """One page of a list, and how many events the whole list has."""

    events: list[ListedEvent]
    total: int


@dataclass(frozen=True)
class FilterChoices:
    """What there is to filter by."""

    sectors: Sequence[Sector]
    hosts: Sequence[Organisation]
    countries: list[str]
    languages: list[str]


_COLUMNS: Final = (
    Event.id,
    Event.slug,
    Event.kind,
    Event.host_id,
    Event.title,
    Event.version,
    Event.venue_name,
    Event.city,
    Event.online_url,
    Event.languages,
    *TERMS_COLUMNS,
)


def public_events(wanted: EventSearch, *, page: int, now: datetime) -> EventSearchResult:
    """The events that a reader looks for: coming ones, the next first, or past ones, the last
    first. ``page`` counts from 1. The number of statements does not depend on the rows.
    """
    clauses = _clauses(wanted, now)
    total = db.session.scalar(select(func.count()).select_from(Event).where(*clauses)) or 0
    if not total:
        return EventSearchResult([], 0)
    order = (Event.starts_at.asc(), Event.id.asc())
    if wanted.is_past:
        order = (Event.starts_at.desc(), Event.id.desc())
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(*clauses)
        .order_by(*order)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return EventSearchResult(_listed(rows), total)


def between(begin: datetime, end: datetime) -> list[ListedEvent]:
    """All public events that take place at some time from ``begin`` to ``end``."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(_is_in_agenda(), Event.starts_at < end, Event.ends_at > begin)
        .order_by(Event.starts_at, Event.id)
    ).all()
    return _listed(rows)


def upcoming_of_hosts(*, now: datetime) -> dict[int, int]:
    """How many coming events each organisation hosts or co-hosts, by its id."""
    coming = (_is_in_agenda(), ~_is_past(now))
    hosted = select(Event.host_id.label("organisation_id")).where(*coming)
    joined = (
        select(Partner.organisation_id)
        .join(Event)
        .where(*coming, Partner.status == PartnerStatus.ACCEPTED)
    )
    both = union_all(hosted, joined).subquery()
    rows = db.session.execute(
        select(both.c.organisation_id, func.count()).group_by(both.c.organisation_id)
    )
    return {int(organisation_id): int(events) for organisation_id, events in rows}


def findable(*, limit: int) -> list[tuple[str, datetime]]:
    """The events that search engines may know, latest first: (slug, changed at)."""
    rows = db.session.execute(
        select(Event.slug, Event.changed_at)
        .where(_is_in_agenda())
        .order_by(Event.starts_at.desc(), Event.id)
        .limit(limit)
    )
    return [(row.slug, row.changed_at) for row in rows]


def usual_retention() -> tuple[int, int]:
    """How long guests' data are kept where an event says nothing else: months after the event,
    and days for sensitive answers.
    """
    columns = Event.__table__.c
    return columns.retention_months.default.arg, columns.sensitive_days.default.arg


def choices(*, now: datetime, is_past: bool) -> FilterChoices:
    """What the coming (or the past) events can be filtered by."""
    listed = select(Event.id).where(_is_in_agenda(), _is_past(now) if is_past else ~_is_past(now))
    hosts = db.session.scalars(
        select(Organisation)
        .where(
            or_(
                Organisation.id.in_(select(Event.host_id).where(Event.id.in_(listed))),
                Organisation.id.in_(
                    select(Partner.organisation_id).where(
                        Partner.event_id.in_(listed), Partner.status == PartnerStatus.ACCEPTED
                    )
                ),
            )
        )
        .order_by(Organisation.id)
    ).all()
    sectors = db.session.scalars(
        select(Sector)
        .where(
            Sector.id.in_(
                select(event_sectors.c.sector_id).where(event_sectors.c.event_id.in_(listed))
            )
        )
        .order_by(Sector.code)
    ).all()
    pairs = db.session.execute(
        select(Event.country, cast(Event.languages, Text)).where(Event.id.in_(listed)).distinct()
    ).all()
    languages = {code for _country, codes in pairs for code in codes.split('"')[1::2]}
    return FilterChoices(
        sectors, hosts, sorted({country for country, _c in pairs if country}), sorted(languages)
    )


def _is_in_agenda() -> ColumnElement[bool]:
    return is_listed() & (Event.status != EventStatus.ARCHIVED)


def _is_past(now: datetime) -> ColumnElement[bool]:
    return Event.ends_at <= now


def _clauses(wanted: EventSearch, now: datetime) -> list[ColumnElement[bool]]:
    past = _is_past(now)
    clauses: list[ColumnElement[bool]] = [_is_in_agenda(), past if wanted.is_past else ~past]
    clauses += [
        Event.search_text.contains(part, autoescape=True)
        for part in search_parts(wanted.words)[:_MOST_WORDS]
    ]
    if wanted.kind is not None:
        clauses.append(Event.kind == wanted.kind)
    if wanted.sector:
        of_sector = (
            select(event_sectors.c.event_id).join(Sector).where(Sector.code == wanted.sector)
        )
        clauses.append(Event.id.in_(of_sector))
    if wanted.host:
        host_id = select(Organisation.id).where(Organisation.slug == wanted.host).scalar_subquery()
        clauses.append(hosted_by(host_id))
    if wanted.country:
        clauses.append(Event.country == wanted.country)
    if wanted.language:
        clauses.append(
            cast(Event.languages, Text).contains(f'"{wanted.language}"', autoescape=True)
        )
    if wanted.begin is not None and wanted.end is not None:
        clauses += [Event.starts_at < wanted.end, Event.ends_at > wanted.begin]
    return clauses


def _listed(rows: Sequence[Any]) -> list[ListedEvent]:
    ids = [row.id for row in rows]
    hosts = hosts_of({row.id: row.host_id for row in rows})
    pools = {
        pool.event_id: (PoolState(pool.id, pool.capacity, pool.taken),)
        for pool in db.session.execute(
            select(SeatPool.event_id, SeatPool.id, SeatPool.capacity, SeatPool.taken).where(
                SeatPool.event_id.in_(ids), SeatPool.organisation_id.is_(None)
            )
        )
    }
    return [
        ListedEvent(
            id=row.id,
            slug=row.slug,
            kind=row.kind,
            title=row.title,
            venue_name=row.venue_name,
            city=row.city,
            is_online=bool(row.online_url),
            languages=row.languages,
            registration=RegistrationState(
                row.id, row.version, terms_from_row(row), pools.get(row.id, ())
            ),
            hosts=hosts[row.id],
        )
        for row in rows
    ]


def hosts_of(host_ids: dict[int, int]) -> dict[int, list[Organisation]]:
    """The hosts of events given as {event id: host's id}: the host, then who accepted."""
    together = {event_id: [host_id] for event_id, host_id in host_ids.items()}
    for event_id, organisation_id in db.session.execute(
        select(Partner.event_id, Partner.organisation_id)
        .where(Partner.event_id.in_(host_ids), Partner.status == PartnerStatus.ACCEPTED)
        .order_by(Partner.id)
    ):
        together[event_id].append(organisation_id)
    wanted = {organisation_id for ids in together.values() for organisation_id in ids}
    found = organisations_by_ids(wanted)
    return {event_id: [found[i] for i in ids] for event_id, ids in together.items()}
