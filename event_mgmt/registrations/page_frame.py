"""What the frame of every page about one event and its registrations shows."""

from __future__ import annotations

from typing import Final, TypedDict

from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.organisations.branding import Branding, branding_of
from event_mgmt.registrations.registrable_event import RegistrableEvent

_OFF: Final = frozenset({EventStatus.CANCELLED, EventStatus.POSTPONED})


class PageFrame(TypedDict):
    """The event, its hosts' branding, and whether its date is struck through."""

    event: Event
    hosts: list[Branding]
    is_off: bool


def page_frame(registrable: RegistrableEvent) -> PageFrame:
    """The variables of registrations/_frame.html."""
    event = registrable.event
    return {
        "event": event,
        "hosts": [branding_of(host) for host in event.hosts],
        "is_off": event.status in _OFF,
    }
