"""What the deeds of this room are called in the history."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.attendee_lists.formats import registry
from event_mgmt.audit.words import Detail, teach_deeds, teach_details


def teach() -> None:
    """Teach the history this room's words."""
    teach_deeds({"attendees_exported": _l("Attendee list exported")})
    teach_details(
        "export",
        {
            "format": Detail(_l("Format"), called=registry.called),
            "purpose": Detail(_l("Purpose")),
            "rows": Detail(_l("People")),
            "sha256": Detail(_l("Check sum (SHA-256)")),
        },
    )
