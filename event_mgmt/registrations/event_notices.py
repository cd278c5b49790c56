"""What everybody registered hears when their event changes: queued at once, written later."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import JSON, String, cast, insert, literal, select, update

from event_mgmt.core.database import db
from event_mgmt.events import rules as event_rules
from event_mgmt.events.models import Event
from event_mgmt.events.words import EventStatus
from event_mgmt.mail.letters import Block, Facts, Letter, NothingToSay, Notice
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations import calendar_entries, seats
from event_mgmt.registrations.letter_parts import (
    Case,
    calendar_part,
    case_of,
    event_facts,
    letter,
    own_page,
    reason_in_readers_language,
)
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.words import OPEN, Status
from event_mgmt.web import times

TOLD: Final = OPEN - {Status.UNCONFIRMED}
"""Who hears of changes. An address that nobody confirmed is written to only to confirm it."""

_TIMES: Final = ("starts_at", "ends_at")


def on_changed(
    _sender: object, *, event: Event, old: dict[str, Any], now: datetime, **_more: object
) -> None:
    """Subscriber: tell the former values to everybody registered."""
    plain = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in old.items()}
    _queue("event_changed", event, {"old": plain}, now=now)


def on_postponed(_sender: object, *, event: Event, now: datetime, **_more: object) -> None:
    """Subscriber: tell everybody registered that the date is off."""
    _queue("event_postponed", event, {}, now=now)


def on_cancelled(_sender: object, *, event: Event, now: datetime, **_more: object) -> None:
    """Subscriber: tell everybody registered that the event is off."""
    _queue("event_cancelled", event, {}, now=now)


def _queue(kind: str, event: Event, facts: dict[str, Any], *, now: datetime) -> None:
    """One message per open registration, in one statement however many they are."""
    db.session.flush()
    # Whoever is registering at this moment either is told here or sees the event as it is now.
    seats.lock_event(event.id)
    told = (
        Registration.event_id == event.id,
        Registration.status.in_(TOLD),
        Registration.erased_at.is_(None),
    )
    db.session.execute(
        update(Registration).where(*told).values(calendar_entries.advanced(event.id, now=now)),
        execution_options={"synchronize_session": False},
    )
    occurrence = f"{kind}:{event.id}:{event.revision}:{int(now.timestamp())}:"
    name = Attendee.given_name + " " + Attendee.family_name
    rows = (
        select(
            literal(occurrence) + cast(Registration.id, String(20)),
            literal(kind),
            Registration.locale,
            Registration.email,
            name,
            Registration.event_id,
            Registration.id,
            literal(facts, JSON()),
            literal(MessageState.QUEUED, Message.state.type),
            literal(now, Message.created_at.type),
            literal(now, Message.due_at.type),
            Registration.calendar_sequence,
        )
        .join(Attendee, (Attendee.registration_id == Registration.id) & (Attendee.position == 0))
        .where(*told)
    )
    columns = (
        "key", "kind", "locale", "to_address", "to_name", "event_id", "registration_id", "facts",
        "state", "created_at", "due_at", "calendar_sequence",
    )  # fmt: skip
    db.session.execute(insert(Message).from_select(columns, rows))


def changed(message: Message) -> Letter:
    """The event is at another time or place: old and new."""
    case = case_of(message, *TOLD)
    old, event = case.facts.get("old", {}), case.event
    rows: list[tuple[str, str]] = []
    _old_time(case, old, rows)
    _old_place(case, old, rows)
    if not rows:
        raise NothingToSay
    is_sure = case.registration.status is Status.CONFIRMED
    blocks: list[Block | str] = [_("Something about this event has changed."), Facts(tuple(rows))]
    if is_sure:
        blocks.append(_("Your registration stands; the new calendar entry is attached."))
    blocks.append(_("If you cannot come now, please call off through your personal link."))
    return letter(
        case,
        _("Changed: %(title)s", title=event.title.into(case.locale)),
        [*blocks, own_page(case)],
        calendar=calendar_part(case, "REQUEST") if is_sure else None,
    )


def _old_time(case: Case, old: dict[str, Any], rows: list[tuple[str, str]]) -> None:
    event = case.event
    before = [datetime.fromisoformat(old[name]) if name in old else None for name in _TIMES]
    starts_at, ends_at = before[0] or event.starts_at, before[1] or event.ends_at
    if (starts_at, ends_at) != (event.starts_at, event.ends_at):
        zone, locale = event.time_zone, case.locale
        rows.append(
            (_("New time"), times.span_in_zone(event.starts_at, event.ends_at, zone, locale))
        )
        rows.append((_("Before"), times.span_in_zone(starts_at, ends_at, zone, locale)))


def _old_place(case: Case, old: dict[str, Any], rows: list[tuple[str, str]]) -> None:
    event = case.event
    names = ("venue_name", "venue_address", "city")
    *former, former_city = (old.get(name, getattr(event, name)) for name in names)
    before = event_rules.place_line(*former, city=former_city)
    after = event_rules.place_line(event.venue_name, event.venue_address, city=event.city)
    if before != after:
        rows.append((_("New place"), after or _("Online")))
        rows.append((_("Place before"), before or _("Online")))
    url_before = old.get("online_url", event.online_url)
    if url_before != event.online_url and case.registration.status is Status.CONFIRMED:
        rows.append((_("Join online"), event.online_url or "–"))


def postponed(message: Message) -> Letter:
    """The date is off; a new one follows."""
    case = case_of(message, *TOLD, published=False)
    if case.event.status is not EventStatus.POSTPONED:
        raise NothingToSay
    return letter(
        case,
        _("Postponed: %(title)s", title=case.title),
        [
            _("This event cannot take place as planned and is postponed."),
            event_facts(case),
            _("There is no new date yet. You stay registered; we will write to you."),
            own_page(case),
        ],
    )


def cancelled(message: Message) -> Letter:
    """The event is off for good."""
    case = case_of(message, *TOLD, published=False)
    if case.event.status is not EventStatus.CANCELLED:
        raise NothingToSay
    was_sure = case.registration.confirmed_at is not None
    return letter(
        case,
        _("Cancelled: %(title)s", title=case.title),
        [
            _("Unfortunately this event has been cancelled."),
            *reason_in_readers_language(case.event.cancel_reason, case.locale),
            event_facts(case),
        ],
        calendar=calendar_part(case, "CANCEL") if was_sure else None,
    )


LETTERS: Final[dict[str, Notice]] = {
    "event_changed": changed,
    "event_postponed": postponed,
    "event_cancelled": cancelled,
}
