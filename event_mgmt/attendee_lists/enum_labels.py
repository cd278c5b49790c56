"""Labels of this room's enums, on screen and in files."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.attendee_lists.criteria import PersonFilter, PresenceFilter, SortOrder
from event_mgmt.attendee_lists.enums import RowChange
from event_mgmt.web.enum_labels import EnumLabel

ENUM_LABELS: Final = (
    EnumLabel(RowChange.ADDED, _l("New"), "ok"),
    EnumLabel(RowChange.CHANGED, _l("Changed"), "warn"),
    EnumLabel(RowChange.GONE, _l("No longer on the list"), "danger"),
    EnumLabel(PersonFilter.ALL, _l("Contacts and companions")),
    EnumLabel(PersonFilter.CONTACTS, _l("Contacts only")),
    EnumLabel(PersonFilter.COMPANIONS, _l("Companions only")),
    EnumLabel(PresenceFilter.ALL, _l("Arrived or not")),
    EnumLabel(PresenceFilter.ARRIVED, _l("Checked in"), "ok"),
    EnumLabel(PresenceFilter.AWAITED, _l("Not yet checked in")),
    EnumLabel(SortOrder.SURNAME, _l("Surname")),
    EnumLabel(SortOrder.ORGANISATION, _l("Organisation")),
    EnumLabel(SortOrder.COUNTRY, _l("Country")),
    EnumLabel(SortOrder.REGISTERED, _l("Time of registration")),
    EnumLabel(SortOrder.STATUS, _l("Status")),
)
