"""Organisations as their administrators keep them."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.policy import OrganisationRight
from event_mgmt.organisation_desk import blueprint, platform_views, views
from event_mgmt.rooms import NavigationEntry, Place, Room

ROOM: Final = Room(
    name="organisation_desk",
    blueprints=(blueprint.bp,),
    views=(views, platform_views),
    navigation=(
        NavigationEntry(
            place=Place.ORGANISATION,
            position=20,
            endpoint="organisation_desk.edit",
            label=_l("Organisation"),
            icon="building-2",
            right=OrganisationRight.EDIT_ORGANISATION,
        ),
        NavigationEntry(
            place=Place.PLATFORM,
            position=10,
            endpoint="organisation_desk.platform",
            label=_l("All organisations"),
            icon="landmark",
        ),
    ),
)
