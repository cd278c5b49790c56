"""What an organiser plans, as plain values: what forms and imports hand to the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import (
    AttendeeAccess,
    EventKind,
    QuestionKind,
    Visibility,
    WaitingListMode,
)


@dataclass(frozen=True)
class EventBasics:
    """What an event cannot do without; the times are instants (aware, UTC)."""

    kind: EventKind
    title: Localized
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    seats: int
    summary: Localized = field(default_factory=Localized)
    venue_name: str = ""
    venue_address: str = ""
    city: str = ""
    country: str = "DE"
    online_url: str = ""
    visibility: Visibility = Visibility.PUBLIC
    approval_needed: bool = False


@dataclass(frozen=True)
class EventDetails:
    """What can wait until after an event is online. ``None`` closes at: when the event starts."""

    description: Localized = field(default_factory=Localized)
    languages: tuple[str, ...] = ()
    sector_ids: tuple[int, ...] = ()
    agreement_id: int | None = None
    directions: Localized = field(default_factory=Localized)
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    changes_close_at: datetime | None = None
    address_check: bool = False
    largest_party: int = 4
    waiting_list: WaitingListMode = WaitingListMode.OFFER
    offer_hours: int = 24
    fee_note: Localized = field(default_factory=Localized)
    reply_to: str = ""
    retention_months: int = 12
    sensitive_days: int = 14


@dataclass(frozen=True)
class SpeakerInput:
    """Who speaks, with function and organisation as held on the day."""

    name: str
    function: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class ProgrammeItemInput:
    """One point of the programme; ``id`` is that of the item it replaces, if any."""

    starts_at: datetime
    title: Localized
    ends_at: datetime | None = None
    description: Localized = field(default_factory=Localized)
    place: str = ""
    speakers: tuple[SpeakerInput, ...] = ()
    id: int | None = None


@dataclass(frozen=True)
class QuestionInput:
    """One question to those who register.

    ``ref`` is any name by which later questions of the same list can refer to this one in
    ``shown_if`` = (ref, answer). ``options`` maps keys, which never change, to labels.
    """

    ref: str
    kind: QuestionKind
    label: Localized
    help: Localized = field(default_factory=Localized)
    options: Mapping[str, Localized] = field(default_factory=dict)
    is_required: bool = False
    is_sensitive: bool = False
    asks_companions: bool = False
    shown_if: tuple[str, str] | None = None
    id: int | None = None


@dataclass(frozen=True)
class PartnerTerms:
    """What a co-host is offered: seats of its own (``None``: none), and which attendees it sees."""

    organisation_id: int
    seats: int | None = None
    attendee_access: AttendeeAccess = AttendeeAccess.NONE
