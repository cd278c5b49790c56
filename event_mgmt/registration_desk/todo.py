"""What waits for organisers in deciding registrations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from flask import url_for
from flask_babel import gettext as _, ngettext

from event_mgmt.accounts.policy import Right, Viewer
from event_mgmt.events.models import Event
from event_mgmt.events.queries import with_right
from event_mgmt.events.registration_phase import registration_ends_at
from event_mgmt.events.registration_state import terms_of_event
from event_mgmt.registration_desk import queries
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.web.locale import current_language
from event_mgmt.web.todo import TodoItem

_SOON: Final = timedelta(days=14)


def todo(viewer: Viewer, events: Sequence[Event], now: datetime) -> Iterator[TodoItem]:
    """Registrations and changes by guests that await a decision."""
    deciding = with_right(viewer, events, Right.DECIDE_REGISTRATIONS)
    pending = queries.pending_by_event(deciding)
    proposed = proposal_persistence.pending_by_event(deciding)
    for event in events:
        if count := pending.get(event.id):
            yield _registrations(event, count, now)
        if count := proposed.get(event.id):
            yield _changes(event, count)


def _registrations(event: Event, count: int, now: datetime) -> TodoItem:
    urgent = registration_ends_at(terms_of_event(event)) - now < _SOON
    return TodoItem(
        event.id,
        ngettext("Decide %(num)d registration", "Decide %(num)d registrations", count),
        url_for("registration_desk.index", event_id=event.id, status="pending"),
        "list-checks",
        sub=event.title.into(current_language()),
        note=_("soon") if urgent else "",
        tone="warn" if urgent else "neutral",
    )


def _changes(event: Event, count: int) -> TodoItem:
    return TodoItem(
        event.id,
        ngettext("Decide %(num)d change by a guest", "Decide %(num)d changes by guests", count),
        url_for("registration_desk.index", event_id=event.id, changes=1),
        "pencil",
        sub=event.title.into(current_language()),
    )
