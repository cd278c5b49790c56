"""What the deeds of this room are called in the history."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.words import Detail, Shown, teach_deeds, teach_details
from event_mgmt.registrations.enums import Status


def teach() -> None:
    """Teach the history this room's words."""
    teach_deeds(
        {
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
        }
    )
    teach_details(
        "reminder_rule",
        {
            "amount": Detail(_l("How long before"), Shown.NOT),
            "unit": Detail(_l("Unit"), Shown.NOT),
            "at": Detail(_l("When"), Shown.NOT),
            "statuses": Detail(_l("To whom"), words=Status, several=True),
            "own_words": Detail(_l("Own words"), Shown.NOT),
        },
    )
    teach_details("outbox", {"reason": Detail(_l("Reason")), "withdrawn": Detail(_l("Withdrawn"))})
    teach_details(
        "group_message",
        {"recipients": Detail(_l("Recipients"))},
    )
