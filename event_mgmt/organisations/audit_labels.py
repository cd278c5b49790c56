"""What this room's actions and their details are called in the audit log."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.labels import AuditLabels, Detail, DetailFormat
from event_mgmt.organisations.models import OrganisationKind

AUDIT_LABELS: Final = AuditLabels(
    actions={
        "organisation_added": _l("Organisation added"),
        "organisation_edited": _l("Organisation changed"),
        "organisation_logo_changed": _l("Logo changed"),
        "organisation_logo_removed": _l("Logo removed"),
        "sector_added": _l("Sector added"),
        "sector_renamed": _l("Sector renamed"),
        "agreement_added": _l("Agreement added"),
        "agreement_edited": _l("Agreement changed"),
    },
    details={
        "organisation": {
            "name": Detail(_l("Name")),
            "short_name": Detail(_l("Short name")),
            "about": Detail(_l("About the organisation")),
            "initials": Detail(_l("Initials")),
            "accent": Detail(_l("Colour"), DetailFormat.NOT),
            "country": Detail(_l("Country"), DetailFormat.COUNTRY),
            "city": Detail(_l("City")),
            "address": Detail(_l("Street and number")),
            "website": Detail(_l("Website")),
            "email": Detail(_l("E-mail address")),
            "privacy_contact": Detail(_l("Contact for data protection")),
            "sectors": Detail(_l("Sectors"), DetailFormat.NOT),
            "kind": Detail(_l("Kind"), words=OrganisationKind),
            "valid_from": Detail(_l("Since"), DetailFormat.DAY),
            "valid_to": Detail(_l("Until"), DetailFormat.DAY),
            "successor_id": Detail(_l("Followed by"), DetailFormat.NOT),
        },
        "sector": {"name": Detail(_l("Name"))},
        "agreement": {
            "title": Detail(_l("Title")),
            "signed_on": Detail(_l("Signed on"), DetailFormat.DAY),
            "place": Detail(_l("Place")),
            "parties": Detail(_l("Parties"), DetailFormat.NOT),
        },
    },
)
