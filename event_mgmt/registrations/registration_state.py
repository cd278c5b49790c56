"""Whether and how one can register for an event at this moment, and the event as shown then."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import defer, joinedload

from event_mgmt.core.database import db, fetch_rows, table_of
from event_mgmt.core.refusals import Missing
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.events.models import Event, Partner, Question, SeatPool
from event_mgmt.events.queries import active_questions
from event_mgmt.organisations.models import Organisation
from event_mgmt.registrations import rules
from event_mgmt.registrations.event_terms import TERMS_COLUMNS, terms_from_row
from event_mgmt.registrations.rules import Terms


@dataclass(frozen=True)
class PoolState:
    """A contingent at this moment; ``organisation`` is a slug, '' for the general one."""

    id: int
    organisation: str
    capacity: int
    taken: int

    @property
    def is_full(self) -> bool:
        """Whether no seat is left."""
        return rules.is_full(capacity=self.capacity, taken=self.taken)


@dataclass(frozen=True)
class RegistrationState:
    """What decides about registering at this moment.

    ``version`` is another one after every change of what the event's forms and pages show, but
    for the organisations' own names and addresses.
    """

    event_id: int
    version: Hashable
    terms: Terms
    pools: tuple[PoolState, ...]

    def pool_of(self, organisation: str) -> PoolState | None:
        """The organisation's own contingent (by its slug); the general one where it has none."""
        by_slug = {pool.organisation: pool for pool in self.pools}
        return by_slug.get(organisation) or by_slug.get("")


_EVENT: Final = table_of(Event).c
_POOL: Final = table_of(SeatPool).c
_HOLDER: Final = table_of(Organisation).c
_PARTNER: Final = table_of(Partner).c
_CO_HOSTS: Final = (
    select(func.count())
    .where(_PARTNER.event_id == _EVENT.id, _PARTNER.status == PartnerStatus.ACCEPTED)
    .scalar_subquery()
    .label("co_hosts")
)
_STATE: Final = (
    select(
        _EVENT.id,
        _EVENT.version,
        _EVENT.changed_at,
        _CO_HOSTS,
        *TERMS_COLUMNS,
        _POOL.id.label("pool_id"),
        _HOLDER.slug.label("organisation"),
        _POOL.capacity,
        _POOL.taken,
    )
    .select_from(
        table_of(Event)
        .outerjoin(table_of(SeatPool), _POOL.event_id == _EVENT.id)
        .outerjoin(table_of(Organisation), _HOLDER.id == _POOL.organisation_id)
    )
    .where(
        _EVENT.slug == bindparam("slug"),
        _EVENT.published_at.is_not(None),
        _EVENT.status != EventStatus.DRAFT,
    )
    .order_by(_POOL.id)
)
"""Built once, and on tables: building a statement and the ORM's share cost more than running it."""


def registration_state(slug: str) -> RegistrationState:
    """The state of a published event, in one statement; Missing where there is none."""
    rows: Sequence[Any] = fetch_rows(_STATE, {"slug": slug})
    if not rows:
        raise Missing
    first = rows[0]
    return RegistrationState(
        event_id=first.id,
        version=(slug, first.id, first.version, first.changed_at, first.co_hosts),
        terms=terms_from_row(first),
        pools=tuple(
            PoolState(row.pool_id, row.organisation or "", row.capacity, row.taken)
            for row in rows
            if row.pool_id is not None
        ),
    )


@dataclass(frozen=True)
class RegistrableEvent:
    """An event as somebody registers for it: with hosts, pools and questions."""

    event: Event
    questions: Sequence[Question]

    @property
    def controllers(self) -> list[Organisation]:
        """The host and the co-hosts that accepted: together they answer for the data."""
        accepted = [
            partner.organisation
            for partner in self.event.partners
            if partner.status is PartnerStatus.ACCEPTED
        ]
        return [self.event.host, *accepted]

    def pool_of(self, organisation_slug: str) -> SeatPool | None:
        """The organisation's own contingent; the general one where it has none."""
        general = None
        for pool in self.event.pools:
            if pool.organisation is None:
                general = pool
            elif pool.organisation.slug == organisation_slug:
                return pool
        return general


_OFFER: Final = (
    select(
        Event,
        exists()
        .where(Question.event_id == Event.id, Question.retired_at.is_(None))
        .correlate(Event)
        .label("asks"),
    )
    .where(
        Event.id == bindparam("event_id"),
        Event.published_at.is_not(None),
        Event.status != EventStatus.DRAFT,
    )
    .options(
        defer(Event.description),
        defer(Event.search_text),
        joinedload(Event.host).defer(Organisation.about),
        joinedload(Event.partners).joinedload(Partner.organisation).defer(Organisation.about),
        joinedload(Event.pools).joinedload(SeatPool.organisation).defer(Organisation.about),
    )
)


def registrable_event(event_id: int) -> RegistrableEvent:
    """A published event by its id; Missing where there is none. One or two statements."""
    row = db.session.execute(_OFFER, {"event_id": event_id}).unique().one_or_none()
    if row is None:
        raise Missing
    return RegistrableEvent(row.Event, active_questions(event_id) if row.asks else ())


def detached_questions(state: RegistrationState) -> Sequence[Question]:
    """The questions of an event, in no session: good for as long as its version stands."""
    questions = active_questions(state.event_id)
    for question in questions:
        db.session.expunge(question)
    return questions
