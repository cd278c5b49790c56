"""The audit log, which every room writes."""

from __future__ import annotations

from typing import Final

from event_mgmt.audit import models
from event_mgmt.rooms import Room

ROOM: Final = Room(
    name="audit",
    models=(models,),
)
