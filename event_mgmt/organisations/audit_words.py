"""What the deeds of this room are called in the history."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.words import Detail, Shown, teach_deeds, teach_details
from event_mgmt.organisations.models import OrganisationKind


def teach() -> None:
    """Teach the history this room's words."""
    teach_deeds(
        {
            "organisation_added": _l("Organisation added"),
            "organisation_edited": _l("Organisation changed"),
            "organisation_logo_changed": _l("Logo changed"),
            "organisation_logo_removed": _l("Logo removed"),
            "sector_added": _l("Sector added"),
            "sector_renamed": _l("Sector renamed"),
            "agreement_added": _l("Agreement added"),
            "agreement_edited": _l("Agreement changed"),
        }
    )
    teach_details(
        "organisation",
        {
            "name": Detail(_l("Name")),
            "short_name": Detail(_l("Short name")),
            "about": Detail(_l("About the organisation")),
            "initials": Detail(_l("Initials")),
            "accent": Detail(_l("Colour"), Shown.NOT),
            "country": Detail(_l("Country"), Shown.COUNTRY),
            "city": Detail(_l("City")),
            "address": Detail(_l("Street and number")),
            "website": Detail(_l("Website")),
            "email": Detail(_l("E-mail address")),
            "privacy_contact": Detail(_l("Contact for data protection")),
            "sectors": Detail(_l("Sectors"), Shown.NOT),
            "kind": Detail(_l("Kind"), words=OrganisationKind),
            "valid_from": Detail(_l("Since"), Shown.DAY),
            "valid_to": Detail(_l("Until"), Shown.DAY),
            "successor_id": Detail(_l("Followed by"), Shown.NOT),
        },
    )
    teach_details("sector", {"name": Detail(_l("Name"))})
    teach_details(
        "agreement",
        {
            "title": Detail(_l("Title")),
            "signed_on": Detail(_l("Signed on"), Shown.DAY),
            "place": Detail(_l("Place")),
            "parties": Detail(_l("Parties"), Shown.NOT),
        },
    )
