"""View model of the list of public events: what was asked for, what was found, links to more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from flask import url_for

from event_mgmt.core.clock import wall_clock
from event_mgmt.core.pages import page_count
from event_mgmt.event_site import cards, list_queries
from event_mgmt.event_site.cards import Card, card
from event_mgmt.event_site.list_queries import (
    PAGE_SIZE,
    EventSearch,
    EventSearchResult,
    FilterChoices,
    ListedEvent,
)
from event_mgmt.event_site.months import following, midnight, month_from
from event_mgmt.events.enums import EventKind
from event_mgmt.web import times
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.templating import country_name

FILTERS: Final = ("q", "kind", "sector", "host", "country", "language", "month")
_MONTHS_AHEAD: Final = 12
_LAST_PAGE: Final = 10_000
_NEIGHBOURS: Final = 2


@dataclass(frozen=True)
class FilterSelect:
    """One filter: its name, its choices as (value, label), and the value chosen."""

    name: str
    choices: list[tuple[str, str]]
    value: str


@dataclass(frozen=True)
class NumberedPage:
    """One page in a row of pages; without a url it is a gap, or the page at hand."""

    number: int
    url: str | None
    is_current: bool


@dataclass(frozen=True)
class Pager:
    """Which rows of how many are shown, and the addresses of the pages before and after."""

    first: int
    last: int
    total: int
    previous_url: str | None
    next_url: str | None
    links: list[NumberedPage]


@dataclass(frozen=True)
class MonthOfEvents:
    """The events that begin in one month."""

    label: str
    cards: list[Card]


@dataclass(frozen=True)
class PublicEventsPage:
    """View model of the list of public events."""

    words: str
    is_past: bool
    is_filtered: bool
    selects: dict[str, FilterSelect]
    months: list[MonthOfEvents]
    pager: Pager
    reset_url: str
    other_url: str


def public_events_page(args: Mapping[str, str], *, locale: str, now: datetime) -> PublicEventsPage:
    """The agenda for the filters in ``args``; whatever makes no sense in them is passed over."""
    wanted, page = wanted_from(args), page_from(args)
    found = list_queries.public_events(wanted, page=page, now=now)
    chosen: dict[str, Any] = {name: args[name] for name in FILTERS if args.get(name)}
    if wanted.is_past:
        chosen["past"] = "1"
    return PublicEventsPage(
        words=wanted.words,
        is_past=wanted.is_past,
        is_filtered=any(args.get(name) for name in FILTERS),
        selects=_selects(list_queries.choices(now=now, is_past=wanted.is_past), args, locale, now),
        months=list(_months(found.events, locale=locale, now=now)),
        pager=_pager(found, page, chosen),
        reset_url=url_for("event_site.index", past="1" if wanted.is_past else None),
        other_url=url_for("event_site.index", past=None if wanted.is_past else "1"),
    )


def wanted_from(args: Mapping[str, str]) -> EventSearch:
    """The criteria in an address; what is not understood is left out."""
    begin, end = _month_limits(args.get("month", ""))
    kind = args.get("kind", "")
    return EventSearch(
        words=args.get("q", "")[:100].strip(),
        kind=EventKind(kind) if kind in set(EventKind) else None,
        sector=args.get("sector", ""),
        host=args.get("host", ""),
        country=args.get("country", ""),
        language=args.get("language", ""),
        begin=begin,
        end=end,
        is_past=args.get("past") == "1",
    )


def page_from(args: Mapping[str, str]) -> int:
    """The number of the page asked for; 1 where it is none."""
    text = args.get("page", "")
    return min(max(int(text), 1), _LAST_PAGE) if re.fullmatch(r"[0-9]{1,6}", text) else 1


def _month_limits(text: str) -> tuple[datetime | None, datetime | None]:
    month = month_from(text)
    if month is None:
        return None, None
    return midnight(month), midnight(following(month))


def _selects(
    there: FilterChoices, args: Mapping[str, str], locale: str, now: datetime
) -> dict[str, FilterSelect]:
    choices = {
        "kind": [(kind.value, enum_label(kind)) for kind in EventKind],
        "sector": [(sector.code, sector.name.into(locale)) for sector in there.sectors],
        "host": [
            (host.slug, host.short_name.into(locale) or host.name.into(locale))
            for host in there.hosts
        ],
        "country": _by_label((code, country_name(code, locale)) for code in there.countries),
        "language": _by_label(
            (code, cards.language_names([code], locale)) for code in there.languages
        ),
        "month": list(_month_choices(args.get("month", ""), locale, now)),
    }
    return {name: FilterSelect(name, of, args.get(name, "")) for name, of in choices.items()}


def _by_label(choices: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda choice: choice[1])


def _month_choices(chosen: str, locale: str, now: datetime) -> Iterator[tuple[str, str]]:
    month = wall_clock(now, times.READERS_ZONE).date().replace(day=1)
    months = []
    for _n in range(_MONTHS_AHEAD):
        months.append(month)
        month = following(month)
    other = month_from(chosen)
    if other is not None and other not in months:
        months = sorted([*months, other])
    for each in months:
        yield f"{each:%Y-%m}", times.month_name(each, locale)


def _months(events: list[ListedEvent], *, locale: str, now: datetime) -> Iterator[MonthOfEvents]:
    def month_of(event: ListedEvent) -> date:
        return wall_clock(event.starts_at, event.time_zone).date().replace(day=1)

    for month, those in groupby(events, key=month_of):
        yield MonthOfEvents(
            times.month_name(month, locale),
            [card(event, now=now, locale=locale) for event in those],
        )


def _pager(found: EventSearchResult, page: int, chosen: dict[str, Any]) -> Pager:
    pages = page_count(found.total, PAGE_SIZE)

    def url(number: int) -> str | None:
        if not 1 <= number <= pages or number == page:
            return None
        return url_for("event_site.index", **chosen, page=number if number > 1 else None)

    near = {n for n in range(page - _NEIGHBOURS, page + _NEIGHBOURS + 1) if 1 <= n <= pages}
    links: list[NumberedPage] = []
    for number in sorted(near | {1, pages}):
        if links and number > links[-1].number + 1:
            links.append(NumberedPage(number - 1, None, is_current=False))
        links.append(NumberedPage(number, url(number), is_current=number == page))
    first = (page - 1) * PAGE_SIZE + 1 if found.events else 0
    return Pager(
        first=first,
        last=first + len(found.events) - 1 if found.events else 0,
        total=found.total,
        previous_url=url(page - 1),
        next_url=url(page + 1),
        links=links,
    )
