"""Enums of events; their values are stored, and stand in exports and the audit log."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What an event is."""

    CLUSTER_ACTIVITY = "cluster_activity"
    TRADE_DELEGATION = "trade_delegation"
    CONSULATE_EVENT = "consulate_event"


class EventStatus(StrEnum):
    """Where an event stands; which may follow which is in rules.py."""

    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    FINISHED = "finished"
    ARCHIVED = "archived"


class Visibility(StrEnum):
    """Who finds the event's page: everybody, whoever has its link, or the invited only."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    INVITATION = "invitation"


class WaitingListMode(StrEnum):
    """What happens to freed seats: nothing, an offer with a deadline, or a confirmation at once."""

    OFF = "off"
    OFFER = "offer"
    IMMEDIATE = "immediate"


class PartnerStatus(StrEnum):
    """Whether a co-host has accepted; those who have not are named nowhere in public."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class AttendeeAccess(StrEnum):
    """Which attendees a co-host may see: none, those of its own contingent, or all."""

    NONE = "none"
    OWN = "own"
    ALL = "all"


class QuestionKind(StrEnum):
    """What sort of answer a question takes."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
