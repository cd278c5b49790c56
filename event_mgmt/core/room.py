"""The tables that belong to no subject."""

from __future__ import annotations

from typing import Final

from event_mgmt.core import throttle
from event_mgmt.rooms import Room

ROOM: Final = Room(
    name="core",
    models=(throttle,),
)
