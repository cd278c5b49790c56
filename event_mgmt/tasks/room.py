"""Long work, done by processes of its own."""

from __future__ import annotations

from typing import Final

from event_mgmt.rooms import PersonalData, Room
from event_mgmt.tasks import (
    audit_labels,
    enum_labels,
    erasure,
    models,
    personal_data,
    personal_report,
    service,
    views,
)

ROOM: Final = Room(
    name="tasks",
    models=(models,),
    blueprints=(views.bp,),
    views=(views,),
    jobs=(erasure.forget_old, service.wake_for_waiting),
    enum_labels=enum_labels.ENUM_LABELS,
    audit_labels=audit_labels.AUDIT_LABELS,
    personal_data=PersonalData(
        tables=personal_data.TABLES,
        found_by=frozenset({"user"}),
        report=personal_report.report,
        erase=personal_data.erase,
        erase_sensitive=personal_data.erase_of_event,
        erase_rest=personal_data.erase_of_event,
    ),
)
