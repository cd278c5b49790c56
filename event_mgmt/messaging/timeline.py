"""The time line of an event's messages: what goes out when, and to how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from flask_babel import gettext as _, ngettext

from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.messaging import queries
from event_mgmt.messaging.enums import Phase
from event_mgmt.messaging.queries import DeliveryProgress, ScheduledRule, SentGroupMessage
from event_mgmt.messaging.timing_text import timing_text
from event_mgmt.web import times
from event_mgmt.web.locale import current_language

State = Literal["done", "due", "missed", "failed", "off"]

_ON_ITS_WAY: Final = timedelta(minutes=5)
_OFF: Final = (EventStatus.CANCELLED, EventStatus.POSTPONED, EventStatus.ARCHIVED)


@dataclass(frozen=True)
class TimelineItem:
    """One point of the time line, as templates show it.

    ``state_label`` is empty where the state speaks for itself; ``rule_id`` is given for rules.
    """

    at: datetime
    title: str
    meta: str
    state: State
    state_label: str = ""
    rule_id: int | None = None
    url: str | None = None


def timeline_of(event: Event, *, now: datetime) -> list[TimelineItem]:
    """All that has gone and will go out to guests, in order of time, in five statements."""
    items = [
        rule_item(event, placed, now=now) for placed in queries.scheduled_rules(event, now=now)
    ]
    items += [_group_item(event, group) for group in queries.sent_group_messages(event.id)]
    return sorted(items, key=lambda item: item.at)


def rule_item(event: Event, placed: ScheduledRule, *, now: datetime) -> TimelineItem:
    """A rule as a point of the time line."""
    locale = current_language()
    state, label = _rule_state(event, placed, now=now)
    words = timing_text(placed.rule.timing, zone=event.time_zone, locale=locale)
    is_moment = placed.rule.timing.at is not None
    when = times.short_datetime(placed.due_at, event.time_zone, locale)
    return TimelineItem(
        at=placed.due_at,
        title=_("Reminder") if is_moment else _("Reminder, %(when)s", when=words),
        meta=" · ".join(part for part in (when, _how_many(placed, state)) if part),
        state=state,
        state_label=label,
        rule_id=placed.rule.id,
    )


def _group_item(event: Event, group: SentGroupMessage) -> TimelineItem:
    locale = current_language()
    when = times.short_datetime(group.message.created_at, event.time_zone, locale)
    state, label = _progress(group.sending) or ("done", "")
    return TimelineItem(
        at=group.message.created_at,
        title=group.message.subject.into(locale),
        meta=f"{when} · {tally(group.sending) or people(group.message.recipients)}",
        state=state,
        state_label=label,
    )


def _rule_state(event: Event, placed: ScheduledRule, *, now: datetime) -> tuple[State, str]:
    progress = _progress(placed.sending)
    if progress is not None:
        return progress
    if not placed.rule.is_active:
        return "off", _("Paused")
    if placed.phase is Phase.OVER:
        return "missed", _("Came too late") if placed.came_too_late else _("Not sent")
    if placed.gives_way:
        return "off", _("Instead: another one within the hour")
    return _prospect(event, placed, now=now)


def _prospect(event: Event, placed: ScheduledRule, *, now: datetime) -> tuple[State, str]:
    """What becomes of an active rule whose time has not gone by."""
    if event.status in _OFF:
        return "off", _("Will not go out")
    if event.status is EventStatus.DRAFT:
        return "due", _("Once published")
    if placed.phase is Phase.UPCOMING:
        return "due", ""
    if placed.expects and now - placed.due_at < _ON_ITS_WAY:
        return "due", _("Going out")
    return "done", _("Nobody to remind")


def _progress(sending: DeliveryProgress) -> tuple[State, str] | None:
    """How far the sending has come; ``None`` before it has begun."""
    if sending.failed:
        label = ngettext("%(num)d not delivered", "%(num)d not delivered", sending.failed)
        return "failed", label
    if sending.uncertain:
        label = ngettext(
            "%(num)d perhaps delivered", "%(num)d perhaps delivered", sending.uncertain
        )
        return "missed", label
    if sending.waiting:
        return "due", _("Going out")
    return ("done", _("Sent")) if sending.sent else None


def _how_many(placed: ScheduledRule, state: State) -> str:
    told = tally(placed.sending)
    if told or state in {"missed", "off"} or placed.phase is not Phase.UPCOMING:
        return told
    people_then = ngettext(
        "to %(num)d person as things stand", "to %(num)d people as things stand", placed.expects
    )
    if not placed.unreachable:
        return people_then
    return f"{people_then}, {lost(placed.unreachable)}"


def tally(sending: DeliveryProgress) -> str:
    """How many are sent and how many wait, in words; empty when there is nothing to count."""
    parts = []
    if sending.sent:
        parts.append(ngettext("%(num)d sent", "%(num)d sent", sending.sent))
    if sending.waiting:
        parts.append(ngettext("%(num)d waiting", "%(num)d waiting", sending.waiting))
    return ", ".join(parts)


def lost(count: int) -> str:
    """How many addresses a mail cannot reach, in words."""
    return ngettext("%(num)d address unreachable", "%(num)d addresses unreachable", count)


def people(count: int) -> str:
    """A number of recipients in words."""
    return ngettext("to %(num)d person", "to %(num)d people", count)
