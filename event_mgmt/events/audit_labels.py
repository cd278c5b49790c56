"""What this room's actions and their details are called in the audit log."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.labels import AuditLabels, Detail, DetailFormat
from event_mgmt.events.enums import EventKind, EventStatus, Visibility, WaitingListMode

_BASICS = {
    "kind": Detail(_l("Kind"), words=EventKind),
    "status": Detail(_l("Status"), words=EventStatus),
    "visibility": Detail(_l("Who finds it"), words=Visibility),
    "title": Detail(_l("Title")),
    "summary": Detail(_l("In one sentence")),
    "description": Detail(_l("Description"), DetailFormat.NOT),
    "languages": Detail(_l("Languages"), DetailFormat.NOT),
    "sectors": Detail(_l("Sectors"), DetailFormat.NOT),
    "agreement_id": Detail(_l("Cooperation agreement"), DetailFormat.NOT),
    "host_id": Detail(_l("Host"), DetailFormat.NOT),
    "partners": Detail(_l("Co-hosts"), DetailFormat.NOT),
    "slug": Detail(_l("Address of the page")),
    "time_zone": Detail(_l("Time zone")),
    "starts_at": Detail(_l("Begins"), DetailFormat.INSTANT),
    "ends_at": Detail(_l("Ends"), DetailFormat.INSTANT),
    "postponed_from": Detail(_l("Former date"), DetailFormat.INSTANT),
    "published_at": Detail(_l("Published"), DetailFormat.INSTANT),
    "venue_name": Detail(_l("Venue")),
    "venue_address": Detail(_l("Street and number")),
    "city": Detail(_l("City")),
    "country": Detail(_l("Country"), DetailFormat.COUNTRY),
    "directions": Detail(_l("How to get there"), DetailFormat.NOT),
    "online_url": Detail(_l("Link for taking part online")),
    "programme": Detail(_l("Programme"), DetailFormat.NOT),
    "cancel_reason": Detail(_l("Reason")),
    "source": Detail(_l("Made as a copy"), DetailFormat.NOT),
}
_REGISTERING = {
    "registration_opens_at": Detail(_l("Registration opens"), DetailFormat.INSTANT),
    "registration_closes_at": Detail(_l("Registration closes"), DetailFormat.INSTANT),
    "changes_close_at": Detail(_l("Changes until"), DetailFormat.INSTANT),
    "approval_needed": Detail(_l("Registrations are decided by hand")),
    "address_check": Detail(_l("E-mail address is confirmed first")),
    "largest_party": Detail(_l("Largest party")),
    "waiting_list": Detail(_l("When all seats are taken"), words=WaitingListMode),
    "offer_hours": Detail(_l("Hours to accept an offered seat")),
    "seats": Detail(_l("Seats"), DetailFormat.NOT),
    "questions": Detail(_l("Questions"), DetailFormat.NOT),
    "fee_note": Detail(_l("Fee")),
    "reply_to": Detail(_l("Answers go to")),
    "retention_months": Detail(_l("Months until personal data are erased")),
    "sensitive_days": Detail(_l("Days until sensitive answers are erased")),
}

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
    details={"event": {**_BASICS, **_REGISTERING}},
)
