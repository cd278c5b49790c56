"""What this room's actions and their details are called in the audit log."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.attendee_lists.formats import registry
from event_mgmt.audit.labels import AuditLabels, Detail

AUDIT_LABELS: Final = AuditLabels(
    actions={"attendees_exported": _l("Attendee list exported")},
    details={
        "export": {
            "format": Detail(_l("Format"), called=registry.called),
            "purpose": Detail(_l("Purpose")),
            "rows": Detail(_l("People")),
            "sha256": Detail(_l("Check sum (SHA-256)")),
        }
    },
)
