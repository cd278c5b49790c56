"""Attendee lists, saved views and exports."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.policy import Right
from event_mgmt.attendee_lists import (
    audit_labels,
    blueprint,
    enum_labels,
    export_views,
    list_task,
    models,
    personal_data,
    personal_report,
    views,
)
from event_mgmt.rooms import NavigationEntry, PersonalData, Place, Room

ROOM: Final = Room(
    name="attendee_lists",
    models=(models,),
    blueprints=(blueprint.bp,),
    views=(views, export_views),
    tasks=(list_task.LIST_TASK,),
    enum_labels=enum_labels.ENUM_LABELS,
    audit_labels=audit_labels.AUDIT_LABELS,
    navigation=(
        NavigationEntry(
            place=Place.DESK,
            position=40,
            endpoint="attendee_lists.exports",
            label=_l("Lists and exports"),
            icon="file-spreadsheet",
        ),
        NavigationEntry(
            place=Place.EVENT,
            position=30,
            endpoint="attendee_lists.index",
            label=_l("Attendee list"),
            right=Right.SEE_ATTENDEES,
        ),
    ),
    personal_data=PersonalData(
        tables=personal_data.TABLES,
        found_by=frozenset({"registration", "user"}),
        report=personal_report.report,
        erase=personal_data.erase,
        redact=personal_data.redact,
        erase_rest=personal_data.erase_rest,
        count_holdings=personal_data.count_holdings,
    ),
)
