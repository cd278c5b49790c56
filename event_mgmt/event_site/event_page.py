"""The page of one event, kept drawn for as long as nothing on it changes."""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flask import current_app, render_template
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from event_mgmt.core.links import public_url
from event_mgmt.event_site import cards, event_queries
from event_mgmt.event_site.event_view import event_view
from event_mgmt.event_site.structured_data import event_data
from event_mgmt.events.enums import EventStatus, Visibility
from event_mgmt.events.models import Event
from event_mgmt.events.registration_phase import (
    PoolState,
    RegistrationPhase,
    registration_ends_at,
)
from event_mgmt.events.registration_state import RegistrationState, registration_state
from event_mgmt.organisations.branding import Branding
from event_mgmt.organisations.models import Organisation
from event_mgmt.web import times
from event_mgmt.web.page_cache import VisitorPage
from event_mgmt.web.page_store import Cache, StoredPage, whole_page

_MOST_PARTS: Final = 128

_HINTS: Final = {
    RegistrationPhase.WAITING_LIST: _l(
        "Whoever is next on the list gets the next free place, by mail."
    ),
    RegistrationPhase.FULL: _l("All places are taken, and there is no waiting list."),
    RegistrationPhase.INVITATION: _l(
        "This event is by invitation. Please use the link in your invitation."
    ),
    RegistrationPhase.RUNNING: _l("This event is under way."),
    RegistrationPhase.OVER: _l("This event is over."),
    RegistrationPhase.POSTPONED: _l("Registration opens again when the new date is known."),
}


@dataclass(frozen=True)
class EventParts:
    """An event's page as it is drawn: its main part, and what the frame around it needs.

    The main part has gaps for the numbers of seats, which change with every registration.
    """

    title: str
    summary: str
    hosts: list[Branding]
    main: StoredPage
    data: Markup
    is_findable: bool


@dataclass(frozen=True)
class Contingent:
    """The seats of one host's own guests."""

    name: str
    label: str
    action: cards.CardAction | None


@dataclass(frozen=True)
class RegistrationPanel:
    """What the page says about registering."""

    state: RegistrationPhase
    seats: cards.SeatLine | None
    action: cards.CardAction | None
    hint: str
    contingents: list[Contingent]

    @property
    def is_cancelled(self) -> bool:
        """Whether the event will not take place."""
        return self.state is RegistrationPhase.CANCELLED

    @property
    def is_postponed(self) -> bool:
        """Whether the date shown does not hold, and no new one is known."""
        return self.state is RegistrationPhase.POSTPONED

    @property
    def is_over(self) -> bool:
        """Whether the event has taken place."""
        return self.state is RegistrationPhase.OVER

    @property
    def may_be_noted(self) -> bool:
        """Whether the date holds and is to come, so that it is worth a calendar entry."""
        return self.state not in {
            RegistrationPhase.OVER,
            RegistrationPhase.CANCELLED,
            RegistrationPhase.POSTPONED,
        }


def event_page(slug: str, *, locale: str, now: datetime) -> bytes:
    """The page of a published event at ``now``; Missing where there is none.

    One statement tells whether the page at hand still holds. It may be up to a minute behind an
    organisation that changes its name or logo, but never behind the event, its seats or its hosts.
    """
    state = registration_state(slug)
    key = page_key(state, locale, now)

    def draw(**seats: str) -> str:
        parts = _parts().get(key, lambda: _draw(state, locale=locale, now=now))
        return render_template(
            "event_site/event.html",
            page=parts,
            main=Markup(parts.main.filled(seats).decode()),  # noqa: S704 - our own HTML
            url=public_url("event_site.event", slug=slug),
        )

    return whole_page(key, draw, **seats_shown(state, now))


def page_key(state: RegistrationState, locale: str, now: datetime, _word: str = "") -> Hashable:
    """All that the page depends on, but for the numbers of seats (see ``seats_shown``)."""
    pools = tuple(
        (
            pool.organisation_id,
            pool.capacity,
            pool.taken == 0,
            pool.are_few,
            state.phase(now=now, pool=pool),
        )
        for pool in (state.general, *state.pools)
    )
    return ("event page", state.version, state.terms, pools, locale)


def seats_shown(state: RegistrationState, now: datetime) -> dict[str, str]:
    """What stands in the page's gaps at ``now``: the seats in words, and how full the bar is."""
    shown = {"filled": state.general.filled}
    for pool in (state.general, *state.pools):
        line = cards.seat_line(state.phase(now=now, pool=pool), pool)
        shown[_gap(pool)] = line.label if line else ""
    return shown


def _gap(pool: PoolState) -> str:
    return f"seats_{pool.organisation_id or 'general'}"


FOR_VISITORS: Final = VisitorPage(
    rule="/events/<slug>", read=registration_state, key=page_key, shared=seats_shown
)


def _parts() -> Cache[EventParts]:
    """This process's rendered parts of events' pages; organisers read them as well."""
    found = current_app.extensions.setdefault("event_parts", Cache[EventParts](most=_MOST_PARTS))
    cache: Cache[EventParts] = found
    return cache


def _draw(state: RegistrationState, *, locale: str, now: datetime) -> EventParts:
    event = event_queries.event_with_everything(state.event_id)
    view = event_view(event, locale=locale)
    gaps = {name: secrets.token_urlsafe(24) for name in seats_shown(state, now)}
    panel = _registering(state, event, gaps, locale=locale, now=now)
    main = render_template(
        "event_site/_event_main.html", view=view, panel=panel, filled=gaps["filled"]
    )
    return EventParts(
        title=str(view.title),
        summary=str(view.summary),
        hosts=view.hosts,
        main=StoredPage(main, gaps),
        data=htmlsafe_json_dumps(event_data(event, panel.state, locale=locale)),
        is_findable=state.terms.visibility is Visibility.PUBLIC
        and state.terms.status is not EventStatus.ARCHIVED,
    )


def _registering(
    state: RegistrationState, event: Event, gaps: Mapping[str, str], *, locale: str, now: datetime
) -> RegistrationPanel:
    phase = state.phase(now=now)
    hosts = {pool.id: pool.organisation for pool in event.pools if pool.organisation}
    return RegistrationPanel(
        state=phase,
        seats=_with_gap(cards.seat_line(phase, state.general), gaps[_gap(state.general)]),
        action=cards.action(phase, event.kind, event.slug),
        hint=_hint(state, phase, locale),
        contingents=[
            _contingent(
                state.phase(now=now, pool=pool),
                event,
                pool,
                hosts[pool.id],
                gaps[_gap(pool)],
                locale=locale,
            )
            for pool in state.pools
            if pool.id in hosts
        ],
    )


def _with_gap(line: cards.SeatLine | None, gap: str) -> cards.SeatLine | None:
    return line and replace(line, label=gap)


def _hint(state: RegistrationState, phase: RegistrationPhase, locale: str) -> str:
    """One sentence about registering."""
    terms, zone = state.terms, state.terms.time_zone
    if phase is RegistrationPhase.NOT_YET and terms.opens_at is not None:
        return _("Registration opens: %(day)s", day=times.deadline(terms.opens_at, zone, locale))
    until = times.deadline(registration_ends_at(terms), zone, locale)
    if phase is RegistrationPhase.CLOSED:
        return _("Registration closed: %(day)s", day=until)
    if phase is RegistrationPhase.APPLY:
        return _("Open until %(day)s. The hosts decide and write to you.", day=until)
    if phase is RegistrationPhase.OPEN and terms.largest_party > 1:
        together = ngettext(
            "Up to %(num)d person together, no account needed.",
            "Up to %(num)d people together, no account needed.",
            terms.largest_party,
        )
        return f"{_('Open until %(day)s.', day=until)} {together}"
    if phase is RegistrationPhase.OPEN:
        return _("Open until %(day)s.", day=until)
    return str(_HINTS.get(phase, ""))


def _contingent(
    phase: RegistrationPhase,
    event: Event,
    pool: PoolState,
    host: Organisation,
    gap: str,
    *,
    locale: str,
) -> Contingent:
    line = _with_gap(cards.seat_line(phase, pool), gap)
    return Contingent(
        name=host.short_name.into(locale) or host.name.into(locale),
        label=line.label if line else "",
        action=cards.action(phase, event.kind, event.slug, pool=host.slug),
    )
