"""The page of one event, as a visitor reads it."""

from __future__ import annotations

from event_mgmt.events.models import Event
from tests.web.visitor import Visitor


def page_of(visitor: Visitor, event: Event, query: str = "?lang=de") -> str:
    """The markup of the event's page; it must be there."""
    response = visitor.get(f"/events/{event.slug}{query}")
    assert response.status_code == 200
    return response.text
