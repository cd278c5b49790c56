"""What this room's actions are called in the audit log."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.labels import AuditLabels

AUDIT_LABELS: Final = AuditLabels(
    actions={
        "attendee_checked_in": _l("Checked in"),
        "attendee_check_in_undone": _l("Check-in taken back"),
    }
)
