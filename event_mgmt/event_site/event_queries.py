"""What everybody may read of events, signed in or not: nothing of drafts, nothing personal."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from event_mgmt.core.database import db, fetch_rows
from event_mgmt.core.refusals import Missing
from event_mgmt.event_site.rules import ContingentSeats, RegistrationWindow
from event_mgmt.events.enums import EventKind, EventStatus, PartnerStatus, Visibility
from event_mgmt.events.models import Event, Partner, SeatPool

FEED_LOOKS_BACK: Final = timedelta(days=180)
WINDOW_COLUMNS: Final = (
    Event.status,
    Event.visibility,
    Event.starts_at,
    Event.ends_at,
    Event.registration_opens_at,
    Event.registration_closes_at,
    Event.approval_needed,
    Event.waiting_list,
)
"""The columns that ``window_of`` reads."""


def window_of(row: Any) -> RegistrationWindow:
    """What decides about registering, from an event or from a row with the columns DOOR."""
    return RegistrationWindow(
        status=row.status,
        visibility=row.visibility,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        opens_at=row.registration_opens_at,
        closes_at=row.registration_closes_at,
        approval_needed=row.approval_needed,
        waiting_list=row.waiting_list,
    )


def is_out() -> ColumnElement[bool]:
    """Whether an event has been shown to the public: it was published and is no draft again."""
    return Event.published_at.is_not(None) & (Event.status != EventStatus.DRAFT)


def is_listed() -> ColumnElement[bool]:
    """Whether an event stands in the agenda, the calendar and the feeds."""
    return is_out() & (Event.visibility == Visibility.PUBLIC)


def hosted_by(organisation_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the organisation hosts or co-hosts an event."""
    co_hosts = select(Partner.event_id).where(
        Partner.organisation_id == organisation_id, Partner.status == PartnerStatus.ACCEPTED
    )
    return or_(Event.host_id == organisation_id, Event.id.in_(co_hosts))


def event_with_hosts(slug: str) -> Event:
    """A published event (also an unlisted one) with its hosts; Missing where there is none."""
    found = db.session.scalar(_with_hosts(select(Event).where(Event.slug == slug, is_out())))
    if found is None:
        raise Missing
    return found


def _with_hosts(events: Select[Event]) -> Select[Event]:
    return events.options(
        joinedload(Event.host), selectinload(Event.partners).joinedload(Partner.organisation)
    )


@dataclass(frozen=True)
class EventState:
    """All of an event's page that changes without the page being edited, and its version."""

    id: int
    slug: str
    version: int
    changed_at: datetime
    kind: EventKind
    time_zone: str
    co_hosts: int
    window: RegistrationWindow
    pools: tuple[ContingentSeats, ...]

    @property
    def unchanging(self) -> Hashable:
        """All of it but the seats."""
        return replace(self, pools=())

    @property
    def general(self) -> ContingentSeats:
        """The seats that are nobody's own."""
        general = (pool for pool in self.pools if pool.organisation_id is None)
        return next(general, ContingentSeats(None, 0, 0))


_accepted = (
    select(func.count())
    .where(Partner.event_id == Event.id, Partner.status == PartnerStatus.ACCEPTED)
    .correlate(Event)
    .scalar_subquery()
)
_EVENT_STATE: Final = (
    select(
        Event.id,
        Event.slug,
        Event.version,
        Event.changed_at,
        Event.kind,
        Event.time_zone,
        *WINDOW_COLUMNS,
        _accepted.label("co_hosts"),
        SeatPool.organisation_id,
        SeatPool.capacity,
        SeatPool.taken,
    )
    .outerjoin(SeatPool, SeatPool.event_id == Event.id)
    .where(Event.slug == bindparam("slug"), is_out())
    .order_by(SeatPool.id)
)
"""Built once: building it costs as much as running it."""


def event_state(slug: str) -> EventState:
    """The state of a published event, in one statement; Missing where there is none."""
    rows: Sequence[Any] = fetch_rows(_EVENT_STATE, {"slug": slug})
    if not rows:
        raise Missing
    first = rows[0]
    return EventState(
        id=first.id,
        slug=first.slug,
        version=first.version,
        changed_at=first.changed_at,
        kind=first.kind,
        time_zone=first.time_zone,
        co_hosts=first.co_hosts,
        window=window_of(first),
        pools=tuple(
            ContingentSeats(row.organisation_id, row.capacity, row.taken)
            for row in rows
            if row.capacity is not None
        ),
    )


def event_with_everything(event_id: int) -> Event:
    """The event with all that its page shows, in a fixed number of statements."""
    return db.session.scalars(
        _with_hosts(select(Event).where(Event.id == event_id))
        .options(
            joinedload(Event.agreement),
            selectinload(Event.sectors),
            selectinload(Event.programme),
            selectinload(Event.pools).joinedload(SeatPool.organisation),
        )
        .execution_options(populate_existing=True)
    ).one()


@dataclass(frozen=True)
class FeedState:
    """What tells whether a feed has changed, without reading it."""

    events: int
    versions: int
    co_hosts: int
    changed_at: datetime | None


def feed_state(*, now: datetime, organisation_id: int | None = None) -> FeedState:
    """The state of the feed of all events, or of those of one organisation."""
    row = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Event.version), 0),
            func.coalesce(func.sum(_accepted), 0),
            func.max(Event.changed_at),
        ).where(*_in_feed(now, organisation_id))
    ).one()
    return FeedState(int(row[0]), int(row[1]), int(row[2]), row[3])


def feed_events(*, now: datetime, organisation_id: int | None = None) -> list[Event]:
    """The events of a feed with their hosts, in the order of their start."""
    events = select(Event).where(*_in_feed(now, organisation_id))
    return list(db.session.scalars(_with_hosts(events).order_by(Event.starts_at, Event.id)))


def _in_feed(now: datetime, organisation_id: int | None) -> list[Any]:
    clauses: list[Any] = [
        is_listed(),
        Event.status != EventStatus.ARCHIVED,
        Event.ends_at > now - FEED_LOOKS_BACK,
    ]
    if organisation_id is not None:
        clauses.append(hosted_by(organisation_id))
    return clauses
