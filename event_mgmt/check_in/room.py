"""The door: who has arrived."""

from __future__ import annotations

from typing import Final

from event_mgmt.check_in import audit_labels, models
from event_mgmt.rooms import PersonalData, Room

ROOM: Final = Room(
    name="check_in",
    models=(models,),
    audit_labels=audit_labels.AUDIT_LABELS,
    # Actions name nobody: whoever is erased leaves a number behind, as with all that is counted.
    personal_data=PersonalData(
        tables=frozenset({"door_actions"}), found_by=frozenset({"registration"})
    ),
)
