"""When reminders are due, until when a late one makes sense, and whose words they carry.

Due times are derived from the event and never stored, so that a moved event needs no change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from event_mgmt.core.clock import wall_clock_before
from event_mgmt.messaging.enums import Phase, Unit

MAX_RULES: Final = 12
MOST_DAYS: Final = 365
MOST_HOURS: Final = 720
THANKS_LATE: Final = timedelta(days=7)
"""How late a message that follows the start may still go out."""

PLACEHOLDERS: Final = ("given_name", "family_name", "event", "date", "time", "place", "link")
SPOKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "de": ("Vorname", "Nachname", "Veranstaltung", "Datum", "Uhrzeit", "Ort", "Link"),
    "sl": ("ime", "priimek", "dogodek", "datum", "ura", "kraj", "povezava"),
    "en": PLACEHOLDERS,
}
"""What the placeholders are called by those who write, by language and in the same order."""

_MEANT: Final = {
    spoken.lower(): name
    for names in SPOKEN.values()
    for spoken, name in zip(names, PLACEHOLDERS, strict=True)
}
_BRACED: Final = re.compile(r"\{([A-Za-z_]+)\}")


def _braced(meant: str) -> str:
    return rf"\{{(?:{'|'.join(spoken for spoken, name in _MEANT.items() if name == meant)})\}}"


_GIVEN: Final = _braced("given_name")
_FAMILY: Final = _braced("family_name")
_BOTH_NAMES: Final = re.compile(rf"{_GIVEN}\s+{_FAMILY}|{_FAMILY},?\s+{_GIVEN}", re.IGNORECASE)


@dataclass(frozen=True)
class Timing:
    """When a rule is due: ``amount`` ``unit`` before the start (negative: after it), or ``at``.

    ``at`` is an aware instant; exactly one of the two forms is given, else ValueError.
    """

    amount: int | None = None
    unit: Unit | None = None
    at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what the database would refuse, and a reminder at the start itself."""
        relative = self.amount is not None and self.unit is not None
        if relative == (self.at is not None) or (self.amount is None) != (self.unit is None):
            raise ValueError("either an amount with its unit, or a point in time")
        if self.amount is not None and abs(self.amount) not in range(1, self.most + 1):
            raise ValueError(f"between 1 and {self.most}")

    @property
    def most(self) -> int:
        """The largest amount of its unit."""
        return MOST_HOURS if self.unit is Unit.HOURS else MOST_DAYS

    @property
    def span(self) -> timedelta:
        """The nominal distance before the start; negative after it, zero for a point in time."""
        if self.amount is None:
            return timedelta()
        if self.unit is Unit.DAYS:
            return timedelta(days=self.amount)
        return timedelta(hours=self.amount)


DEFAULTS: Final = (Timing(7, Unit.DAYS), Timing(1, Unit.DAYS))
"""What a new event gets: a week before for the journey, a day before so that nobody forgets."""


def due_at(timing: Timing, *, starts_at: datetime, zone: str) -> datetime:
    """The UTC instant at which the rule is due, for an event in the IANA ``zone``.

    Days keep the wall-clock time across a DST change; hours are hours by the watch.
    """
    if timing.at is not None:
        return timing.at
    amount = timing.amount or 0
    if timing.unit is Unit.DAYS:
        return wall_clock_before(starts_at, zone, days=amount)
    return wall_clock_before(starts_at, zone, hours=amount)


def latest_at(timing: Timing, *, starts_at: datetime, zone: str) -> datetime:
    """Until when a reminder that is late, because nothing ran, still makes sense.

    Half of the time that was left until the start: a reminder of a week before still helps on the
    fourth day before, and after a long standstill nobody gets all of an event's reminders at
    once. What follows the start has a week.
    """
    due = due_at(timing, starts_at=starts_at, zone=zone)
    return due + (starts_at - due) / 2 if due < starts_at else due + THANKS_LATE


def window_of_starts(
    timing: Timing, *, now: datetime, slack: timedelta
) -> tuple[datetime, datetime]:
    """Between which starts an event must lie for a relative ``timing`` to be due at ``now``.

    Too wide by ``slack`` at both ends, for clock changes: it narrows a search, it decides nothing.
    """
    span = timing.span
    lasts = span / 2 if span > timedelta() else THANKS_LATE
    return now + span - lasts - slack, now + span + slack


def phase(
    timing: Timing, *, starts_at: datetime, zone: str, armed_at: datetime, now: datetime
) -> Phase:
    """Where a rule stands at ``now``.

    ``armed_at`` is when the rule came to hold as it is (made, changed, resumed, or its event
    moved): a rule that was due before it came too late, and stays silent.
    """
    due = due_at(timing, starts_at=starts_at, zone=zone)
    if now < due:
        return Phase.UPCOMING
    late = now > latest_at(timing, starts_at=starts_at, zone=zone)
    return Phase.OVER if late or due < armed_at else Phase.DUE


def follows_start(timing: Timing, *, starts_at: datetime, zone: str) -> bool:
    """Whether the rule speaks to people after the event has begun."""
    return due_at(timing, starts_at=starts_at, zone=zone) >= starts_at


def applies_to_new_date(
    timing: Timing, *, starts_at: datetime, zone: str, told_at: datetime
) -> bool:
    """Whether whoever had this reminder for another date is helped by it for the new one.

    They were told the new date at ``told_at``. Only if at least half as much time has passed since
    as then is left until the start: a day before, nobody needs to hear again what they heard in the
    last twelve hours. What follows the start, or has a date of its own, is another matter.
    """
    due = due_at(timing, starts_at=starts_at, zone=zone)
    if timing.at is not None or due >= starts_at:
        return True
    return due - told_at >= (starts_at - due) / 2


def occurrence(timing: Timing, starts_at: datetime) -> int:
    """What a reminder is once for, as seconds since 1970.

    The event's start, so that a moved event reminds anew; for a point in time that point, which
    does not move with the event.
    """
    return int((timing.at or starts_at).timestamp())


def key(rule_id: int, registration_id: int, occurrence: int) -> str:
    """The unique key of a reminder's message: one rule, one registration, one occurrence."""
    return f"reminder:{rule_id}:{registration_id}:{occurrence}"


def occurrence_in(message_key: str) -> int:
    """The occurrence that a reminder's message was planned for."""
    return int(message_key.rpartition(":")[2])


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with ``{name}`` replaced, in one pass, for the known names of any language only.

    Anything else in braces stays as it is, and what is filled in is not looked at again: an
    organiser's words and a guest's name are text, never a template. A guest with one name is
    called by it wherever either name is meant, and once where both are.
    """
    if values.get("given_name") == "":
        text = _BOTH_NAMES.sub("{family_name}", text)
        values = {**values, "given_name": values.get("family_name", "")}

    def value(found: re.Match[str]) -> str:
        return values.get(_MEANT.get(found[1].lower(), ""), found[0])

    return _BRACED.sub(value, text)


def unknown_placeholders(*texts: str) -> tuple[str, ...]:
    """What looks like a placeholder in ``texts`` but is none, in order, each once."""
    found = dict.fromkeys(name for text in texts for name in _BRACED.findall(text))
    return tuple(name for name in found if name.lower() not in _MEANT)


def one_line(text: str) -> str:
    """``text`` without line breaks, as a subject needs it."""
    return " ".join(text.split())
