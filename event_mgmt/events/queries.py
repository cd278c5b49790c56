"""Reading events for the desk. What is out of the viewer's sight is as if it did not exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true, union
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from event_mgmt.accounts import policy
from event_mgmt.accounts.policy import Right, Viewer, rights_on_event
from event_mgmt.core.database import db
from event_mgmt.core.text import search_parts
from event_mgmt.events.enums import EventKind, EventStatus, PartnerStatus, Visibility
from event_mgmt.events.models import Event, Partner, Question, event_sectors

PAGE: Final = 25


class EventListTab(StrEnum):
    """Where an event is found on the desk."""

    UPCOMING = "upcoming"
    DRAFTS = "drafts"
    PAST = "past"
    ARCHIVED = "archived"

    @property
    def is_upcoming(self) -> bool:
        """Whether its events are still to come."""
        return self is EventListTab.UPCOMING

    @property
    def is_drafts(self) -> bool:
        """Whether nobody else sees its events yet."""
        return self is EventListTab.DRAFTS

    @property
    def has_several_statuses(self) -> bool:
        """Whether it is worth narrowing by status."""
        return self in {EventListTab.UPCOMING, EventListTab.PAST}


@dataclass(frozen=True)
class EventFilter:
    """What somebody looks for among the events."""

    tab: EventListTab = EventListTab.UPCOMING
    text: str = ""
    kind: EventKind | None = None
    status: EventStatus | None = None
    page: int = 1


@dataclass(frozen=True)
class EventListPage:
    """One page of events, how many there are in all, and how many stand on each shelf."""

    events: Sequence[Event]
    total: int
    tab_counts: dict[EventListTab, int] = field(default_factory=dict)


def event_for_desk(event_id: int) -> Event | None:
    """The event with what the policy and every desk page need; ``None`` where there is none."""
    return db.session.scalars(
        select(Event).where(Event.id == event_id).options(*_with_hosts_and_seats())
    ).one_or_none()


def events_for_desk(viewer: Viewer, wanted: EventFilter, *, now: datetime) -> EventListPage:
    """The events in the viewer's sight that are ``wanted``, and where the others are.

    Three statements and a few for what belongs to the page's events, whatever their number.
    """
    seen = and_(visible_to(viewer), *_filters(wanted))
    tabs = {tab: func.count().filter(_is_on_tab(tab, now)) for tab in EventListTab}
    counts = db.session.execute(select(*tabs.values()).select_from(Event).where(seen)).one()
    tab_counts = dict(zip(tabs, counts, strict=True))
    order = (
        (Event.starts_at.desc(), Event.id.desc())
        if wanted.tab in {EventListTab.PAST, EventListTab.ARCHIVED}
        else (Event.starts_at, Event.id)
    )
    rows = db.session.scalars(
        select(Event)
        .where(seen, _is_on_tab(wanted.tab, now))
        .options(*_with_hosts_and_seats())
        .order_by(*order)
        .offset((wanted.page - 1) * PAGE)
        .limit(PAGE)
    ).all()
    return EventListPage(rows, tab_counts[wanted.tab], tab_counts)


def _with_hosts_and_seats() -> tuple[ORMOption, ...]:
    return (
        joinedload(Event.host),
        selectinload(Event.partners).joinedload(Partner.organisation),
        selectinload(Event.pools),
    )


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that ``policy.rights_on_event`` grants ``see_event``.

    A union of what two indexes give: with OR, databases look at every event there is.
    """
    mine = policy.organisations_with_visible_events(viewer)
    invited = select(Partner.event_id).where(
        Partner.organisation_id.in_(mine), Partner.status != PartnerStatus.DECLINED
    )
    hosted = select(Event.id).where(Event.host_id.in_(mine))
    return Event.id.in_(union(hosted, invited))


def _is_on_tab(tab: EventListTab, now: datetime) -> ColumnElement[bool]:
    apart = (EventStatus.DRAFT, EventStatus.ARCHIVED)
    match tab:
        case EventListTab.DRAFTS:
            return Event.status == EventStatus.DRAFT
        case EventListTab.ARCHIVED:
            return Event.status == EventStatus.ARCHIVED
        case EventListTab.UPCOMING:
            # A postponed event has no date that could have passed.
            still = or_(Event.ends_at > now, Event.status == EventStatus.POSTPONED)
            return and_(Event.status.not_in(apart), still)
        case EventListTab.PAST:
            return and_(Event.status.not_in((*apart, EventStatus.POSTPONED)), Event.ends_at <= now)


def _filters(wanted: EventFilter) -> list[ColumnElement[bool]]:
    words = search_parts(wanted.text)[:8]
    found: list[ColumnElement[bool]] = [
        Event.search_text.contains(word, autoescape=True) for word in words
    ]
    if wanted.kind is not None:
        found.append(Event.kind == wanted.kind)
    if wanted.status is not None:
        found.append(Event.status == wanted.status)
    return found or [true()]


def overlapping_events(event: Event, viewer: Viewer) -> Sequence[Event]:
    """Other events of the same hosts or sectors at the same time, as far as the viewer may know.

    Other organisations' drafts and unlisted events stay unknown. At most five, the earliest first.
    """
    hosts = {event.host_id, *(partner.organisation_id for partner in event.partners)}
    sector_ids = [sector.id for sector in event.sectors]
    shares = or_(
        Event.host_id.in_(hosts),
        exists().where(
            Partner.event_id == Event.id,
            Partner.organisation_id.in_(hosts),
            Partner.status != PartnerStatus.DECLINED,
        ),
        Event.id.in_(
            select(event_sectors.c.event_id).where(event_sectors.c.sector_id.in_(sector_ids))
        ),
    )
    known = or_(
        visible_to(viewer),
        and_(Event.status == EventStatus.PUBLISHED, Event.visibility == Visibility.PUBLIC),
    )
    return db.session.scalars(
        select(Event)
        .where(
            Event.starts_at < event.ends_at,
            Event.ends_at > event.starts_at,
            Event.status.in_((EventStatus.DRAFT, EventStatus.PUBLISHED)),
            Event.id != event.id,
            shares,
            known,
        )
        .options(joinedload(Event.host))
        .order_by(Event.starts_at, Event.id)
        .limit(5)
    ).all()


def all_questions(event_id: int) -> Sequence[Question]:
    """The event's questions in their order, retired ones too: their answers are still there."""
    return db.session.scalars(
        select(Question)
        .where(Question.event_id == event_id)
        .order_by(Question.position, Question.id)
    ).all()


def active_questions(event_id: int) -> Sequence[Question]:
    """The questions that an event asks at present, in their order."""
    return db.session.scalars(
        select(Question)
        .where(Question.event_id == event_id, Question.retired_at.is_(None))
        .order_by(Question.position, Question.id)
    ).all()


def may_answer_partnership(viewer: Viewer, partner: Partner) -> bool:
    """Whether the viewer may answer for this very co-host, not only for another one."""
    grant = viewer.grants.get(partner.organisation_id)
    if grant is None:
        return False
    alone = replace(viewer, grants={partner.organisation_id: grant})
    return Right.ANSWER_PARTNERSHIP in rights_on_event(alone, partner.event.parties())


def with_right(viewer: Viewer, events: Iterable[Event], right: Right) -> list[int]:
    """The ids of those events on which ``viewer`` has ``right``."""
    return [e.id for e in events if right in policy.rights_on_event(viewer, e.parties())]
