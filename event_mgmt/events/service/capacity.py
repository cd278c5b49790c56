"""Seats: how many there are, never fewer than are taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.events import refusals, rules, signals
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.events.service.change_tracking import ChangeContext, tracked_change


@transactional
def change_capacity(
    event_id: int,
    pool_id: int,
    seats: int,
    *,
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Event:
    """Set how many seats one contingent has; SeatsTaken below what is taken."""
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_seats_changed", context) as event:
        pool = next((pool for pool in event.pools if pool.id == pool_id), None)
        if pool is None:
            raise Missing
        set_capacity(pool, seats, context)
        rules.check_largest_party(event.largest_party, [pool.capacity for pool in event.pools])
    return event


def general_pool(event: Event) -> SeatPool:
    """The contingent that belongs to nobody; made when there is none yet."""
    for pool in event.pools:
        if pool.organisation_id is None:
            return pool
    pool = SeatPool(capacity=0, taken=0)
    event.pools.append(pool)
    db.session.flush()
    return pool


def set_capacity(
    pool: SeatPool, seats: int, context: ChangeContext, *, field: str | None = None
) -> None:
    """Set a contingent's seats in one conditional statement, and tell who waits for them.

    Raises SeatsTaken, at ``field``, when more are taken than there would be.
    """
    before = pool.capacity
    if seats == before:
        return
    db.session.flush()
    done = db.session.execute(
        update(SeatPool)
        .where(SeatPool.id == pool.id, SeatPool.taken <= seats)
        .values(capacity=seats)
        .returning(SeatPool.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    db.session.refresh(pool)
    if done is None:
        raise refusals.SeatsTaken(pool.taken, field=field)
    if seats > before:
        signals.seats_added.send(None, pool_id=pool.id, by=context.by, now=context.now)
        db.session.refresh(pool)


def drop_contingent(event: Event, pool: SeatPool, context: ChangeContext) -> None:
    """Remove an empty contingent; one that registrations were ever made in stays, without seats.

    Raises SeatsTaken when seats of it are taken.
    """
    set_capacity(pool, 0, context)
    try:
        with db.session.begin_nested():
            db.session.delete(pool)
    except IntegrityError:
        db.session.refresh(pool)
    db.session.expire(event, ["pools"])
