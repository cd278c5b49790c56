"""Registrations as organisers decide, enter and import them."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts import resolvers
from event_mgmt.accounts.policy import Right
from event_mgmt.events.models import Event
from event_mgmt.registration_desk import (
    blueprint,
    entry_views,
    list_views,
    party_views,
    queries,
    todo,
)
from event_mgmt.registration_desk.imports import import_views, models, personal_data, uploads
from event_mgmt.rooms import NavigationEntry, PersonalData, Place, Room

ROOM: Final = Room(
    name="registration_desk",
    models=(models,),
    blueprints=(blueprint.bp,),
    views=(list_views, entry_views, party_views, import_views),
    resolvers={
        "registration_id": resolvers.part(
            "registration", within="event_id", kind=Event, find=queries.party_of
        )
    },
    jobs=(uploads.forget_old_uploads,),
    navigation=(
        NavigationEntry(
            place=Place.EVENT,
            position=20,
            endpoint="registration_desk.index",
            label=_l("Registrations"),
            right=Right.SEE_ATTENDEES,
        ),
    ),
    todo=todo.todo,
    personal_data=PersonalData(
        tables=personal_data.TABLES,
        found_by=frozenset({"user"}),
        erase=personal_data.erase,
        erase_rest=personal_data.erase_rest,
    ),
)
