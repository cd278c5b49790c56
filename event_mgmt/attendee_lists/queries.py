"""Reading attendee lists: a page, the numbers on top, and whole lists as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Final, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from event_mgmt.accounts.models import User
from event_mgmt.accounts.policy import (
    AttendeeScope,
    OrganisationRight,
    Viewer,
    attendee_scope,
    rights_on_organisation,
)
from event_mgmt.attendee_lists import statements
from event_mgmt.attendee_lists.columns import Cells
from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder
from event_mgmt.attendee_lists.models import Export, ListTemplate, SavedView
from event_mgmt.attendee_lists.statements import Listed
from event_mgmt.core.database import db
from event_mgmt.core.pages import nearest_page
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.registrations.enums import Status

PAGE_SIZE: Final = 50
BATCH: Final = 250
"""Rows at a time: few enough to stay in the processor's cache until they are written."""

_MOST_IN_OTHER_SCRIPTS: Final = 5000


class ListRow(NamedTuple):
    """One person on a page; its fields are called like their sources in statements.py."""

    id: int
    registration_id: int
    position: int
    academic_title: str
    given_name: str
    family_name: str
    function: str
    organisation: str
    country: str
    status: Status
    seats: int
    companion_of: str
    registered_at: datetime
    arrived_at: datetime | None

    @property
    def is_expected(self) -> bool:
        """Whether the door lets this person in."""
        return self.status is Status.CONFIRMED


@dataclass(frozen=True)
class AttendeePage:
    """One page of an attendee list: which it is, of how many people, and its rows."""

    number: int
    total: int
    rows: Sequence[ListRow]


def page_of(
    event: Event,
    *,
    viewer: Viewer,
    criteria: ListCriteria,
    order: SortOrder,
    locale: str,
    number: int = 1,
    total: int | None = None,
) -> AttendeePage:
    """One page of the attendees that fit, as far as ``viewer`` may see them.

    A ``number`` beyond the last page gives the last page. Whoever knows the ``total`` already
    (from the numbers on top) saves going through everybody who fits.
    """
    visible = attendee_scope(viewer, event.parties())
    found = statements.listed(event.id, visible, criteria, ("id",))
    if total is None:
        ids = db.session.scalars(statements.in_order(found, order, locale)).all()
        number = nearest_page(number, len(ids), PAGE_SIZE)
        page = ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        return AttendeePage(number, len(ids), _rows(page, order, locale))
    number = nearest_page(number, total, PAGE_SIZE)
    first = (number - 1) * PAGE_SIZE
    from_behind = total - first - PAGE_SIZE
    if from_behind > first:
        some = statements.in_order(found, order, locale).limit(PAGE_SIZE).offset(first)
    else:  # a page near the end is found from there
        turned = statements.in_order(found, order, locale, backwards=True)
        some = turned.limit(min(PAGE_SIZE, total - first)).offset(max(from_behind, 0))
    return AttendeePage(number, total, _rows(some, order, locale))


def _rows(ids: Sequence[int] | Listed, order: SortOrder, locale: str) -> Sequence[ListRow]:
    """What a page shows of these people. Looked up for them alone, not for all who are ordered."""
    found = statements.of_people(ids, ListRow._fields)
    return list(starmap(ListRow, db.session.execute(statements.in_order(found, order, locale))))


def attendees_listed(event: Event, given: Mapping[str, str], viewer: Viewer) -> list[int]:
    """The registrations, each once, with somebody on the list that an address asks for.

    An address that asks for nobody in particular gives none.
    """
    criteria = ListCriteria.read(given)
    if not criteria.as_dict():
        return []
    visible = attendee_scope(viewer, event.parties())
    found = statements.listed(event.id, visible, criteria, ("registration_id",)).distinct()
    return sorted(db.session.scalars(found))


def batches_of(
    event: Event,
    *,
    viewer: Viewer,
    criteria: ListCriteria,
    order: SortOrder,
    locale: str,
    sources: Sequence[str],
    since: datetime | None = None,
) -> Iterator[Sequence[Cells]]:
    """All attendees that fit, their ``sources`` in that order, in batches that memory bears.

    Core rows straight from the connection: no entities, and never all of them at once.
    """
    visible = attendee_scope(viewer, event.parties())
    found = statements.listed(event.id, visible, criteria, sources, since=since)
    found = statements.in_order(found, order, locale)
    streamed = found.execution_options(yield_per=BATCH)
    with db.session.connection().execute(streamed) as result:
        yield from result.partitions()


def count_of(event: Event, *, viewer: Viewer, criteria: ListCriteria) -> int:
    """How many attendees fit, as far as ``viewer`` may see them."""
    visible = attendee_scope(viewer, event.parties())
    return db.session.execute(statements.counted(event.id, visible, criteria)).scalar_one()


def contingents_of(event: Event, *, viewer: Viewer) -> list[SeatPool]:
    """The event's contingents whose attendees ``viewer`` may see, the general one first."""
    scope, organisations = attendee_scope(viewer, event.parties())
    pools = db.session.scalars(
        select(SeatPool)
        .options(joinedload(SeatPool.organisation))
        .where(SeatPool.event_id == event.id)
        .order_by(SeatPool.organisation_id.is_not(None), SeatPool.id)
    )
    return [
        pool
        for pool in pools
        if scope is AttendeeScope.ALL or pool.organisation_id in organisations
    ]


def rare_letters(event: Event, *, viewer: Viewer) -> str:
    """The letters of the event's people that are neither Latin, Greek nor Cyrillic, each once.

    As far as ``viewer`` may see them: in names, organisations and functions.
    """
    visible = attendee_scope(viewer, event.parties())
    words = statements.with_rare_letters(event.id, visible)
    found = set().union(*db.session.scalars(words.limit(_MOST_IN_OTHER_SCRIPTS)))
    return "".join(sorted(letter for letter in found if re.match(statements.RARE_LETTER, letter)))


def is_anybody_found(search: str) -> bool:
    """Whether a search finds somebody, at any event."""
    found = statements.found_anywhere(search)
    return found is not None and db.session.execute(found.limit(1)).first() is not None


def views_of(user_id: int) -> Sequence[SavedView]:
    """A person's own saved views."""
    return db.session.scalars(
        select(SavedView).where(SavedView.user_id == user_id).order_by(SavedView.name)
    ).all()


def view_of(user_id: int, view_id: int | None) -> SavedView:
    """A person's own saved view; Missing when it is somebody else's."""
    view = db.session.get(SavedView, view_id) if view_id else None
    if view is None or view.user_id != user_id:
        raise Missing
    return view


def templates_of(user_id: int) -> Sequence[ListTemplate]:
    """A person's own export templates."""
    return db.session.scalars(
        select(ListTemplate).where(ListTemplate.user_id == user_id).order_by(ListTemplate.name)
    ).all()


def template_of(user_id: int, template_id: int | None) -> ListTemplate:
    """A person's own export template; Missing when it is somebody else's."""
    template = db.session.get(ListTemplate, template_id) if template_id else None
    if template is None or template.user_id != user_id:
        raise Missing
    return template


def earlier_exports(event_id: int, user_id: int, *, most: int = 10) -> Sequence[Export]:
    """A person's own exports of one event, the latest first."""
    return db.session.scalars(
        select(Export)
        .where(Export.event_id == event_id, Export.user_id == user_id)
        .order_by(Export.at.desc(), Export.id.desc())
        .limit(most)
    ).all()


def earlier_export(event_id: int, user_id: int, export_id: int) -> Export:
    """One of a person's own exports of this event; Missing otherwise."""
    export = db.session.get(Export, export_id)
    if export is None or export.user_id != user_id or export.event_id != event_id:
        raise Missing
    return export


@dataclass(frozen=True)
class ExportsPage:
    """One page of the record of exports: (export, event, name of whoever took it)."""

    number: int
    total: int
    rows: Sequence[tuple[Export, Event, str]]


def exports_seen_by(viewer: Viewer, *, number: int = 1) -> ExportsPage:
    """The record of exports, the latest first.

    Administrators see every taking from their organisations' events, everybody their own.
    """
    administered = [
        organisation_id
        for organisation_id in viewer.organisation_ids
        if OrganisationRight.SEE_AUDIT in rights_on_organisation(viewer, organisation_id)
    ]
    seen = or_(Export.user_id == viewer.user_id, Event.host_id.in_(administered))
    of_events = select(func.count()).select_from(Export).join(Event, Event.id == Export.event_id)
    total = db.session.execute(of_events.where(seen)).scalar_one()
    number = nearest_page(number, total, PAGE_SIZE)
    found = db.session.execute(
        select(Export, Event, User)
        .join(Event, Event.id == Export.event_id)
        .outerjoin(User, User.id == Export.user_id)
        .where(seen)
        .order_by(Export.at.desc(), Export.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    rows = [(export, event, user.display_name if user else "") for export, event, user in found]
    return ExportsPage(number, total, rows)


def names_of(pools: Sequence[SeatPool], locale: str, general: str) -> Mapping[int, str]:
    """What the contingents are called in the language ``locale``, by the id of the pool."""
    return {
        pool.id: (pool.organisation.short_name.into(locale) if pool.organisation else general)
        for pool in pools
    }
