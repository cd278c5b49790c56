"""What this room's actions and their details are called in the audit log."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.labels import AuditLabels, Detail, DetailFormat
from event_mgmt.events.fields import EVENT_FIELDS

AUDIT_LABELS: Final = AuditLabels(
    actions={
        "event_created": _l("Event created"),
        "event_edited": _l("Event changed"),
        "event_duplicated": _l("Made as a copy"),
        "event_published": _l("Published"),
        "event_postponed": _l("Postponed"),
        "event_moved": _l("Moved to another date or place"),
        "event_cancelled": _l("Cancelled"),
        "event_finished": _l("Finished"),
        "event_archived": _l("Archived"),
        "event_seats_changed": _l("Seats changed"),
        "event_partners_changed": _l("Co-hosts changed"),
        "event_programme_changed": _l("Programme changed"),
        "event_questions_changed": _l("Questions changed"),
    },
    details={
        "event": {
            **{field.name: field.detail for field in EVENT_FIELDS},
            "source": Detail(_l("Made as a copy"), DetailFormat.NOT),
        }
    },
)
