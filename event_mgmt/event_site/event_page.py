"""The page of one event, kept drawn for as long as nothing on it changes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import render_template
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from event_mgmt.event_site import cards, event_queries
from event_mgmt.event_site.event_queries import EventState
from event_mgmt.event_site.event_view import event_view
from event_mgmt.event_site.rules import Openness, Seats, closes_at, openness
from event_mgmt.event_site.structured_data import event_data
from event_mgmt.events.enums import EventStatus, Visibility
from event_mgmt.organisations.branding import Branding
from event_mgmt.organisations.models import Organisation
from event_mgmt.web import times
from event_mgmt.web.drawn import drawn

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
    """An event's page as it is drawn: its main part, and what the frame around it needs.

    ``key`` is all that it depends on.
    """

    key: Hashable
    slug: str
    title: str
    summary: str
    hosts: list[Branding]
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

    @property
    def may_be_noted(self) -> bool:
        """Whether the date holds and is to come, so that it is worth a calendar entry."""
        return self.state not in {Openness.OVER, Openness.CANCELLED, Openness.POSTPONED}


def event_page(slug: str, *, locale: str, now: datetime) -> EventPage:
    """The page of a published event at ``now``; Missing where there is none.

    One statement tells whether the page at hand still holds. It may be up to a minute behind an
    organisation that changes its name or logo, but never behind the event, its seats or its hosts.
    """
    state = event_queries.event_state(slug)
    seats = state.general
    open_ = openness(state.door, free=seats.free, now=now)
    own = tuple(openness(state.door, free=pool.free, now=now) for pool in state.pools)
    key = (state, open_, own, locale)
    return drawn().get(key, lambda: _draw(key, state, open_, locale=locale, now=now))


def _draw(
    key: Hashable, state: EventState, open_: Openness, *, locale: str, now: datetime
) -> EventPage:
    event = event_queries.event_with_everything(state.id)
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
        key=key,
        slug=event.slug,
        title=str(view.title),
        summary=str(view.summary),
        hosts=view.hosts,
        main=Markup(render_template("event_site/_event_main.html", view=view, door=registering)),  # noqa: S704
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
