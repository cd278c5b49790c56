"""Files that people hand in or take away, their content in chunks."""

from __future__ import annotations

from typing import Final

from event_mgmt.files import models, personal_data, service
from event_mgmt.rooms import PersonalData, Room

ROOM: Final = Room(
    name="files",
    models=(models,),
    jobs=(service.sweep,),
    personal_data=PersonalData(
        tables=personal_data.TABLES,
        found_by=frozenset({"user"}),
        erase=personal_data.erase,
    ),
)
