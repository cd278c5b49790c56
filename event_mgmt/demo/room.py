"""A year of events to try the system with."""

from __future__ import annotations

from typing import Final

from event_mgmt.demo import cli
from event_mgmt.rooms import Room

ROOM: Final = Room(
    name="demo",
    commands=(cli.demo,),
)
