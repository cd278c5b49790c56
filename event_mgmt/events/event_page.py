"""Keeps drawn event pages at hand: a page is drawn anew only when something on it has changed."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from flask import current_app, render_template
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from event_mgmt.events import cards, public_queries
from event_mgmt.events.event_view import event_view
from event_mgmt.events.openness import Openness, Seats, closes_at, openness
from event_mgmt.events.public_queries import EventState
from event_mgmt.events.structured_data import event_data
from event_mgmt.events.words import EventStatus, Visibility
from event_mgmt.organisations.models import Organisation
from event_mgmt.web import times
from event_mgmt.web.badges import Badge

LASTS_SECONDS: Final = 60.0
"""How long a page may be shown after an organisation's name or logo on it has changed; a change
of the event itself, of its seats or of its hosts shows at once."""

_MOST_PAGES: Final = 256
_HINTS: Final = {
    Openness.WAITING_LIST: _l("Whoever is next on the list gets the next free place, by mail."),
    Openness.FULL: _l("All places are taken, and there is no waiting list."),
    Openness.INVITATION: _l("This event is by invitation. Please use the link in your invitation."),
    Openness.RUNNING: _l("This event is under way."),
    Openness.OVER: _l("This event is over."),
    Openness.POSTPONED: _l("Registration opens again when the new date is known."),
}


@dataclass(frozen=True)
class EventPage:
    """An event's page as it is drawn: its main part, and what the frame around it needs."""

    slug: str
    title: str
    summary: str
    hosts: list[Badge]
    main: Markup
    data: Markup
    is_findable: bool


@dataclass(frozen=True)
class Contingent:
    """The seats of one host's own guests."""

    name: str
    label: str
    action: cards.Action | None


@dataclass(frozen=True)
class Registering:
    """What the page says about registering."""

    state: Openness
    seats: cards.SeatLine | None
    action: cards.Action | None
    hint: str
    contingents: list[Contingent]


class DrawnPages:
    """The pages drawn last, by all that they depend on. One per process; threads share it."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, tuple[float, EventPage]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, draw: Callable[[], EventPage]) -> EventPage:
        """The page for ``key``, drawn by ``draw`` where it is not at hand."""
        now = time.monotonic()
        with self._lock:
            drawn_until, page = self._pages.get(key, (0.0, None))
            if page is not None and now < drawn_until:
                self._pages.move_to_end(key)
                return page
        page = draw()
        with self._lock:
            self._pages[key] = now + LASTS_SECONDS, page
            self._pages.move_to_end(key)
            while len(self._pages) > _MOST_PAGES:
                self._pages.popitem(last=False)
        return page


def drawn_pages() -> DrawnPages:
    """This application's pages."""
    pages: DrawnPages = current_app.extensions.setdefault("drawn_event_pages", DrawnPages())
    return pages


def event_page(slug: str, *, locale: str, now: datetime) -> EventPage:
    """The page of a published event at ``now``; Missing where there is none.

    One statement tells whether the page at hand still holds.
    """
    state = public_queries.event_state(slug)
    seats = state.general
    open_ = openness(state.door, free=seats.free, now=now)
    own = tuple(openness(state.door, free=pool.free, now=now) for pool in state.pools)
    return drawn_pages().get(
        (state, open_, own, locale), lambda: _draw(state, open_, locale=locale, now=now)
    )


def _draw(state: EventState, open_: Openness, *, locale: str, now: datetime) -> EventPage:
    event = public_queries.event_with_everything(state.id)
    view = event_view(event, locale=locale)
    names = {pool.organisation_id: pool.organisation for pool in event.pools if pool.organisation}
    registering = Registering(
        state=open_,
        seats=cards.seat_line(open_, state.general),
        action=cards.action(open_, event.kind, event.slug),
        hint=_hint(state, open_, event.largest_party, locale),
        contingents=[
            _contingent(state, pool, names[pool.organisation_id], now=now, locale=locale)
            for pool in state.pools
            if pool.organisation_id is not None
        ],
    )
    return EventPage(
        slug=event.slug,
        title=str(view.title),
        summary=str(view.summary),
        hosts=view.hosts,
        main=Markup(render_template("events/_event_main.html", view=view, door=registering)),  # noqa: S704
        data=htmlsafe_json_dumps(event_data(event, open_, locale=locale)),
        is_findable=state.door.visibility is Visibility.PUBLIC
        and state.door.status is not EventStatus.ARCHIVED,
    )


def _hint(state: EventState, open_: Openness, largest_party: int, locale: str) -> str:
    """One sentence about registering."""
    zone, door = state.time_zone, state.door
    if open_ is Openness.NOT_YET and door.opens_at is not None:
        return _("Registration opens: %(day)s", day=times.deadline(door.opens_at, zone, locale))
    until = times.deadline(closes_at(door), zone, locale)
    if open_ is Openness.CLOSED:
        return _("Registration closed: %(day)s", day=until)
    if open_ is Openness.APPLY:
        return _("Open until %(day)s. The hosts decide and write to you.", day=until)
    if open_ is Openness.OPEN and largest_party > 1:
        together = ngettext(
            "Up to %(num)d person together, no account needed.",
            "Up to %(num)d people together, no account needed.",
            largest_party,
        )
        return f"{_('Open until %(day)s.', day=until)} {together}"
    if open_ is Openness.OPEN:
        return _("Open until %(day)s.", day=until)
    return str(_HINTS.get(open_, ""))


def _contingent(
    state: EventState, pool: Seats, host: Organisation, *, now: datetime, locale: str
) -> Contingent:
    open_ = openness(state.door, free=pool.free, now=now)
    line = cards.seat_line(open_, pool)
    return Contingent(
        name=host.short_name.into(locale) or host.name.into(locale),
        label=line.label if line else "",
        action=cards.action(open_, state.kind, state.slug, pool=host.slug),
    )
