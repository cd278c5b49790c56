"""The audit log, which every room writes."""

from __future__ import annotations

from typing import Final

from event_mgmt.audit import models, personal_data, personal_report
from event_mgmt.rooms import PersonalData, Room

ROOM: Final = Room(
    name="audit",
    models=(models,),
    personal_data=PersonalData(
        tables=personal_data.TABLES,
        found_by=frozenset({"registration", "user"}),
        report=personal_report.report,
        erase=personal_data.erase,
    ),
)
