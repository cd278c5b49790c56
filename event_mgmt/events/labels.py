"""What the words of events are called on screen."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.events.enums import (
    AttendeeAccess,
    EventKind,
    EventStatus,
    PartnerStatus,
    QuestionKind,
    Visibility,
    WaitingListMode,
)
from event_mgmt.mail.labels import teach_kinds
from event_mgmt.web.words import teach

KIND_ICONS: Final = {
    EventKind.CLUSTER_ACTIVITY: "factory",
    EventKind.TRADE_DELEGATION: "plane",
    EventKind.CONSULATE_EVENT: "landmark",
}

teach(EventKind.CLUSTER_ACTIVITY, _l("Cluster activity"))
teach(EventKind.TRADE_DELEGATION, _l("Trade delegation"))
teach(EventKind.CONSULATE_EVENT, _l("Consulate event"))
teach(EventStatus.DRAFT, _l("Draft"), "neutral")
teach(EventStatus.PUBLISHED, _l("Published"), "ok")
teach(EventStatus.POSTPONED, _l("Postponed"), "warn")
teach(EventStatus.CANCELLED, _l("Cancelled"), "danger")
teach(EventStatus.FINISHED, _l("Finished"), "neutral")
teach(EventStatus.ARCHIVED, _l("Archived"), "neutral")
teach(Visibility.PUBLIC, _l("Public"))
teach(Visibility.UNLISTED, _l("Only with the link"))
teach(Visibility.INVITATION, _l("By invitation"))
teach(WaitingListMode.OFF, _l("No waiting list"))
teach(WaitingListMode.OFFER, _l("Offer the seat, with a deadline"))
teach(WaitingListMode.IMMEDIATE, _l("Confirm the next at once"))
teach(PartnerStatus.INVITED, _l("Invited"), "warn")
teach(PartnerStatus.ACCEPTED, _l("Accepted"), "ok")
teach(PartnerStatus.DECLINED, _l("Declined"), "danger")
teach(AttendeeAccess.NONE, _l("No attendees"))
teach(AttendeeAccess.OWN, _l("Attendees in its own seats"))
teach(AttendeeAccess.ALL, _l("All attendees"))
teach(QuestionKind.SHORT_TEXT, _l("Short text"))
teach(QuestionKind.LONG_TEXT, _l("Long text"))
teach(QuestionKind.CHOICE, _l("One of several"))
teach(QuestionKind.CHOICES, _l("Several of several"))
teach(QuestionKind.YES_NO, _l("Yes or no"))
teach(QuestionKind.NUMBER, _l("Number"))
teach(QuestionKind.DATE, _l("Date"))
teach_kinds({"partner_invited": _l("Invitation to co-host")})
