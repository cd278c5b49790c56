"""Pages for machines: robots, health, the icon."""

from __future__ import annotations

from typing import Final

from event_mgmt.rooms import Room
from event_mgmt.system_pages import views

ROOM: Final = Room(
    name="system_pages",
    blueprints=(views.bp,),
    views=(views,),
)
