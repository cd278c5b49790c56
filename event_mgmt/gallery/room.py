"""Every component of the pages in every state, for whoever develops them."""

from __future__ import annotations

from typing import Final

from event_mgmt.gallery import views
from event_mgmt.rooms import Room

ROOM: Final = Room(
    name="gallery",
    blueprints=(views.bp,),
    views=(views,),
)
