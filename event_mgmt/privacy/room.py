"""What is known about whom, until when, and how it goes."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.accounts.policy import OrganisationRight, Right
from event_mgmt.privacy import (
    audit_labels,
    blueprint,
    cli,
    models,
    person_views,
    retention,
    vacuum,
    views,
)
from event_mgmt.rooms import NavigationEntry, Place, Room

ROOM: Final = Room(
    name="privacy",
    models=(models,),
    blueprints=(blueprint.bp,),
    views=(views, person_views),
    commands=(cli.privacy,),
    jobs=(retention.retain, vacuum.after_erasure),
    audit_labels=audit_labels.AUDIT_LABELS,
    navigation=(
        NavigationEntry(
            place=Place.ORGANISATION,
            position=40,
            endpoint="privacy.organisation_overview",
            label=_l("Data protection"),
            icon="shield",
            right=OrganisationRight.PROTECT_DATA,
        ),
        NavigationEntry(
            place=Place.PLATFORM,
            position=20,
            endpoint="privacy.platform_overview",
            label=_l("Data protection"),
            icon="shield",
        ),
        NavigationEntry(
            place=Place.EVENT,
            position=80,
            endpoint="privacy.of_event",
            label=_l("Data protection"),
            right=Right.SEE_AUDIT,
        ),
    ),
)
