"""The form of a programme as its page shows it: day by day, each row a line that one opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from event_mgmt.event_desk.programme_forms import ItemForm, ProgrammeForm
from event_mgmt.events.models import Event
from event_mgmt.web import times

MOST_EMPTY_DAYS: Final = 14
"""Longer events show only the days that something is planned on."""


@dataclass(frozen=True)
class ProgrammeRow:
    """One row of the form, by its number in the names of its fields."""

    number: int
    form: ItemForm
    is_wrong: bool
    is_open: bool

    @property
    def hours(self) -> str:
        """From when until when, as the line says it."""
        both = (self.form.start_time.data, self.form.end_time.data)
        return "–".join(f"{clock:%H:%M}" for clock in both if clock)


@dataclass(frozen=True)
class ProgrammeFormDay:
    """The rows of one day in the order they were typed in; without a ``day`` those that lack one.

    ``command`` is what the button says that adds a row to it.
    """

    day: date | None
    rows: list[ProgrammeRow]
    command: str


def days_of(
    form: ProgrammeForm, event: Event, *, touched: int | None = None
) -> list[ProgrammeFormDay]:
    """The form's rows by day. Open are new rows, wrong ones, and the one that was ``touched``."""
    rows: dict[date | None, list[ProgrammeRow]] = {day: [] for day in _days_of_event(event)}
    for entry in form.items:
        item, number = entry.form, int(entry.name.rpartition("-")[2])
        row = ProgrammeRow(
            number,
            item,
            is_wrong=bool(entry.errors),
            is_open=bool(entry.errors) or number == touched or not item.title.data,
        )
        rows.setdefault(item.day.data, []).append(row)
    dated = sorted(day for day in rows if day is not None)
    days = [ProgrammeFormDay(day, rows[day], f"add:items@{day:%Y-%m-%d}") for day in dated]
    return [*days, ProgrammeFormDay(None, rows[None], "")] if rows.get(None) else days


def _days_of_event(event: Event) -> Iterator[date]:
    first, last = times.first_and_last_day(event.starts_at, event.ends_at, event.time_zone)
    if (last - first).days < MOST_EMPTY_DAYS:
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))
