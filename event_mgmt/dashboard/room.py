"""What there is to do, and one event at a glance."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.policy import Right
from event_mgmt.dashboard import views
from event_mgmt.rooms import NavigationEntry, Place, Room

ROOM: Final = Room(
    name="dashboard",
    blueprints=(views.bp,),
    views=(views,),
    navigation=(
        NavigationEntry(
            place=Place.DESK,
            position=10,
            endpoint="dashboard.home",
            label=_l("Today"),
            icon="list-checks",
        ),
        NavigationEntry(
            place=Place.EVENT,
            position=10,
            endpoint="dashboard.overview",
            label=_l("Overview"),
            right=Right.SEE_EVENT,
        ),
    ),
)
