"""The mails to everybody registered when their event changes: queued at once, written later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import JSON, String, cast, insert, literal, select, update

from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail import outbox
from event_mgmt.mail.letters import Block, Facts, Letter, NotNeeded
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.enums import OPEN, Status
from event_mgmt.registrations.lifecycle import calendar_entries, seats
from event_mgmt.registrations.mails import last_announcements, mail_context
from event_mgmt.registrations.mails.announcements import (
    Announcement,
    AnnouncementChanges,
    changes_between,
    shows_same_clock,
)
from event_mgmt.registrations.mails.audience import IS_CONTACT, Audience, is_meant
from event_mgmt.registrations.mails.mail_context import (
    MailContext,
    calendar_part,
    cancellation_text,
    context_of,
    event_facts,
    localized_reason,
    participant_page_button,
    registration_letter,
)
from event_mgmt.registrations.models import Attendee, LastAnnouncement, Registration
from event_mgmt.web import times
from event_mgmt.web.templating import country_name

NOTIFIED_STATUSES: Final = OPEN - {Status.UNCONFIRMED}
NOTIFIED: Final = Audience(NOTIFIED_STATUSES, even_unreachable=True)
"""Who is notified of changes. An address that nobody confirmed is written to only to confirm it."""


def on_changed(
    _sender: object, *, event: Event, old: dict[str, object], now: datetime, **_more: object
) -> None:
    """Subscriber: tell everybody registered what is new to them.

    The former values are for workers of the version before; the letter compares with what its
    reader was told.
    """
    plain = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in old.items()}
    _queue("event_changed", event, {"old": plain}, now=now)


def on_postponed(_sender: object, *, event: Event, now: datetime, **_more: object) -> None:
    """Subscriber: tell everybody registered that the date is off."""
    _queue("event_postponed", event, {}, now=now)


def on_cancelled(_sender: object, *, event: Event, now: datetime, **_more: object) -> None:
    """Subscriber: tell everybody registered that the event is off."""
    _queue("event_cancelled", event, {}, now=now)


def _queue(kind: str, event: Event, facts: dict[str, object], *, now: datetime) -> None:
    """One message per open registration that has something to hear, in one statement.

    What waits of earlier news is withdrawn: its readers never heard of it.
    """
    db.session.flush()
    # Whoever is registering at this moment either is told here or sees the event as it is now.
    seats.lock_event(event.id)
    outbox.withdraw_queued_of_event(event.id, kinds=last_announcements.ANNOUNCEMENT_KINDS)
    is_notified = is_meant(event.id, NOTIFIED)
    db.session.execute(
        update(Registration)
        .where(is_notified)
        .values(calendar_entries.next_sequence_values(event.id, now=now)),
        execution_options={"synchronize_session": False},
    )
    occurrence = f"{kind}:{event.id}:{event.revision}:{int(now.timestamp())}:"
    rows = (
        select(
            literal(occurrence) + cast(Registration.id, String(20)),
            literal(kind),
            Registration.locale,
            Registration.email,
            Attendee.full_name,
            Registration.event_id,
            Registration.id,
            literal(facts, JSON()),
            literal(MessageState.QUEUED, Message.state.type),
            literal(now, Message.created_at.type),
            literal(now, Message.due_at.type),
            Registration.calendar_sequence,
        )
        .join(Attendee, IS_CONTACT)
        .outerjoin(LastAnnouncement, last_announcements.is_for_current_address())
        .where(is_notified, last_announcements.has_changes(event))
    )
    columns = (
        "key", "kind", "locale", "to_address", "to_name", "event_id", "registration_id", "facts",
        "state", "created_at", "due_at", "calendar_sequence",
    )  # fmt: skip
    db.session.execute(insert(Message).from_select(columns, rows))


def changed(message: Message) -> Letter:
    """The event is not as this reader was last told: old and new, however often it has changed.

    Who was told nothing reads how it is now, and no "before". So does whoever may or may not have
    had another mail meanwhile, with what they surely knew before.
    """
    context = context_of(message, *NOTIFIED_STATUSES, while_event=(EventStatus.PUBLISHED,))
    is_sure = context.registration.status is Status.CONFIRMED
    now = last_announcements.announcement_of(context.event, with_link=is_sure)
    known, is_doubtful = _known(message)
    new = AnnouncementChanges() if known is None else changes_between(known, now)
    if known is not None and not new and not is_doubtful:
        raise NotNeeded
    is_planned_again = new.status and not new.time
    blocks: list[Block | str] = [_first_words(new, is_planned_again=is_planned_again)]
    if rows := _differences(context, known, now, new):
        blocks.append(Facts(tuple(rows)))
    if known is None or is_doubtful or is_planned_again:
        blocks.append(event_facts(context, with_join_link=is_sure))
    if is_sure:
        blocks.append(_("Your registration stands; the new calendar entry is attached."))
    blocks.append(cancellation_text(context.event))
    return registration_letter(
        context,
        _subject(context, known, is_planned_again=is_planned_again),
        [*blocks, participant_page_button(context)],
        calendar=calendar_part(context, "REQUEST") if is_sure else None,
        told=now,
    )


def _known(message: Message) -> tuple[Announcement | None, bool]:
    """What the reader was surely told last, and whether something else may have arrived since."""
    told = last_announcements.last_announcement_to(message)
    if told is None:
        return None, False
    return last_announcements.to_announcement(told), told.is_doubtful


def _first_words(new: AnnouncementChanges, *, is_planned_again: bool) -> str:
    if is_planned_again:
        return _("This event was postponed. Now it takes place after all, on the date as planned.")
    if new.status:
        return _("There is a new date for this event, which was postponed.")
    return _("Something about this event has changed.")


def _subject(context: MailContext, known: Announcement | None, *, is_planned_again: bool) -> str:
    """The new date for those to whom it is new; of whoever was told nothing, if it was moved."""
    event = context.event
    before = known.starts_at if known else _row_before(context).get("starts_at", event.starts_at)
    if before != event.starts_at:
        when = times.deadline_in_zone(event.starts_at, event.time_zone, context.locale)
        return _("New date: %(when)s – %(title)s", when=when, title=context.title)
    if is_planned_again:
        return _("Takes place after all: %(title)s", title=context.title)
    return _("Changed: %(title)s", title=context.title)


def _row_before(context: MailContext) -> dict[str, datetime]:
    """When the event was before the change that caused the message, told or not."""
    old = context.facts.get("old", {})
    return {name: datetime.fromisoformat(old[name]) for name in ("starts_at",) if name in old}


def _differences(
    context: MailContext, known: Announcement | None, now: Announcement, new: AnnouncementChanges
) -> list[tuple[str, str]]:
    """Each new value, and the one that the reader knows."""
    if known is None:
        return []
    rows = []
    if new.time:
        is_other_clock = not shows_same_clock(known, now)
        rows += [
            (_("New time"), _when(now, context, with_clock=is_other_clock)),
            (_("Before"), _when(known, context, with_clock=is_other_clock)),
        ]
    if new.place:
        is_abroad = known.country != now.country
        rows += [
            (_("New place"), _where(now, context, with_country=is_abroad)),
            (_("Place before"), _where(known, context, with_country=is_abroad)),
        ]
    if new.link:
        rows.append((_("Join online"), now.online_url or "–"))
    return rows


def _when(said: Announcement, context: MailContext, *, with_clock: bool) -> str:
    span = (said.starts_at, said.ends_at, said.time_zone)
    return times.span_in_zone(*span, context.locale, own_too=with_clock)


def _where(said: Announcement, context: MailContext, *, with_country: bool) -> str:
    if not said.place:
        return _("Online")
    if not (with_country and said.country):
        return said.place
    return f"{said.place}, {country_name(said.country, context.locale)}"


def postponed(message: Message) -> Letter:
    """The date is off; a new one follows.

    The calendar entry stays, as "postponed", tentative and free: docs/decisions/0016 says why.
    """
    context, known = _off(message, EventStatus.POSTPONED)
    is_sure = context.registration.status is Status.CONFIRMED
    return registration_letter(
        context,
        _("Postponed: %(title)s", title=context.title),
        [
            _("This event cannot take place as planned and is postponed."),
            event_facts(context, announcement=known),
            _("There is no new date yet. You stay registered; we will write to you."),
            participant_page_button(context),
        ],
        calendar=calendar_part(context, "REQUEST") if is_sure else None,
        told=replace(known, status=EventStatus.POSTPONED),
    )


def cancelled(message: Message) -> Letter:
    """The event is off for good."""
    context, known = _off(message, EventStatus.CANCELLED)
    was_sure = context.registration.confirmed_at is not None
    return registration_letter(
        context,
        _("Cancelled: %(title)s", title=context.title),
        [
            _("Unfortunately this event has been cancelled."),
            *localized_reason(context.event.cancel_reason, context.locale),
            event_facts(context, announcement=known),
        ],
        calendar=calendar_part(context, "CANCEL") if was_sure else None,
        told=replace(known, status=EventStatus.CANCELLED),
    )


def _off(message: Message, status: EventStatus) -> tuple[MailContext, Announcement]:
    """The case, and the date and place that are off for its reader: those of the last mail."""
    context = context_of(message, *NOTIFIED_STATUSES, while_event=None)
    if context.event.status is not status:
        raise NotNeeded
    known, is_doubtful = _known(message)
    if known is not None and known.status is status and not is_doubtful:
        raise NotNeeded
    return context, known or last_announcements.announcement_of(context.event, with_link=False)


def preload(messages: Sequence[Message]) -> object:
    """Read at once what these letters need."""
    return mail_context.preload(messages), last_announcements.preload(messages)
