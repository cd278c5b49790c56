"""The audit log as people read it."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.policy import OrganisationRight, Right
from event_mgmt.audit_desk import views
from event_mgmt.rooms import NavigationEntry, Place, Room

ROOM: Final = Room(
    name="audit_desk",
    blueprints=(views.bp,),
    views=(views,),
    navigation=(
        NavigationEntry(
            place=Place.ORGANISATION,
            position=30,
            endpoint="audit_desk.of_organisation",
            label=_l("History"),
            icon="history",
            right=OrganisationRight.SEE_AUDIT,
        ),
        NavigationEntry(
            place=Place.PLATFORM,
            position=30,
            endpoint="audit_desk.of_platform",
            label=_l("History"),
            icon="history",
        ),
        NavigationEntry(
            place=Place.EVENT,
            position=70,
            endpoint="audit_desk.of_event",
            label=_l("History"),
            right=Right.SEE_AUDIT,
        ),
    ),
)
