"""One line of a list of what needs doing."""

from __future__ import annotations

from dataclasses import dataclass

from event_mgmt.web.enum_labels import Tone


@dataclass(frozen=True)
class TodoItem:
    """What waits for somebody at an event, and where it is done; ``note`` says how soon."""

    event_id: int
    label: str
    url: str
    icon: str
    sub: str = ""
    note: str = ""
    tone: Tone = "neutral"
