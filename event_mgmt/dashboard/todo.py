"""What needs doing, as the rooms know it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from event_mgmt.accounts.policy import Viewer
from event_mgmt.events.models import Event
from event_mgmt.rooms import current_rooms
from event_mgmt.web.todo import TodoItem


def of_events(viewer: Viewer, events: Sequence[Event], *, now: datetime) -> list[TodoItem]:
    """Everything that waits for ``viewer`` in these events: the urgent first, then by event."""
    position = {event.id: number for number, event in enumerate(events)}
    items = [
        item for room in current_rooms() if room.todo for item in room.todo(viewer, events, now)
    ]
    return sorted(items, key=lambda item: (item.tone != "warn", position[item.event_id]))
