"""What this room's actions and their details are called in the audit log."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.labels import AuditLabels, Detail, DetailFormat
from event_mgmt.registrations.enums import Status

AUDIT_LABELS: Final = AuditLabels(
    actions={
        "reminder_added": _l("Reminder added"),
        "reminder_changed": _l("Reminder changed"),
        "reminder_paused": _l("Reminder paused"),
        "reminder_resumed": _l("Reminder resumed"),
        "reminder_deleted": _l("Reminder deleted"),
        "group_message_sent": _l("Message sent to a group"),
        "message_retried": _l("Mail sent once more"),
        "message_withdrawn": _l("Mail withdrawn"),
        "outbox_held": _l("All mail held"),
        "outbox_released": _l("All mail released"),
    },
    details={
        "reminder_rule": {
            "amount": Detail(_l("How long before"), DetailFormat.NOT),
            "unit": Detail(_l("Unit"), DetailFormat.NOT),
            "at": Detail(_l("When"), DetailFormat.NOT),
            "statuses": Detail(_l("To whom"), words=Status, several=True),
            "own_words": Detail(_l("Own words"), DetailFormat.NOT),
        },
        "outbox": {"reason": Detail(_l("Reason")), "withdrawn": Detail(_l("Withdrawn"))},
        "group_message": {"recipients": Detail(_l("Recipients"))},
    },
)
