"""What the words of attendee lists are called on screen and in files."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.attendee_lists.criteria import Order, People, Presence
from event_mgmt.attendee_lists.enums import Change
from event_mgmt.web.words import teach

teach(Change.ADDED, _l("New"), "ok")
teach(Change.CHANGED, _l("Changed"), "warn")
teach(Change.GONE, _l("No longer on the list"), "danger")
teach(People.ALL, _l("Contacts and companions"))
teach(People.CONTACTS, _l("Contacts only"))
teach(People.COMPANIONS, _l("Companions only"))
teach(Presence.ALL, _l("Arrived or not"))
teach(Presence.ARRIVED, _l("Checked in"), "ok")
teach(Presence.AWAITED, _l("Not yet checked in"))
teach(Order.SURNAME, _l("Surname"))
teach(Order.ORGANISATION, _l("Organisation"))
teach(Order.COUNTRY, _l("Country"))
teach(Order.REGISTERED, _l("Time of registration"))
teach(Order.STATUS, _l("Status"))
