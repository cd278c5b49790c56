"""What everybody may read of events, signed in or not: nothing of drafts, nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.events.enums import EventStatus, PartnerStatus, Visibility
from event_mgmt.events.models import Event, Partner, SeatPool
from event_mgmt.events.registration_state import co_host_count

FEED_LOOKS_BACK: Final = timedelta(days=180)


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
            func.coalesce(func.sum(co_host_count()), 0),
            func.max(Event.changed_at),
        ).where(*_in_feed(now, organisation_id))
    ).one()
    return FeedState(int(row[0]), int(row[1]), int(row[2]), row[3])


def feed_events(*, now: datetime, organisation_id: int | None = None) -> list[Event]:
    """The events of a feed with their hosts, in the order of their start."""
    events = select(Event).where(*_in_feed(now, organisation_id))
    return list(db.session.scalars(_with_hosts(events).order_by(Event.starts_at, Event.id)))


def _in_feed(now: datetime, organisation_id: int | None) -> list[ColumnElement[bool]]:
    clauses = [
        is_listed(),
        Event.status != EventStatus.ARCHIVED,
        Event.ends_at > now - FEED_LOOKS_BACK,
    ]
    if organisation_id is not None:
        clauses.append(hosted_by(organisation_id))
    return clauses
