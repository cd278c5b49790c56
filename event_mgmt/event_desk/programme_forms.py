"""The form of an event's programme: rows for its items, and in each row its speakers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, TypedDict

from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import FormField, HiddenField, StringField, TimeField
from wtforms.validators import Length, Optional

from event_mgmt.core.clock import at_wall_clock, wall_clock
from event_mgmt.event_desk.forms import HOURS_AND_MINUTES, VersionField
from event_mgmt.events.inputs import ProgrammeItemInput, SpeakerInput
from event_mgmt.events.models import Event, ProgrammeItem
from event_mgmt.web.forms import Form, LocalizedField, PlausibleDateField, RowsField, SubForm
from event_mgmt.web.row_ids import ROW_NUMBER, row_id

MOST_ITEMS: Final = 60
MOST_SPEAKERS: Final = 8
_LATE, _EARLY = time(18, 0), time(6, 0)


class FirstRow(TypedDict):
    """What the first row of a programme begins with, by the event's clock."""

    day: date
    start_time: time


class SpeakerForm(SubForm):
    """One person who speaks."""

    name = StringField(_l("Name"), validators=[Length(max=160)])
    function = StringField(_l("Function"), validators=[Length(max=160)])
    organisation = StringField(_l("Organisation"), validators=[Length(max=200)])

    def speaker(self) -> SpeakerInput:
        """What was typed, in single spaces."""
        return SpeakerInput(
            **{name: " ".join((text or "").split()) for name, text in self.data.items()}
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return self.speaker() == SpeakerInput("")

    def validate(self, extra_validators: object = None) -> bool:
        """A function or organisation needs a name."""
        valid = bool(super().validate(extra_validators))
        if not self.is_empty and not self.speaker().name:
            self.name.errors = [_("Please fill this in.")]
            return False
        return valid


class ItemForm(SubForm):
    """One point of the programme; a row without any words counts for nothing."""

    id = HiddenField()
    day = PlausibleDateField(_l("Day"), validators=[Optional()])
    start_time = TimeField(_l("From"), format=HOURS_AND_MINUTES, validators=[Optional()])
    end_time = TimeField(_l("Until"), format=HOURS_AND_MINUTES, validators=[Optional()])
    title = LocalizedField(_l("Title"))
    description = LocalizedField(_l("Details"), most=2000, long=True)
    place = StringField(_l("Room or place"), validators=[Length(max=200)])
    speakers = RowsField(FormField(SpeakerForm), max_entries=MOST_SPEAKERS)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into this row; its day and times alone say nothing."""
        texts = (self.title.data, self.description.data, (self.place.data or "").strip())
        return not any(texts) and all(entry.form.is_empty for entry in self.speakers)

    def validate(self, extra_validators: object = None) -> bool:
        """Demand title, day and start, and an end that is not before the start."""
        valid = bool(super().validate(extra_validators))
        if self.is_empty:
            return valid
        if not self.title.data:
            self.title.form["de"].errors = [_("Please fill this in in at least one language.")]
            valid = False
        for name in ("day", "start_time"):
            if self[name].data is None and not self[name].errors:
                self[name].errors = [_("Please fill this in.")]
                valid = False
        if valid and self._ends() is False:
            self.end_time.errors = [_("The end must not be before the start.")]
            valid = False
        return valid

    def _ends(self) -> datetime | bool | None:
        """When the item ends, ``None`` where that is open, or ``False`` where it cannot be.

        In the evening, an end in the small hours is one on the next day.
        """
        start, end = self.start_time.data, self.end_time.data
        if end is None:
            return None
        if end < start and not (start >= _LATE and end <= _EARLY):
            return False
        day = self.day.data + timedelta(days=1) if end < start else self.day.data
        return datetime.combine(day, end)

    def item(self, zone: str) -> ProgrammeItemInput:
        """What was typed; only after ``validate``."""
        ends = self._ends()
        return ProgrammeItemInput(
            id=row_id(str(self.id.data or "")),
            starts_at=at_wall_clock(datetime.combine(self.day.data, self.start_time.data), zone),
            ends_at=at_wall_clock(ends, zone) if isinstance(ends, datetime) else None,
            title=self.title.data,
            description=self.description.data,
            place=(self.place.data or "").strip(),
            speakers=tuple(
                entry.form.speaker() for entry in self.speakers if not entry.form.is_empty
            ),
        )


class ProgrammeForm(Form):
    """The whole programme."""

    version = VersionField()
    items = RowsField(FormField(ItemForm), max_entries=MOST_ITEMS)

    def programme(self, zone: str) -> list[ProgrammeItemInput]:
        """The items that were typed, with times as instants."""
        return [entry.form.item(zone) for entry in self.items if not entry.form.is_empty]


def programme_values(event: Event) -> dict[str, object]:
    """What the form begins with: the items, or one empty row at the event's start."""
    rows = [_item_values(item, event.time_zone) for item in event.programme]
    return {"version": event.version, "items": rows or [_first_row(event)]}


def _item_values(item: ProgrammeItem, zone: str) -> dict[str, object]:
    starts = wall_clock(item.starts_at, zone)
    return {
        "id": item.id,
        "day": starts.date(),
        "start_time": starts.time(),
        "end_time": wall_clock(item.ends_at, zone).time() if item.ends_at else None,
        "title": item.title,
        "description": item.description,
        "place": item.place,
        "speakers": item.speakers,
    }


def _first_row(event: Event) -> FirstRow:
    starts = wall_clock(event.starts_at, event.time_zone)
    return {"day": starts.date(), "start_time": starts.time()}


def next_row(typed: MultiDict[str, str], event: Event, day: str = "") -> dict[str, str]:
    """Day and time that a further row begins with: where the last one of that day ended.

    Without a ``day`` (written YYYY-MM-DD) it follows the last row of all.
    """
    first = _first_row(event)
    rows = sorted(set(_row_numbers(typed)))
    if day:
        rows = [row for row in rows if typed.get(f"items-{row}-day") == day]
    if not rows:
        day = day or f"{first['day']:%Y-%m-%d}"
        return {"day": day, "start_time": f"{first['start_time']:%H:%M}"}
    last = f"items-{rows[-1]}"
    ended = typed.get(f"{last}-end_time") or typed.get(f"{last}-start_time", "")
    return {"day": typed.get(f"{last}-day", ""), "start_time": ended}


def _row_numbers(typed: MultiDict[str, str]) -> Iterator[int]:
    row = re.compile(rf"items-({ROW_NUMBER})(?:-|$)")
    yield from (int(found[1]) for key in typed if (found := row.match(key)))
