"""Events as organisers plan them."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.policy import Right
from event_mgmt.event_desk import blueprint, content_views, partner_views, status_views, todo, views
from event_mgmt.rooms import NavigationEntry, Place, Room

ROOM: Final = Room(
    name="event_desk",
    blueprints=(blueprint.bp,),
    views=(views, content_views, partner_views, status_views),
    navigation=(
        NavigationEntry(
            place=Place.DESK,
            position=20,
            endpoint="event_desk.index",
            label=_l("Events"),
            icon="calendar-days",
        ),
        NavigationEntry(
            place=Place.EVENT,
            position=40,
            endpoint="event_desk.edit",
            label=_l("Event"),
            right=Right.EDIT_EVENT,
        ),
        NavigationEntry(
            place=Place.PLANNING,
            position=10,
            endpoint="event_desk.edit",
            label=_l("Details"),
        ),
        NavigationEntry(
            place=Place.PLANNING,
            position=20,
            endpoint="event_desk.programme",
            label=_l("Programme"),
        ),
        NavigationEntry(
            place=Place.PLANNING,
            position=30,
            endpoint="event_desk.partners",
            label=_l("Hosts and seats"),
        ),
        NavigationEntry(
            place=Place.PLANNING,
            position=40,
            endpoint="event_desk.questions",
            label=_l("Questions"),
        ),
    ),
    todo=todo.todo,
)
