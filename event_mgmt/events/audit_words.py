"""What the deeds of this room are called in the history."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.words import Detail, Shown, teach_deeds, teach_details
from event_mgmt.events.enums import EventKind, EventStatus, Visibility, WaitingListMode


def teach() -> None:
    """Teach the history this room's words."""
    teach_deeds(
        {
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
        }
    )
    teach_details("event", {**_BASICS, **_REGISTERING})


_BASICS = {
    "kind": Detail(_l("Kind"), words=EventKind),
    "status": Detail(_l("Status"), words=EventStatus),
    "visibility": Detail(_l("Who finds it"), words=Visibility),
    "title": Detail(_l("Title")),
    "summary": Detail(_l("In one sentence")),
    "description": Detail(_l("Description"), Shown.NOT),
    "languages": Detail(_l("Languages"), Shown.NOT),
    "sectors": Detail(_l("Sectors"), Shown.NOT),
    "agreement_id": Detail(_l("Cooperation agreement"), Shown.NOT),
    "host_id": Detail(_l("Host"), Shown.NOT),
    "partners": Detail(_l("Co-hosts"), Shown.NOT),
    "slug": Detail(_l("Address of the page")),
    "time_zone": Detail(_l("Time zone")),
    "starts_at": Detail(_l("Begins"), Shown.INSTANT),
    "ends_at": Detail(_l("Ends"), Shown.INSTANT),
    "postponed_from": Detail(_l("Former date"), Shown.INSTANT),
    "published_at": Detail(_l("Published"), Shown.INSTANT),
    "venue_name": Detail(_l("Venue")),
    "venue_address": Detail(_l("Street and number")),
    "city": Detail(_l("City")),
    "country": Detail(_l("Country"), Shown.COUNTRY),
    "directions": Detail(_l("How to get there"), Shown.NOT),
    "online_url": Detail(_l("Link for taking part online")),
    "programme": Detail(_l("Programme"), Shown.NOT),
    "cancel_reason": Detail(_l("Reason")),
    "source": Detail(_l("Made as a copy"), Shown.NOT),
}
_REGISTERING = {
    "registration_opens_at": Detail(_l("Registration opens"), Shown.INSTANT),
    "registration_closes_at": Detail(_l("Registration closes"), Shown.INSTANT),
    "changes_close_at": Detail(_l("Changes until"), Shown.INSTANT),
    "approval_needed": Detail(_l("Registrations are decided by hand")),
    "address_check": Detail(_l("E-mail address is confirmed first")),
    "largest_party": Detail(_l("Largest party")),
    "waiting_list": Detail(_l("When all seats are taken"), words=WaitingListMode),
    "offer_hours": Detail(_l("Hours to accept an offered seat")),
    "seats": Detail(_l("Seats"), Shown.NOT),
    "questions": Detail(_l("Questions"), Shown.NOT),
    "fee_note": Detail(_l("Fee")),
    "reply_to": Detail(_l("Answers go to")),
    "retention_months": Detail(_l("Months until personal data are erased")),
    "sensitive_days": Detail(_l("Days until sensitive answers are erased")),
}
