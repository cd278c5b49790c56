"""What waits for organisers in their mails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import ngettext

from event_mgmt.accounts.policy import Right, Viewer
from event_mgmt.events.models import Event
from event_mgmt.events.queries import with_right
from event_mgmt.mail import queries
from event_mgmt.web.locale import current_language
from event_mgmt.web.todo import TodoItem


def todo(viewer: Viewer, events: Sequence[Event], _now: datetime) -> Iterator[TodoItem]:
    """Mails that did not (or perhaps did not) arrive."""
    undelivered = queries.undelivered_by_event(with_right(viewer, events, Right.SEE_MESSAGES))
    for event in events:
        if count := undelivered.get(event.id):
            yield TodoItem(
                event.id,
                ngettext("%(num)d mail not delivered", "%(num)d mails not delivered", count),
                url_for("messaging.of_event", event_id=event.id, state="failed"),
                "mail",
                sub=event.title.into(current_language()),
            )
