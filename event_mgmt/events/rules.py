"""What holds for events: pure decisions, with time as an argument."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol, cast

from event_mgmt.core.clock import at_wall_clock, wall_clock, wall_clock_before
from event_mgmt.core.localized import Localized
from event_mgmt.core.text import fold, searchable
from event_mgmt.events import refusals
from event_mgmt.events.enums import EventStatus, PartnerStatus, QuestionKind
from event_mgmt.settings import LOCALES

STATUS_TRANSITIONS: Final[Mapping[EventStatus, frozenset[EventStatus]]] = {
    EventStatus.DRAFT: frozenset({EventStatus.PUBLISHED, EventStatus.ARCHIVED}),
    EventStatus.PUBLISHED: frozenset(
        {EventStatus.POSTPONED, EventStatus.CANCELLED, EventStatus.FINISHED}
    ),
    EventStatus.POSTPONED: frozenset({EventStatus.PUBLISHED, EventStatus.CANCELLED}),
    EventStatus.CANCELLED: frozenset({EventStatus.ARCHIVED}),
    EventStatus.FINISHED: frozenset({EventStatus.ARCHIVED}),
    EventStatus.ARCHIVED: frozenset(),
}
"""Which status may follow which."""

PARTNER_TRANSITIONS: Final[Mapping[PartnerStatus, frozenset[PartnerStatus]]] = {
    PartnerStatus.INVITED: frozenset({PartnerStatus.ACCEPTED, PartnerStatus.DECLINED}),
    PartnerStatus.ACCEPTED: frozenset(),
    PartnerStatus.DECLINED: frozenset(),
}
"""A co-host answers once; to be asked again it is taken off the event and invited anew."""

EDITABLE_STATUSES: Final = frozenset(
    {EventStatus.DRAFT, EventStatus.PUBLISHED, EventStatus.POSTPONED, EventStatus.FINISHED}
)
"""The statuses in which an event's texts can still be changed."""

ANNOUNCED_STATUSES: Final = frozenset({EventStatus.PUBLISHED, EventStatus.POSTPONED})
"""The statuses in which guests count on what they were told."""

CHANGES_UNTIL_DAYS: Final = 2
LARGEST_PARTY: Final = 4
SLUG_LENGTH: Final = 80

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Schedule(Protocol):
    """Whatever says when and where an event takes place."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def ends_at(self) -> datetime:
        """When it ends."""

    @property
    def venue_name(self) -> str:
        """The house; may be empty, as what follows."""

    @property
    def city(self) -> str:
        """The town."""

    @property
    def online_url(self) -> str:
        """The way in for those who come from afar."""


def check_transition(old: EventStatus, new: EventStatus) -> None:
    """Raise InvalidTransition unless an event may go from ``old`` to ``new``."""
    if new not in STATUS_TRANSITIONS[old]:
        raise refusals.InvalidTransition


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """Raise EndsBeforeItStarts unless the end lies after the start."""
    if ends_at <= starts_at:
        raise refusals.EndsBeforeItStarts


def check_publishable(event: Schedule, title: Localized, *, seats: int, now: datetime) -> None:
    """Raise what keeps an event from being put online at ``now``."""
    if not title:
        raise refusals.TitleMissing
    check_times(event.starts_at, event.ends_at)
    if event.starts_at <= now:
        raise refusals.StartsInThePast
    if not (event.venue_name or event.city or event.online_url):
        raise refusals.PlaceMissing
    if seats < 1:
        raise refusals.SeatsMissing


def check_registration_window(
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    changes_close_at: datetime | None,
    ends_at: datetime,
) -> None:
    """Raise unless registration opens, closes and ends in this order."""
    if closes_at is not None and closes_at > ends_at:
        raise refusals.DeadlineAfterEvent
    if changes_close_at is not None and changes_close_at > ends_at:
        raise refusals.DeadlineAfterEvent(field="changes_close")
    if opens_at is not None and opens_at >= (closes_at or ends_at):
        raise refusals.RegistrationClosesBeforeOpening


def check_largest_party(largest_party: int, capacities: Iterable[int]) -> None:
    """Raise LargestPartyExceedsSeats when no contingent could ever seat the largest party."""
    if largest_party > max(capacities, default=0):
        raise refusals.LargestPartyExceedsSeats


def check_questions(
    asks: Iterable[tuple[str, QuestionKind, Collection[str], tuple[str, str] | None]],
) -> None:
    """Raise unless every (ref, kind, option keys, condition) of a list can be asked.

    A choice needs two options; a condition names an answer to an earlier question. The refusal's
    field is the ref of the question at fault.
    """
    answers: dict[str, frozenset[str]] = {}
    for ref, kind, keys, condition in asks:
        if kind in {QuestionKind.CHOICE, QuestionKind.CHOICES} and len(keys) < 2:
            raise refusals.OptionsMissing(field=ref)
        if condition is not None and condition[1] not in answers.get(condition[0], frozenset()):
            raise refusals.UnknownCondition(field=ref)
        answers[ref] = possible_answers(kind, keys)


def possible_answers(kind: QuestionKind, keys: Collection[str]) -> frozenset[str]:
    """The answers that another question can depend on."""
    if kind is QuestionKind.YES_NO:
        return frozenset({"yes", "no"})
    if kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}:
        return frozenset(keys)
    return frozenset()


def default_largest_party(seats: int) -> int:
    """How many may register together where the organiser said nothing."""
    return max(1, min(LARGEST_PARTY, seats))


def default_changes_close(starts_at: datetime, zone: str, *, now: datetime) -> datetime:
    """Until when guests change their registration themselves: two days before, at the same time.

    An event at shorter notice leaves them until it starts.
    """
    two_days_before = wall_clock_before(starts_at, zone, days=CHANGES_UNTIL_DAYS)
    return two_days_before if two_days_before > now else starts_at


@dataclass(frozen=True)
class DateShift:
    """How an event's start moves: from one instant in one time zone to another."""

    old_start: datetime
    old_zone: str
    new_start: datetime
    new_zone: str

    def of(self, instant: datetime) -> datetime:
        """``instant`` at the same distance from the start, by the wall clock.

        "Two days before, at noon" stays that when the event moves across a DST change.
        """
        distance = wall_clock(instant, self.old_zone) - wall_clock(self.old_start, self.old_zone)
        return at_wall_clock(wall_clock(self.new_start, self.new_zone) + distance, self.new_zone)

    def of_any(self, instant: datetime | None) -> datetime | None:
        """``of``, for a deadline that may not be set."""
        return None if instant is None else self.of(instant)


def material_changes(old: Mapping[str, object], new: Mapping[str, object]) -> frozenset[str]:
    """The names whose values differ, of what guests must hear of (``fields.MATERIAL_FIELDS``).

    A time zone does where its clocks show another time: guests go by the clock on the wall.
    """
    return frozenset(name for name in new if _differs(name, old, new))


def _differs(name: str, old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    if name != "time_zone" or old[name] == new[name]:
        return bool(old[name] != new[name])
    return any(_clock(old, at) != _clock(new, at) for at in ("starts_at", "ends_at"))


def _clock(values: Mapping[str, object], at: str) -> datetime:
    return wall_clock(cast(datetime, values[at]), str(values["time_zone"]))


def slug_of(title: Localized) -> str:
    """The readable part of an event's address, from its German title if it has one."""
    composed = unicodedata.normalize("NFC", title.into("de").casefold())
    text = fold(composed.translate(_UMLAUTS))
    slug = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]
    return slug or "event"


def free_slug(wanted: str, taken: Collection[str], *, year: int) -> str:
    """``wanted``; where that is taken with the ``year``, and then with a number."""
    return next(slug for slug in _candidates(wanted, year) if slug not in taken)


def _candidates(wanted: str, year: int) -> Iterator[str]:
    yield wanted
    base = wanted if wanted.endswith(f"-{year}") else f"{wanted}-{year}"
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def search_text(texts: Iterable[Localized | str]) -> str:
    """What searches look into: every language, folded, and other letters in Latin ones too."""
    words: list[str] = []
    for text in texts:
        words += text.values() if isinstance(text, Localized) else [text]
    return searchable(" ".join(word for word in words if word))


def missing_translations(texts: Mapping[str, Localized]) -> dict[str, list[str]]:
    """By language, the names of texts that exist in another language but not in this one."""
    return {
        locale: names
        for locale in LOCALES
        if (names := [name for name, text in texts.items() if text and locale not in text])
    }


def place_text(*parts: str, city: str, country: str = "") -> str:
    """Name and address of a place in one line; the city only where the address lacks it."""
    needed = "" if any(city in part for part in parts) else city
    return ", ".join(part for part in (*parts, needed, country) if part)


def check_retention(is_announced: bool, *, months: tuple[int, int], days: tuple[int, int]) -> None:
    """Raise RetentionLengthened where data would be kept longer than guests were told.

    Each pair is (before, now). Whoever registered was shown a date (Art. 13 (2) a GDPR), and it
    holds.
    """
    for field, (before, now) in (("retention_months", months), ("sensitive_days", days)):
        if is_announced and now > before:
            raise refusals.RetentionLengthened(field)


def sensitive_answers_erased_at(ends_at: datetime, zone: str, *, days: int) -> datetime:
    """When sensitive answers go: as the day begins that lies ``days`` after the event's last.

    Days by the wall clock of ``zone``; the instant is UTC. So that what a guest reads, "on the
    15th at the latest", holds.
    """
    return _as_it_begins(wall_clock(ends_at, zone).date() + timedelta(days=days), zone)


def personal_data_erased_at(ends_at: datetime, zone: str, *, months: int) -> datetime:
    """When names and addresses go: as the day begins that lies ``months`` after the event's last.

    A day that the month does not have is its last one: a year after 29 February is 28 February.
    """
    last = wall_clock(ends_at, zone).date()
    years, month = divmod(last.month - 1 + months, 12)
    year = last.year + years
    day = min(last.day, calendar.monthrange(year, month + 1)[1])
    return _as_it_begins(date(year, month + 1, day), zone)


def _as_it_begins(day: date, zone: str) -> datetime:
    return at_wall_clock(datetime.combine(day, time()), zone)
