"""Events as the public sees them."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.event_site import event_page, views
from event_mgmt.rooms import NavigationEntry, Place, Room

ROOM: Final = Room(
    name="event_site",
    blueprints=(views.bp,),
    views=(views,),
    visitor_pages=(event_page.FOR_VISITORS,),
    navigation=(
        NavigationEntry(
            place=Place.PUBLIC,
            position=10,
            endpoint="event_site.index",
            label=_l("Agenda"),
        ),
        NavigationEntry(
            place=Place.PUBLIC,
            position=20,
            endpoint="event_site.calendar",
            label=_l("Calendar"),
        ),
        NavigationEntry(
            place=Place.PUBLIC,
            position=30,
            endpoint="event_site.partners",
            label=_l("Partners"),
        ),
    ),
)
