"""The audit log, which every room writes."""

from __future__ import annotations

from typing import Final

from event_mgmt.audit import models
from event_mgmt.rooms import PersonalData, Room

ROOM: Final = Room(
    name="audit",
    models=(models,),
    personal_data=PersonalData(tables=frozenset({"audit_entries"})),
)
