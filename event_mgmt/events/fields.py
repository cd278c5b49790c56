"""What is said about an event, described once; and what forms and imports hand over of it.

From the description come the audit log's labels, what a copy keeps, of which changes guests are
told, and which texts are said to lack a language. Model, form and templates are written by hand:
``tests/events/test_fields.py`` names whatever of them is not described here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _l

from event_mgmt.audit.labels import Detail, DetailFormat
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventKind, EventStatus, Visibility, WaitingListMode


class CopyRule(StrEnum):
    """What a copy of an event has of a field."""

    SAME = "same"
    SHIFTED = "shifted"  # at its distance from the start, by the wall clock
    ANEW = "anew"  # made or left out for the copy


@dataclass(frozen=True)
class EventField:
    """One thing that is said about an event: a column of its table, or what hangs on it.

    ``label`` names it in the audit log and where a text lacks a language; ``form_names`` are the
    fields of the event's forms that it is typed into, empty where verbs alone set it.
    """

    name: str
    label: object
    form_names: tuple[str, ...] = ()
    format: DetailFormat = DetailFormat.TEXT
    words: type[StrEnum] | None = None
    copied: CopyRule = CopyRule.SAME
    is_localized: bool = False
    is_material: bool = False  # guests are told of a change

    @property
    def detail(self) -> Detail:
        """How the audit log names it and shows its values."""
        return Detail(self.label, self.format, words=self.words)


def _typed(name: str, label: object, **given: object) -> EventField:
    """A field that one field of the form of the same name fills."""
    return EventField(name, label, (name,), **given)  # type: ignore[arg-type]  # EventField's own words


_NOT, _INSTANT = DetailFormat.NOT, DetailFormat.INSTANT
_ANEW, _SHIFTED = CopyRule.ANEW, CopyRule.SHIFTED
_TIMES: Final = ("date", "start_time", "end_time", "last_day")

EVENT_FIELDS: Final = (
    _typed("kind", _l("Kind"), words=EventKind),
    EventField("status", _l("Status"), words=EventStatus, copied=_ANEW),
    _typed("visibility", _l("Who finds it"), words=Visibility),
    _typed("title", _l("Title"), is_localized=True),
    _typed("summary", _l("Summary"), is_localized=True),
    _typed("description", _l("Description"), format=_NOT, is_localized=True),
    _typed("languages", _l("Languages"), format=_NOT),
    _typed("sectors", _l("Sectors"), format=_NOT),
    EventField("agreement_id", _l("Cooperation agreement"), ("agreement",), format=_NOT),
    EventField("host_id", _l("Host"), ("host",), format=_NOT),
    EventField("slug", _l("Address of the page"), copied=_ANEW),
    _typed("time_zone", _l("Time zone"), is_material=True),
    EventField(
        "starts_at", _l("Begins"), _TIMES, format=_INSTANT, copied=_SHIFTED, is_material=True
    ),
    EventField("ends_at", _l("Ends"), _TIMES, format=_INSTANT, copied=_SHIFTED, is_material=True),
    EventField("postponed_from", _l("Former date"), format=_INSTANT, copied=_ANEW),
    EventField("published_at", _l("Published"), format=_INSTANT, copied=_ANEW),
    EventField("cancel_reason", _l("Reason"), copied=_ANEW),
    _typed("venue_name", _l("Venue"), is_material=True),
    _typed("venue_address", _l("Street and number"), is_material=True),
    _typed("city", _l("City"), is_material=True),
    _typed("country", _l("Country"), format=DetailFormat.COUNTRY, is_material=True),
    _typed("directions", _l("How to get there"), format=_NOT, is_localized=True),
    _typed("online_url", _l("Link for taking part online"), is_material=True),
    EventField(
        "registration_opens_at",
        _l("Registration opens"),
        ("registration_opens",),
        format=_INSTANT,
        copied=_SHIFTED,
    ),
    EventField(
        "registration_closes_at",
        _l("Registration closes"),
        ("registration_closes",),
        format=_INSTANT,
        copied=_SHIFTED,
    ),
    EventField(
        "changes_close_at",
        _l("Changes until"),
        ("changes_close",),
        format=_INSTANT,
        copied=_SHIFTED,
    ),
    _typed("approval_needed", _l("Registrations are decided by hand")),
    _typed("address_check", _l("E-mail address is confirmed first")),
    _typed("largest_party", _l("Largest party")),
    _typed("waiting_list", _l("When all seats are taken"), words=WaitingListMode),
    _typed("offer_hours", _l("Hours to accept an offered seat")),
    _typed("fee_note", _l("Fee"), is_localized=True),
    _typed("reply_to", _l("Answers go to")),
    _typed("retention_months", _l("Months until personal data are erased")),
    _typed("sensitive_days", _l("Days until sensitive answers are erased")),
    EventField("seats", _l("Seats"), ("seats",), format=_NOT, copied=_ANEW),
    EventField("partners", _l("Co-hosts"), format=_NOT, copied=_ANEW),
    EventField("programme", _l("Programme"), format=_NOT, copied=_ANEW),
    EventField("questions", _l("Questions"), format=_NOT, copied=_ANEW),
)
"""Everything that is said about an event, in the order in which the audit log names it."""

NOT_SAID: Final = {
    "id": "names the row",
    "version": "counts the changes",
    "revision": "counts what guests were told",
    "nonce": "names the form that it was made with",
    "search_text": "is made of the other fields",
    "created_at": "stands at the entry of the audit log",
    "created_by": "stands at the entry of the audit log",
    "changed_at": "stands at the entry of the audit log",
}
"""Columns of an event that say nothing about it, each with the reason."""

MATERIAL_FIELDS: Final = tuple(each.name for each in EVENT_FIELDS if each.is_material)
"""What guests must hear of when it changes: when, and where."""

LOCALIZED_FIELDS: Final = tuple(each for each in EVENT_FIELDS if each.is_localized)
"""Texts in every language that an organiser writes them in."""


def copied_fields(rule: CopyRule) -> list[str]:
    """The names of the fields that a copy has by ``rule``."""
    return [each.name for each in EVENT_FIELDS if each.copied is rule]


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
