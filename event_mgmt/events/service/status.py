"""The steps of an event's life: online, postponed, moved, cancelled, finished, archived."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import select

from event_mgmt.audit import differences
from event_mgmt.audit.service import SYSTEM, Actor
from event_mgmt.core.database import db, each_in_own_transaction, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.events import refusals, rules, signals
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.events.service.change_tracking import (
    ChangeContext,
    announce_changes,
    audit_snapshot,
    material_values,
    record_change,
    shift_dates,
    tracked_change,
)


@transactional
def publish(event_id: int, *, by: Actor, now: datetime, seen_version: int | None = None) -> Event:
    """Put a draft online.

    Raises InvalidTransition, Stale and what ``rules.check_publishable`` raises.
    """
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_published", context) as event:
        _go_online(event, context)
    signals.published.send(None, event=event, by=by, now=now)
    return event


def announce(event: Event, context: ChangeContext) -> None:
    """``publish`` for an event that the running transaction has just made."""
    before = audit_snapshot(event)
    _go_online(event, context)
    record_change(
        event, "event_published", differences.between(before, audit_snapshot(event)), context
    )
    signals.published.send(None, event=event, by=context.by, now=context.now)


def _go_online(event: Event, context: ChangeContext) -> None:
    if event.status is not EventStatus.DRAFT:
        raise refusals.InvalidTransition
    seats = sum(pool.capacity for pool in event.pools)
    rules.check_publishable(event, event.title, seats=seats, now=context.now)
    event.status = EventStatus.PUBLISHED
    event.published_at = context.now


@transactional
def postpone(event_id: int, *, by: Actor, now: datetime, seen_version: int | None = None) -> Event:
    """Take the date off a published event while no new one is known; guests are told."""
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_postponed", context) as event:
        rules.check_transition(event.status, EventStatus.POSTPONED)
        event.status = EventStatus.POSTPONED
        event.postponed_from = event.starts_at
        event.revision += 1
    signals.postponed.send(None, event=event, by=by, now=now)
    return event


@transactional
def move(
    event_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Event:
    """Give a published or postponed event a new date; guests are told the old and the new one.

    Deadlines and programme keep their distance from the start. Raises InvalidTransition, Stale,
    StartsInThePast, EndsBeforeItStarts.
    """
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_moved", context) as event:
        if event.status not in rules.ANNOUNCED_STATUSES:
            raise refusals.InvalidTransition
        rules.check_times(starts_at, ends_at)
        old = material_values(event)
        shift = rules.DateShift(event.starts_at, event.time_zone, starts_at, event.time_zone)
        event.starts_at, event.ends_at = starts_at, ends_at
        shift_dates(event, shift)
        resumes = event.status is EventStatus.POSTPONED
        announce_changes(event, old, context, resumes=resumes)
    return event


@transactional
def cancel(
    event_id: int,
    *,
    reason: Localized,
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Event:
    """Call an event off; guests are told, with the ``reason`` if there is one."""
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_cancelled", context) as event:
        rules.check_transition(event.status, EventStatus.CANCELLED)
        event.status = EventStatus.CANCELLED
        event.cancel_reason = reason
        event.revision += 1
    signals.cancelled.send(None, event=event, by=by, now=now)
    return event


@transactional
def archive(event_id: int, *, by: Actor, now: datetime, seen_version: int | None = None) -> Event:
    """Put an event that is over, was cancelled or never went online out of the way."""
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_archived", context) as event:
        rules.check_transition(event.status, EventStatus.ARCHIVED)
        event.status = EventStatus.ARCHIVED
    return event


def finish(now: datetime) -> None:
    """Mark every published event that has ended as finished; harmless to run again.

    It only takes the writers' turn when there is something to do.
    """
    over = select(Event.id).where(Event.status == EventStatus.PUBLISHED, Event.ends_at <= now)
    each_in_own_transaction(partial(_finish_one, now=now), db.session.scalars(over).all())


@transactional
def _finish_one(event_id: int, *, now: datetime) -> None:
    with tracked_change(event_id, "event_finished", ChangeContext(SYSTEM, now)) as event:
        if event.status is EventStatus.PUBLISHED and event.ends_at <= now:
            event.status = EventStatus.FINISHED
