"""What every change of an event has in common: its lock, its version, its audit entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select

from event_mgmt.audit import differences
from event_mgmt.audit.service import Actor, record
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing, Stale
from event_mgmt.events import refusals, rules, signals
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.fields import EVENT_FIELDS, MATERIAL_FIELDS
from event_mgmt.events.models import Event, SeatPool


@dataclass(frozen=True)
class ChangeContext:
    """Who changes something, when, and which version of the event they had before them.

    ``seen_version`` is ``None`` where nobody looked first, as in an import or a job.
    """

    by: Actor
    now: datetime
    seen_version: int | None = None


def lock_event(event_id: int, *, seen_version: int | None = None) -> Event:
    """The event, locked until the transaction ends; Missing, or Stale when it changed meanwhile."""
    event = db.session.scalars(
        select(Event).where(Event.id == event_id).with_for_update()
    ).one_or_none()
    if event is None:
        raise Missing
    if seen_version is not None and event.version != seen_version:
        raise Stale
    return event


@contextmanager
def tracked_change(event_id: int, action: str, context: ChangeContext) -> Iterator[Event]:
    """Lock an event for one change; afterwards count the version and write the audit entry.

    A change that changes nothing leaves neither.
    """
    event = lock_event(event_id, seen_version=context.seen_version)
    before = audit_snapshot(event)
    yield event
    changes = differences.between(before, audit_snapshot(event))
    if changes:
        record_change(event, action, changes, context)


def record_change(
    event: Event, action: str, changes: dict[str, object], context: ChangeContext
) -> None:
    """Count one change of ``event``, and write who made it."""
    event.version += 1
    event.changed_at = context.now
    event.search_text = search_text_of(event)
    db.session.flush()
    record(
        action,
        by=context.by,
        now=context.now,
        subject="event",
        subject_id=event.id,
        event_id=event.id,
        organisation_id=event.host_id,
        changes=changes,
    )


def audit_snapshot(event: Event) -> dict[str, object]:
    """All that is written about an event, for its audit entries."""
    facts = {
        field.name: getattr(event, field.name) for field in EVENT_FIELDS if field.name != "seats"
    }
    facts["languages"] = list(event.languages)
    facts["sectors"] = [sector.code for sector in event.sectors]
    facts["seats"] = {_pool_name(pool): pool.capacity for pool in event.pools}
    facts["partners"] = {
        str(partner.organisation_id): [partner.status, partner.attendee_access]
        for partner in event.partners
    }
    facts["programme"] = [
        [item.starts_at, item.ends_at, item.title, item.description, item.place, item.speakers]
        for item in event.programme
    ]
    facts["questions"] = [
        [
            question.kind,
            question.label,
            question.help,
            question.options,
            question.is_required,
            question.is_sensitive,
            question.asks_companions,
            question.shown_if_question,
            question.shown_if_value,
        ]
        for question in event.questions
        if question.retired_at is None
    ]
    return facts


def _pool_name(pool: SeatPool) -> str:
    return "general" if pool.organisation_id is None else str(pool.organisation_id)


def search_text_of(event: Event) -> str:
    """What a search for the event looks into."""
    names = [text for host in event.hosts for text in (host.name, host.short_name)]
    place = [event.venue_name, event.city]
    sectors = [sector.name for sector in event.sectors]
    return rules.search_text([event.title, event.summary, *place, *names, *sectors])


def material_values(event: Event) -> dict[str, object]:
    """What guests must hear of when it changes, as ``signals.changed`` hands it on."""
    return {name: getattr(event, name) for name in MATERIAL_FIELDS}


def check_editable(event: Event) -> None:
    """Raise InvalidTransition for a cancelled or archived event."""
    if event.status not in rules.EDITABLE_STATUSES:
        raise refusals.InvalidTransition


def announce_changes(
    event: Event, old: dict[str, object], context: ChangeContext, *, resumes: bool = False
) -> None:
    """Raise the revision and tell the rooms above, if guests must hear of what changed.

    A new date ends a postponement, and so does ``resumes`` with the old one; a postponed event
    without a date keeps its other news until then. Raises StartsInThePast.
    """
    changed = rules.material_changes(old, material_values(event))
    was_postponed = event.status is EventStatus.POSTPONED
    if event.status not in rules.ANNOUNCED_STATUSES or not (changed or resumes):
        return
    if "starts_at" in changed or resumes:
        if event.starts_at <= context.now:
            raise refusals.StartsInThePast
        event.postponed_from = cast(datetime, old["starts_at"]) if "starts_at" in changed else None
        event.status = EventStatus.PUBLISHED
    if event.status is EventStatus.PUBLISHED:
        event.revision += 1
        db.session.flush()
        signals.changed.send(
            None,
            event=event,
            old=old,
            resumes=was_postponed,
            by=context.by,
            now=context.now,
        )


def shift_dates(event: Event, shift: rules.DateShift) -> None:
    """Keep deadlines and programme at their distance from the start."""
    event.registration_opens_at = shift.of_any(event.registration_opens_at)
    event.registration_closes_at = shift.of_any(event.registration_closes_at)
    event.changes_close_at = shift.of_any(event.changes_close_at)
    for item in event.programme:
        item.starts_at, item.ends_at = shift.of(item.starts_at), shift.of_any(item.ends_at)
