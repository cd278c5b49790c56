"""What the words of attendee lists are called on screen and in files."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.attendee_lists.criteria import Order, People, Presence
from event_mgmt.attendee_lists.enums import Change
from event_mgmt.web.enum_labels import EnumLabel

ENUM_LABELS: Final = (
    EnumLabel(Change.ADDED, _l("New"), "ok"),
    EnumLabel(Change.CHANGED, _l("Changed"), "warn"),
    EnumLabel(Change.GONE, _l("No longer on the list"), "danger"),
    EnumLabel(People.ALL, _l("Contacts and companions")),
    EnumLabel(People.CONTACTS, _l("Contacts only")),
    EnumLabel(People.COMPANIONS, _l("Companions only")),
    EnumLabel(Presence.ALL, _l("Arrived or not")),
    EnumLabel(Presence.ARRIVED, _l("Checked in"), "ok"),
    EnumLabel(Presence.AWAITED, _l("Not yet checked in")),
    EnumLabel(Order.SURNAME, _l("Surname")),
    EnumLabel(Order.ORGANISATION, _l("Organisation")),
    EnumLabel(Order.COUNTRY, _l("Country")),
    EnumLabel(Order.REGISTERED, _l("Time of registration")),
    EnumLabel(Order.STATUS, _l("Status")),
)
