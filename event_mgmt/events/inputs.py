"""What an event is planned with beside its own fields, as forms and imports hand it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import (
    AttendeeAccess,
    QuestionKind,
)


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
