"""Creating an event, editing what its forms hold, and choosing its address."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from sqlalchemy import select

from event_mgmt.audit import differences
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing, Stale
from event_mgmt.events import refusals, rules, signals
from event_mgmt.events.enums import EventStatus, Visibility
from event_mgmt.events.fields import EventBasics, EventDetails
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.events.service.capacity import general_pool, set_capacity
from event_mgmt.events.service.change_tracking import (
    ChangeContext,
    announce_changes,
    audit_snapshot,
    check_editable,
    material_values,
    record_change,
    search_text_of,
    shift_dates,
    tracked_change,
)
from event_mgmt.events.service.status import announce
from event_mgmt.organisations.models import Organisation, Sector

_DEADLINES = ("registration_opens_at", "registration_closes_at", "changes_close_at")


@transactional
def create(
    basics: EventBasics,
    *,
    host_id: int,
    nonce: str,
    by: Actor,
    now: datetime,
    publish: bool = False,
) -> Event:
    """A new event with sensible defaults, as a draft or at once online.

    The same ``nonce`` is the same event: sent twice it changes nothing, sent again with other
    words it is edited, unless somebody has worked on it since (Stale). Refuses what
    ``rules.check_times`` and, to publish, ``rules.check_publishable`` refuse.
    """
    context = ChangeContext(by, now)
    known = db.session.scalars(
        select(Event).where(Event.nonce == nonce).with_for_update()
    ).one_or_none()
    if known is not None:
        return _sent_again(known, basics, host_id, context, publish=publish)
    event = _new(basics, host_id=host_id, nonce=nonce, context=context)
    record_change(event, "event_created", differences.between({}, audit_snapshot(event)), context)
    signals.created.send(None, event=event, by=by, now=now)
    if publish:
        announce(event, context)
    return event


def _sent_again(
    event: Event, basics: EventBasics, host_id: int, context: ChangeContext, *, publish: bool
) -> Event:
    before = audit_snapshot(event)
    untouched = event.changed_at == event.created_at
    if event.status is EventStatus.DRAFT:
        event.host = _host(host_id)
    _apply_basics(event, basics, context)
    changes = differences.between(before, audit_snapshot(event))
    if changes and not untouched:
        raise Stale
    if changes:
        record_change(event, "event_edited", changes, context)
    if publish and event.status is EventStatus.DRAFT:
        announce(event, context)
    return event


def _new(basics: EventBasics, *, host_id: int, nonce: str, context: ChangeContext) -> Event:
    host, now = _host(host_id), context.now
    rules.check_times(basics.starts_at, basics.ends_at)
    if not basics.title:
        raise refusals.TitleMissing
    event = Event(
        **{
            field.name: getattr(basics, field.name)
            for field in dataclasses.fields(basics)
            if field.name != "seats"
        },
        slug=free_slug_for(basics),
        host=host,
        languages=list(basics.title),
        reply_to=host.email,
        address_check=basics.visibility is Visibility.PUBLIC,
        largest_party=rules.default_largest_party(basics.seats),
        changes_close_at=rules.default_changes_close(basics.starts_at, basics.time_zone, now=now),
        status=EventStatus.DRAFT,
        version=0,
        revision=0,
        nonce=nonce,
        created_at=now,
        created_by=context.by.user_id,
        changed_at=now,
    )
    event.pools.append(SeatPool(capacity=basics.seats, taken=0))
    event.search_text = search_text_of(event)
    db.session.add(event)
    db.session.flush()
    return event


def _host(host_id: int) -> Organisation:
    host = db.session.get(Organisation, host_id)
    if host is None:
        raise Missing
    return host


def free_slug_for(basics: EventBasics, *, own: str | None = None) -> str:
    """An address for the event that no other event has."""
    wanted = rules.slug_of(basics.title)
    taken = db.session.scalars(select(Event.slug).where(Event.slug.startswith(wanted)))
    year = basics.starts_at.year
    return rules.free_slug(wanted, set(taken) - {own}, year=year)


@transactional
def edit_basics(
    event_id: int,
    basics: EventBasics,
    *,
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Event:
    """Change what an event cannot do without.

    A new time or place of a published event raises its revision and tells its guests; deadlines and
    programme move along. Raises Stale, InvalidTransition, SeatsTaken, LargestPartyExceedsSeats and
    what ``rules.check_times`` raises; StartsInThePast when a published event would move there.
    """
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_edited", context) as event:
        check_editable(event)
        _apply_basics(event, basics, context)
        _check_whole(event)
    return event


@transactional
def edit_details(
    event_id: int,
    details: EventDetails,
    *,
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Event:
    """Change all the rest.

    Raises Stale, InvalidTransition, LargestPartyExceedsSeats, RegistrationClosesBeforeOpening and
    so on.
    """
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_edited", context) as event:
        check_editable(event)
        _apply_details(event, details)
        _check_whole(event)
    return event


@transactional
def edit(
    event_id: int,
    basics: EventBasics,
    details: EventDetails,
    *,
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Event:
    """Change both at once; refuses what either refuses.

    A deadline that was left as it was moves along with the start.
    """
    context = ChangeContext(by, now, seen_version)
    with tracked_change(event_id, "event_edited", context) as event:
        check_editable(event)
        left = [name for name in _DEADLINES if getattr(details, name) == getattr(event, name)]
        _apply_basics(event, basics, context)
        moved = {name: getattr(event, name) for name in left}
        _apply_details(event, dataclasses.replace(details, **moved))
        _check_whole(event)
    return event


def _apply_basics(event: Event, basics: EventBasics, context: ChangeContext) -> None:
    rules.check_times(basics.starts_at, basics.ends_at)
    if not basics.title:
        raise refusals.TitleMissing
    old = material_values(event)
    shift = rules.DateShift(event.starts_at, event.time_zone, basics.starts_at, basics.time_zone)
    if event.status is EventStatus.DRAFT and event.title != basics.title:
        event.slug = free_slug_for(basics, own=event.slug)
    for field in dataclasses.fields(basics):
        if field.name != "seats":
            setattr(event, field.name, getattr(basics, field.name))
    if shift.new_start != shift.old_start:
        shift_dates(event, shift)
    set_capacity(general_pool(event), basics.seats, context, field="seats")
    announce_changes(event, old, context)


def _apply_details(event: Event, details: EventDetails) -> None:
    rules.check_retention(
        event.published_at is not None,
        months=(event.retention_months, details.retention_months),
        days=(event.sensitive_days, details.sensitive_days),
    )
    for field in dataclasses.fields(details):
        if field.name not in {"sector_ids", "languages"}:
            setattr(event, field.name, getattr(details, field.name))
    event.languages = list(details.languages)
    wanted = select(Sector).where(Sector.id.in_(details.sector_ids)).order_by(Sector.code)
    event.sectors = list(db.session.scalars(wanted))


def _check_whole(event: Event) -> None:
    rules.check_registration_window(
        opens_at=event.registration_opens_at,
        closes_at=event.registration_closes_at,
        changes_close_at=event.changes_close_at,
        ends_at=event.ends_at,
    )
    rules.check_largest_party(event.largest_party, [pool.capacity for pool in event.pools])
