"""View model of a month: whole weeks from Monday on, with the events of each day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import gettext as _

from event_mgmt.core.clock import wall_clock
from event_mgmt.event_site import cards, list_queries
from event_mgmt.event_site.list_queries import ListedEvent
from event_mgmt.event_site.months import following, midnight, month_from
from event_mgmt.organisations.branding import Branding, branding_of
from event_mgmt.web import times
from event_mgmt.web.lang_text import LangText, lang_text


@dataclass(frozen=True)
class MonthEntry:
    """One event on one day of a month; ``time`` is when it begins, or which of its days this is."""

    url: str
    title: LangText
    time: str
    hosts: list[Branding]


@dataclass(frozen=True)
class MonthDay:
    """One day of the month's grid."""

    number: int
    weekday: str
    label: str
    iso: str
    is_outside: bool
    is_today: bool
    events: list[MonthEntry]


@dataclass(frozen=True)
class MonthPage:
    """One month in whole weeks, Monday first, and links to the months beside it."""

    label: str
    weekdays: list[str]
    days: list[MonthDay]
    has_events: bool
    previous_url: str
    previous_label: str
    next_url: str
    next_label: str
    today_url: str


def month_page(args: Mapping[str, str], *, locale: str, now: datetime) -> MonthPage:
    """The month that the address asks for; the present one for an address that makes no sense."""
    today = wall_clock(now, times.READERS_ZONE).date()
    month = month_from(args.get("month", "")) or today.replace(day=1)
    before, after = (month - timedelta(days=1)).replace(day=1), following(month)
    begin = month - timedelta(days=month.weekday())
    end = after + timedelta(days=-after.weekday() % 7)
    # a day more on each side, for events whose own clock is ahead or behind
    events = list_queries.between(
        midnight(begin - timedelta(days=1)), midnight(end) + timedelta(days=1)
    )
    by_day = _by_day(events, locale, now)
    days = [begin + timedelta(days=n) for n in range((end - begin).days)]
    names = times.weekday_names(locale)
    return MonthPage(
        label=times.month_name(month, locale),
        weekdays=names,
        days=[
            MonthDay(
                number=day.day,
                weekday=names[day.weekday()],
                label=times.day(day, locale),
                iso=day.isoformat(),
                is_outside=day.month != month.month,
                is_today=day == today,
                events=by_day.get(day, []),
            )
            for day in days
        ],
        has_events=any(day.month == month.month for day in by_day),
        previous_url=url_for("event_site.calendar", month=f"{before:%Y-%m}"),
        previous_label=times.month_name(before, locale),
        next_url=url_for("event_site.calendar", month=f"{after:%Y-%m}"),
        next_label=times.month_name(after, locale),
        today_url=url_for("event_site.calendar"),
    )


def _by_day(events: list[ListedEvent], locale: str, now: datetime) -> dict[date, list[MonthEntry]]:
    found: dict[date, list[MonthEntry]] = {}
    for event in events:
        first, last = times.first_and_last_day(event.starts_at, event.ends_at, event.time_zone)
        length = (last - first).days + 1
        for n in range(length):
            which = _("Day %(day)d of %(days)d", day=n + 1, days=length) if length > 1 else ""
            entry = _entry(event, locale, now, which_day=which)
            found.setdefault(first + timedelta(days=n), []).append(entry)
    return found


def _entry(event: ListedEvent, locale: str, now: datetime, *, which_day: str) -> MonthEntry:
    phase = event.registration.phase(now=now)
    off = cards.tag(phase, event.registration.terms, locale) if phase.is_off else None
    begins = times.time_of(event.starts_at, event.time_zone, locale)
    return MonthEntry(
        url=url_for("event_site.event", slug=event.slug),
        title=lang_text(event.title, locale),
        time=off.label if off else which_day or begins,
        hosts=[branding_of(host) for host in event.hosts],
    )
