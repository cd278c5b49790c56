"""Taking and giving back seats, exactly, while others do the same."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, Integer, Select, bindparam, exists, func, select, update

from event_mgmt.core.database import db, table_of
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event, Question, SeatPool
from event_mgmt.events.registration_phase import RegistrationTerms
from event_mgmt.events.registration_state import TERMS_COLUMNS, terms_from_row
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.people.mailboxes import advisory_lock_key


@dataclass(frozen=True)
class LockedPool:
    """An event and one of its pools, both locked by the running transaction."""

    event_id: int
    host_id: int
    pool_id: int
    terms: RegistrationTerms
    has_questions: bool


_EVENTS: Final = table_of(Event)
_POOLS: Final = table_of(SeatPool)
_QUESTIONS: Final = table_of(Question)
_REGISTRATIONS: Final = table_of(Registration)


_ASKS: Final = exists().where(
    _QUESTIONS.c.event_id == _EVENTS.c.id, _QUESTIONS.c.retired_at.is_(None)
)
_LOCK: Final = (
    select(_EVENTS.c.host_id, _POOLS.c.id.label("pool_id"), _ASKS.label("asks"), *TERMS_COLUMNS)
    .join_from(_EVENTS, _POOLS, _POOLS.c.event_id == _EVENTS.c.id)
    .where(_EVENTS.c.id == bindparam("event_id"))
    .order_by(_POOLS.c.id)
    .limit(1)
    .with_for_update(key_share=True, of=[_EVENTS, _POOLS])
)
_LOCK_GENERAL: Final = _LOCK.where(_POOLS.c.organisation_id.is_(None))
_LOCK_POOL: Final = _LOCK.where(_POOLS.c.id == bindparam("pool_id"))
_AND_MAILBOX: Final = func.pg_advisory_xact_lock(bindparam("mailbox", type_=BigInteger))

_TAKEN_THEN: Final = _POOLS.c.taken + bindparam("wanted", type_=Integer)
_FITS: Final = (_POOLS.c.id == bindparam("pool_id"), _POOLS.c.capacity >= _TAKEN_THEN)
_NOBODY_WAITS: Final = ~exists().where(
    _REGISTRATIONS.c.pool_id == _POOLS.c.id, _REGISTRATIONS.c.status == Status.WAITLISTED
)
_TAKE_PASSING: Final = update(_POOLS).where(*_FITS).values(taken=_TAKEN_THEN)
_TAKE: Final = _TAKE_PASSING.where(_NOBODY_WAITS)
_WOULD_FIT: Final = select(_POOLS.c.id).where(*_FITS, _NOBODY_WAITS)
# Built once, and on tables: building a statement and the ORM's share cost more than running it.
# Such a statement does not see what the session has not flushed.


def lock_event_pool(event_id: int, pool_id: int | None = None, *, mailbox: str = "") -> LockedPool:
    """Lock an event and its pool (default: the general one) until the transaction ends.

    With ``mailbox`` also whatever other event is registered for with that mailbox.

    Whoever changes seats, or the event, waits; so that the terms read here hold until the commit.
    (SQLite: the transaction holds the only write lock already.) Everybody locks in this order:
    event and pool first, registrations after. Missing when there is no such pool.
    """
    statement, wanted = _LOCK_GENERAL, {"event_id": event_id}
    if pool_id is not None:
        statement, wanted = _LOCK_POOL, {"event_id": event_id, "pool_id": pool_id}
    if mailbox and db.engine.dialect.name == "postgresql":
        statement = _with_mailbox(statement)
        wanted["mailbox"] = advisory_lock_key(mailbox)
    db.session.flush()
    row = db.session.execute(statement, wanted).one_or_none()
    if row is None:
        raise Missing
    return LockedPool(
        event_id, row.host_id, row.pool_id, terms_from_row(row), has_questions=row.asks
    )


@functools.cache
def _with_mailbox(statement: Select[object]) -> Select[object]:
    return statement.add_columns(_AND_MAILBOX.label("mailbox"))


def claim(pool_id: int, seats: int, *, ignore_waiting_list: bool = False) -> bool:
    """Take ``seats`` if the pool has them and nobody waits; tells whether that worked.

    One conditional UPDATE, so that no two parties get the same seat. ``ignore_waiting_list`` is for
    the head of the waiting list itself.
    """
    db.session.flush()
    result = db.session.execute(
        _TAKE_PASSING if ignore_waiting_list else _TAKE, {"pool_id": pool_id, "wanted": seats}
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def has_room(pool_id: int, seats: int) -> bool:
    """Whether ``claim`` would work at this moment."""
    db.session.flush()
    found = db.session.execute(_WOULD_FIT, {"pool_id": pool_id, "wanted": seats})
    return found.scalar() is not None


def free_seats(pool_id: int) -> int:
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
    """Lock an event and all its pools until the transaction ends."""
    db.session.execute(
        select(Event.id).where(Event.id == event_id).with_for_update(key_share=True)
    ).all()
    db.session.execute(
        select(SeatPool.id)
        .where(SeatPool.event_id == event_id)
        .order_by(SeatPool.id)
        .with_for_update(key_share=True)
    ).all()


def lock_pool(pool_id: int) -> LockedPool:
    """Lock a pool and its event until the transaction ends; or Missing."""
    event_id = db.session.execute(select(SeatPool.event_id).where(SeatPool.id == pool_id)).scalar()
    if event_id is None:
        raise Missing
    return lock_event_pool(event_id, pool_id)
