"""Files that people hand in, kept in the database."""

from __future__ import annotations

from typing import Final

from event_mgmt.files import models, service
from event_mgmt.rooms import Room

ROOM: Final = Room(
    name="files",
    models=(models,),
    jobs=(service.sweep,),
)
