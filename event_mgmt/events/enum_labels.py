"""Labels of the enums of events."""

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
from event_mgmt.web.enum_labels import EnumLabel

KIND_ICONS: Final = {
    EventKind.CLUSTER_ACTIVITY: "factory",
    EventKind.TRADE_DELEGATION: "plane",
    EventKind.CONSULATE_EVENT: "landmark",
}

ENUM_LABELS: Final = (
    EnumLabel(EventKind.CLUSTER_ACTIVITY, _l("Cluster activity")),
    EnumLabel(EventKind.TRADE_DELEGATION, _l("Trade delegation")),
    EnumLabel(EventKind.CONSULATE_EVENT, _l("Consulate event")),
    EnumLabel(EventStatus.DRAFT, _l("Draft"), "neutral"),
    EnumLabel(EventStatus.PUBLISHED, _l("Published"), "ok"),
    EnumLabel(EventStatus.POSTPONED, _l("Postponed"), "warn"),
    EnumLabel(EventStatus.CANCELLED, _l("Cancelled"), "danger"),
    EnumLabel(EventStatus.FINISHED, _l("Finished"), "neutral"),
    EnumLabel(EventStatus.ARCHIVED, _l("Archived"), "neutral"),
    EnumLabel(Visibility.PUBLIC, _l("Public")),
    EnumLabel(Visibility.UNLISTED, _l("Only with the link")),
    EnumLabel(Visibility.INVITATION, _l("By invitation")),
    EnumLabel(WaitingListMode.OFF, _l("No waiting list")),
    EnumLabel(WaitingListMode.OFFER, _l("Offer the seat, with a deadline")),
    EnumLabel(WaitingListMode.IMMEDIATE, _l("Confirm the next at once")),
    EnumLabel(PartnerStatus.INVITED, _l("Invited"), "warn"),
    EnumLabel(PartnerStatus.ACCEPTED, _l("Accepted"), "ok"),
    EnumLabel(PartnerStatus.DECLINED, _l("Declined"), "danger"),
    EnumLabel(AttendeeAccess.NONE, _l("No attendees")),
    EnumLabel(AttendeeAccess.OWN, _l("Attendees in its own seats")),
    EnumLabel(AttendeeAccess.ALL, _l("All attendees")),
    EnumLabel(QuestionKind.SHORT_TEXT, _l("Short text")),
    EnumLabel(QuestionKind.LONG_TEXT, _l("Long text")),
    EnumLabel(QuestionKind.CHOICE, _l("One of several")),
    EnumLabel(QuestionKind.CHOICES, _l("Several of several")),
    EnumLabel(QuestionKind.YES_NO, _l("Yes or no")),
    EnumLabel(QuestionKind.NUMBER, _l("Number")),
    EnumLabel(QuestionKind.DATE, _l("Date")),
)
