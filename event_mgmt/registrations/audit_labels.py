"""What this room's actions and their details are called in the audit log."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.labels import AuditLabels, Detail, DetailFormat
from event_mgmt.registrations.enums import Source, Status

AUDIT_LABELS: Final = AuditLabels(
    actions={
        "registration_entered": _l("Registered"),
        "registration_repeated": _l("Registered once more; told by mail"),
        "registration_changed": _l("Registration changed"),
        "registration_change_proposed": _l("Change proposed"),
        "registration_change_withdrawn": _l("Proposed change withdrawn"),
        "registration_change_accepted": _l("Proposed change accepted"),
        "registration_change_declined": _l("Proposed change declined"),
        "registration_unconfirmed": _l("Address to be confirmed"),
        "registration_pending": _l("Address confirmed; to be decided"),
        "registration_confirmed": _l("Confirmed"),
        "registration_waitlisted": _l("Put on the waiting list"),
        "registration_offered": _l("Seat offered"),
        "registration_declined": _l("Not accepted"),
        "registration_cancelled": _l("Called off"),
        "registration_noted": _l("Note written"),
        "registration_resent": _l("Mail sent again"),
        "registration_link_renewed": _l("Personal link renewed"),
        "registration_sensitive_read": _l("Sensitive answers looked at"),
        "registrations_imported": _l("List imported"),
    },
    details={
        "event": {"parties": Detail(_l("Registrations")), "told": Detail(_l("Mails to guests"))},
        "registration": {
            "status": Detail(_l("Status"), words=Status),
            "seats": Detail(_l("Seats")),
            "source": Detail(_l("How"), words=Source),
            "fields": Detail(_l("Entries"), DetailFormat.NOT),
        },
    },
)
