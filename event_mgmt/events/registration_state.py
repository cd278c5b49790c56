"""What decides about registering for an event at this moment, as it is read by every page."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, func, select

from event_mgmt.core.database import fetch_rows, table_of
from event_mgmt.core.refusals import Missing
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.events.models import Event, Partner, SeatPool
from event_mgmt.events.registration_phase import (
    PoolState,
    RegistrationPhase,
    RegistrationTerms,
    registration_phase,
)
from event_mgmt.organisations.models import Organisation

_EVENT: Final = table_of(Event).c
_POOL: Final = table_of(SeatPool).c
_HOLDER: Final = table_of(Organisation).c
_PARTNER: Final = table_of(Partner).c

_NO_SEATS: Final = PoolState(0, 0, 0)


@dataclass(frozen=True)
class RegistrationState:
    """What decides about registering at this moment.

    ``version`` is another one after every change of what the event's forms and pages show, but
    for the organisations' own names and addresses.
    """

    event_id: int
    version: Hashable
    terms: RegistrationTerms
    pools: tuple[PoolState, ...]

    @property
    def general(self) -> PoolState:
        """The seats that are nobody's own."""
        found = (pool for pool in self.pools if pool.organisation_id is None)
        return next(found, _NO_SEATS)

    def pool_of(self, organisation: str) -> PoolState | None:
        """The organisation's own contingent (by its slug); the general one where it has none."""
        by_slug = {pool.organisation: pool for pool in self.pools}
        return by_slug.get(organisation) or by_slug.get("")

    def phase(self, *, now: datetime, pool: PoolState | None = None) -> RegistrationPhase:
        """What a guest can do at ``now``, in the contingent ``pool`` or in the general one."""
        return registration_phase(self.terms, free=(pool or self.general).free, now=now)


_TERM_NAMES: Final = tuple(field.name for field in fields(RegistrationTerms))
_COLUMN_OF: Final = {"opens_at": "registration_opens_at", "closes_at": "registration_closes_at"}

TERMS_COLUMNS: Final = tuple(_EVENT[_COLUMN_OF.get(name, name)].label(name) for name in _TERM_NAMES)
"""The columns that hold an event's terms, by their names."""


def terms_from_row(row: object) -> RegistrationTerms:
    """The terms in a row that has TERMS_COLUMNS."""
    return RegistrationTerms(**{name: getattr(row, name) for name in _TERM_NAMES})


def terms_of_event(event: Event) -> RegistrationTerms:
    """The terms of a loaded event."""
    return RegistrationTerms(
        **{name: getattr(event, _COLUMN_OF.get(name, name)) for name in _TERM_NAMES}
    )


def co_host_count() -> ColumnElement[int]:
    """How many co-hosts of an event have accepted."""
    return (
        select(func.count())
        .where(_PARTNER.event_id == _EVENT.id, _PARTNER.status == PartnerStatus.ACCEPTED)
        .correlate(table_of(Event))
        .scalar_subquery()
    )


_STATE: Final = (
    select(
        _EVENT.id,
        _EVENT.version,
        _EVENT.changed_at,
        co_host_count().label("co_hosts"),
        *TERMS_COLUMNS,
        _POOL.id.label("pool_id"),
        _POOL.organisation_id,
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
            PoolState(
                id=row.pool_id,
                capacity=row.capacity,
                taken=row.taken,
                organisation_id=row.organisation_id,
                organisation=row.organisation or "",
            )
            for row in rows
            if row.pool_id is not None
        ),
    )
