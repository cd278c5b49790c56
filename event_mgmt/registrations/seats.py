"""Taking and giving back seats, exactly, while others do the same."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from sqlalchemy import ColumnElement, exists, func, select, update

from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event, Question, SeatPool
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.rules import Terms
from event_mgmt.registrations.words import Status


@dataclass(frozen=True)
class Ground:
    """An event and one of its pools, both held by the running transaction."""

    event_id: int
    host_id: int
    pool_id: int
    terms: Terms
    has_questions: bool


TERMS: Final = (
    Event.status,
    Event.visibility,
    Event.starts_at,
    Event.time_zone,
    Event.registration_opens_at.label("opens_at"),
    Event.registration_closes_at.label("closes_at"),
    Event.changes_close_at,
    Event.approval_needed,
    Event.address_check,
    Event.largest_party,
    Event.waiting_list,
    Event.offer_hours,
)
"""The columns that hold an event's Terms, by their names."""


def lock(event_id: int, pool_id: int | None = None) -> Ground:
    """Hold an event and its pool (default: the general one) until the transaction ends.

    Whoever changes seats, or the event, waits; so that the terms read here hold until the commit.
    (SQLite: the transaction holds the only write lock already.) Everybody locks in this order:
    event and pool first, registrations after. Missing when there is no such pool.
    """
    questions = (
        select(func.count())
        .where(Question.event_id == event_id, Question.retired_at.is_(None))
        .scalar_subquery()
        .label("questions")
    )
    wanted = SeatPool.organisation_id.is_(None) if pool_id is None else SeatPool.id == pool_id
    row = db.session.execute(
        select(Event.host_id, SeatPool.id.label("pool_id"), questions, *TERMS)
        .join(SeatPool, SeatPool.event_id == Event.id)
        .where(Event.id == event_id, wanted)
        .order_by(SeatPool.id)
        .limit(1)
        .with_for_update(key_share=True, of=[Event, SeatPool])
    ).one_or_none()
    if row is None:
        raise Missing
    terms = Terms(**{f.name: getattr(row, f.name) for f in fields(Terms)})
    return Ground(event_id, row.host_id, row.pool_id, terms, has_questions=row.questions > 0)


def _nobody_waits(pool_id: int) -> ColumnElement[bool]:
    return ~exists().where(
        Registration.pool_id == pool_id, Registration.status == Status.WAITLISTED
    )


def claim(pool_id: int, seats: int, *, passes_waiting: bool = False) -> bool:
    """Take ``seats`` if the pool has them and nobody waits; tells whether that worked.

    One conditional UPDATE, so that no two parties get the same seat. ``passes_waiting`` is for
    the head of the waiting list itself.
    """
    statement = update(SeatPool).where(
        SeatPool.id == pool_id, SeatPool.taken + seats <= SeatPool.capacity
    )
    if not passes_waiting:
        statement = statement.where(_nobody_waits(pool_id))
    result = db.session.execute(
        statement.values(taken=SeatPool.taken + seats),
        execution_options={"synchronize_session": False},
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def would_fit(pool_id: int, seats: int) -> bool:
    """Whether ``claim`` would work at this moment."""
    return bool(
        db.session.execute(
            select(SeatPool.id).where(
                SeatPool.id == pool_id,
                SeatPool.taken + seats <= SeatPool.capacity,
                _nobody_waits(pool_id),
            )
        ).scalar()
    )


def free_of(pool_id: int) -> int:
    """How many seats of a pool nobody has."""
    free = select(SeatPool.capacity - SeatPool.taken).where(SeatPool.id == pool_id)
    return db.session.execute(free).scalar_one()


def release(pool_id: int, seats: int) -> None:
    """Give ``seats`` back; whoever calls this offers them to the waiting list afterwards."""
    db.session.execute(
        update(SeatPool).where(SeatPool.id == pool_id).values(taken=SeatPool.taken - seats),
        execution_options={"synchronize_session": False},
    )


def lock_event(event_id: int) -> None:
    """Hold an event and all its pools until the transaction ends."""
    db.session.execute(
        select(Event.id).where(Event.id == event_id).with_for_update(key_share=True)
    ).all()
    db.session.execute(
        select(SeatPool.id)
        .where(SeatPool.event_id == event_id)
        .order_by(SeatPool.id)
        .with_for_update(key_share=True)
    ).all()


def lock_pool(pool_id: int) -> Ground:
    """Hold a pool and its event until the transaction ends; or Missing."""
    event_id = db.session.execute(select(SeatPool.event_id).where(SeatPool.id == pool_id)).scalar()
    if event_id is None:
        raise Missing
    return lock(event_id, pool_id)
