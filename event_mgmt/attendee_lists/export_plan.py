"""From a request to a document: which columns, under which head, with which rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flask_babel import gettext as _

from event_mgmt.accounts.policy import Right, Viewer, rights_on_event
from event_mgmt.attendee_lists import queries
from event_mgmt.attendee_lists.columns import (
    CARD_ID,
    CHANGE,
    PERSON_ID,
    STANDARD,
    WITH_SENSITIVE,
    Cells,
    ColumnContext,
    ListColumn,
    cell_maker,
    chosen,
    column_headings,
)
from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.attendee_lists.formats.document import ListCodes, ListDocument
from event_mgmt.attendee_lists.formats.json_format import instant
from event_mgmt.attendee_lists.formats.registry import Format
from event_mgmt.attendee_lists.question_columns import columns_of
from event_mgmt.attendee_lists.refusals import (
    NoColumns,
    NotInThisFormat,
    PurposeMissing,
    UnknownFormat,
)
from event_mgmt.core.ids import UserId
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.events.queries import all_questions
from event_mgmt.web import times

LONGEST_PURPOSE: Final = 300
OVERLAP: Final = timedelta(minutes=1)
"""Changes are listed from this long before the earlier export: what was just being written then is
listed twice rather than never."""


@dataclass(frozen=True)
class ExportRequest:
    """What somebody wants to take, and what for.

    ``is_sensitive`` asks for the sensitive answers, alone with the names; ``since`` is the id of
    an earlier export of one's own, after which only changes are wanted.
    """

    format: str
    purpose: str
    columns: tuple[str, ...] = ()
    criteria: ListCriteria = field(default_factory=ListCriteria)
    order: SortOrder = SortOrder.SURNAME
    is_sensitive: bool = False
    since: int | None = None

    def facts(self) -> dict[str, str | int]:
        """What the record of exports keeps of it, besides columns and purpose."""
        facts: dict[str, str | int] = {**self.criteria.as_dict(), "order": self.order.value}
        if self.is_sensitive:
            facts["contents"] = "sensitive"
        if self.since is not None:
            facts["since_export"] = self.since
        return facts


@dataclass(frozen=True)
class Exporter:
    """Who takes a list, in which language."""

    viewer: Viewer
    name: str
    locale: str

    @property
    def user_id(self) -> UserId:
        """The id of the account; Missing for an anonymous visitor."""
        if self.viewer.user_id is None:
            raise Missing
        return self.viewer.user_id


@dataclass(frozen=True)
class ExportPlan:
    """A request that was checked, with what its format decided; ``since`` begins the changes."""

    form: Format
    columns: Sequence[ListColumn]
    criteria: ListCriteria
    order: SortOrder
    purpose: str
    title: str
    since: datetime | None

    @property
    def most(self) -> int | None:
        """How many people the format bears with so many columns; None for any number."""
        if self.form.most is None or self.form.columns is not None:
            return self.form.most
        return min(self.form.most, registry.MOST_CELLS_ON_PAPER // len(self.columns))


def catalogue(event_id: int, *, locale: str, sensitive: bool = False) -> list[ListColumn]:
    """All columns that can be chosen for an event; the sensitive ones only by themselves."""
    asked = columns_of(all_questions(event_id), locale)
    if sensitive:
        return [*chosen(WITH_SENSITIVE, STANDARD), *(c for c in asked if c.is_sensitive)]
    return [*STANDARD, *(c for c in asked if not c.is_sensitive)]


def plan_export(event: Event, wish: ExportRequest, taker: Exporter) -> ExportPlan:
    """Check a wish and fill in what its format decides.

    Raises PurposeMissing, UnknownFormat, NotInThisFormat or NoColumns; Missing for what ``taker``
    has no right to.
    """
    rights = rights_on_event(taker.viewer, event.parties())
    if Right.EXPORT_ATTENDEES not in rights:
        raise Missing
    if wish.is_sensitive and Right.SEE_SENSITIVE not in rights:
        raise Missing
    purpose = " ".join(wish.purpose.split())[:LONGEST_PURPOSE]
    if not purpose:
        raise PurposeMissing
    form = registry.BY_KEY.get(wish.format)
    if form is None:
        raise UnknownFormat
    if wish.is_sensitive and form.columns is not None:
        raise NotInThisFormat
    since = _since(event, wish, taker)
    columns = _columns(event, wish, form, taker.locale)
    if since is not None and form.columns is None:
        columns = [CHANGE, *columns]
    if form.as_codes:
        columns = [PERSON_ID, *columns]
    order = form.order or wish.order
    return ExportPlan(
        form, columns, wish.criteria, order, purpose, _title(wish, form, since), since
    )


def _columns(event: Event, wish: ExportRequest, form: Format, locale: str) -> list[ListColumn]:
    if form.columns is not None:
        return chosen(form.columns, [CARD_ID, *STANDARD])
    on_offer = catalogue(event.id, locale=locale, sensitive=wish.is_sensitive)
    columns = on_offer if wish.is_sensitive else chosen(wish.columns, on_offer)
    if not columns:
        raise NoColumns
    return columns


def _since(event: Event, wish: ExportRequest, taker: Exporter) -> datetime | None:
    if wish.since is None:
        return None
    return queries.earlier_export(event.id, taker.user_id, wish.since).at - OVERLAP


def _title(wish: ExportRequest, form: Format, since: datetime | None) -> str:
    if wish.is_sensitive:
        return _("Sensitive answers")
    return _("Changes") if since is not None else str(form.title)


def document_of(event: Event, plan: ExportPlan, taker: Exporter, *, now: datetime) -> ListDocument:
    """The document's head, in the language of whoever takes it; ``now`` is printed as its time."""
    locale, hosts = taker.locale, event.hosts
    return ListDocument(
        locale=locale,
        title=plan.title,
        event=event.title.into(locale),
        when=times.span(event.starts_at, event.ends_at, event.time_zone, locale),
        place=", ".join(part for part in (event.venue_name, event.city) if part),
        hosts=" · ".join(host.short_name.into(locale) or host.name.into(locale) for host in hosts),
        accents=tuple(host.accent for host in hosts),
        taken=_(
            "Taken by %(name)s, %(moment)s",
            name=taker.name,
            moment=times.short_datetime(now, event.time_zone, locale),
        ),
        taken_at=now,
        purpose=plan.purpose,
        confidential=_("Confidential: personal data, only for the purpose named"),
        heads=tuple(column_headings(plan.columns)),
        codes=_codes(event, taker) if plan.form.as_codes else {},
    )


def _codes(event: Event, taker: Exporter) -> ListCodes:
    pools = queries.contingents_of(event, viewer=taker.viewer)
    return {
        "event": {
            "id": event.id,
            "slug": event.slug,
            "kind": event.kind.value,
            "status": event.status.value,
            "starts_at": instant(event.starts_at),
            "ends_at": instant(event.ends_at),
            "time_zone": event.time_zone,
            "venue_name": event.venue_name,
            "city": event.city,
            "country": event.country,
            "hosts": [host.slug for host in event.hosts],
        },
        "taken_by": {"id": taker.user_id, "name": taker.name},
        "contingents": [
            {
                "id": pool.id,
                "organisation": pool.organisation.slug if pool.organisation else None,
                "capacity": pool.capacity,
            }
            for pool in pools
        ],
    }


def cells_of(event: Event, plan: ExportPlan, taker: Exporter) -> Iterator[list[Cells]]:
    """The rows of the list as a stream of batches."""
    pools = queries.contingents_of(event, viewer=taker.viewer)
    reading = ColumnContext(
        locale=taker.locale,
        zone=event.time_zone,
        contingents=queries.names_of(pools, taker.locale, _("General")),
        as_codes=plan.form.as_codes,
    )
    sources = list(dict.fromkeys(c.source_for(as_codes=plan.form.as_codes) for c in plan.columns))
    cells = cell_maker(plan.columns, sources, reading)
    batches = queries.batches_of(
        event,
        viewer=taker.viewer,
        criteria=plan.criteria,
        order=plan.order,
        locale=taker.locale,
        sources=sources,
        since=plan.since,
    )
    return map(cells, batches)
