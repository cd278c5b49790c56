"""The navigation, from what the rooms declare: public pages, side bar, tabs of one event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.local import LocalProxy

from event_mgmt.accounts.access import may, signed_in_user, viewer
from event_mgmt.accounts.policy import may_manage_platform, rights_on_organisation
from event_mgmt.accounts.sessions import SessionUser
from event_mgmt.events.models import Event
from event_mgmt.organisations.branding import Branding, branding_of
from event_mgmt.rooms import NavigationEntry, Place
from event_mgmt.web.navigation import NavigationItem

_KEY: Final = "navigation"


def init_app(app: Flask, entries: Iterable[NavigationEntry]) -> None:
    """Give templates the navigation that the rooms declare.

    What a page does not show is not worked out.
    """
    in_order = sorted(entries, key=lambda entry: entry.position)
    app.extensions[_KEY] = {
        place: [entry for entry in in_order if entry.place is place] for place in Place
    }
    app.jinja_env.globals.update(
        public_nav=LocalProxy(public_nav),
        desk_nav=LocalProxy(desk_nav),
        desk_organisations=LocalProxy(desk_organisations),
        event_tabs=event_tabs,
        planning_tabs=planning_tabs,
    )


def desk_organisations() -> list[Branding]:
    """The organisations that whoever is signed in works for."""
    user = signed_in_user()
    memberships = [] if user is None else user.organisations
    return [branding_of(membership.organisation) for membership in memberships]


def _entries(place: Place) -> list[NavigationEntry]:
    """All rooms' entries at one place, in their order."""
    by_place: dict[Place, list[NavigationEntry]] = current_app.extensions[_KEY]
    return by_place[place]


def _item(
    entry: NavigationEntry, *, section: str = "", organisation_id: int | None = None
) -> NavigationItem:
    given = {} if organisation_id is None else {"organisation_id": str(organisation_id)}
    here = {name: str(value) for name, value in (request.view_args or {}).items()}
    return NavigationItem(
        str(entry.label),
        url_for(entry.endpoint, organisation_id=organisation_id),
        entry.icon,
        is_current=request.endpoint == entry.endpoint and given.items() <= here.items(),
        section=section,
    )


def public_nav() -> list[NavigationItem]:
    """The pages everybody sees."""
    return [_item(entry) for entry in _entries(Place.PUBLIC)]


def desk_nav() -> list[NavigationItem]:
    """The desk's side bar for whoever is signed in."""
    items = [_item(entry) for entry in _entries(Place.DESK)]
    user = signed_in_user()
    if user is not None:
        items += _of_organisations(user)
    if may_manage_platform(viewer()):
        section = str(_l("Platform"))
        items += [_item(entry, section=section) for entry in _entries(Place.PLATFORM)]
    return items


def _of_organisations(user: SessionUser) -> Iterator[NavigationItem]:
    several = len(user.organisations) > 1
    for membership in user.organisations:
        organisation = membership.organisation
        granted = rights_on_organisation(viewer(), organisation.id)
        name = organisation.short_name.into(user.locale) if several else ""
        section = name or str(_l("Organisation"))
        for entry in _entries(Place.ORGANISATION):
            if entry.right in granted:
                yield _item(entry, section=section, organisation_id=organisation.id)


def event_tabs(event: Event) -> list[NavigationItem]:
    """The tabs of one event's desk pages, as far as the caller may follow them.

    A page inside a tab's blueprint counts as that tab when no tab is its own.
    """
    tabs = _entries(Place.EVENT)
    here = request.endpoint or ""
    blueprint = here.split(".")[0]
    own = (entry.endpoint for entry in tabs if entry.endpoint == here)
    of_blueprint = (e.endpoint for e in tabs if e.endpoint.split(".")[0] == blueprint)
    current = next(own, "") or next(of_blueprint, "")
    return [
        NavigationItem(
            str(entry.label),
            url_for(entry.endpoint, event_id=event.id),
            is_current=entry.endpoint == current,
        )
        for entry in tabs
        if entry.right is None or may(entry.right)
    ]


def planning_tabs(event: Event) -> list[NavigationItem]:
    """The pages on which an event is planned, while one of them is open."""
    tabs = _entries(Place.PLANNING)
    if request.endpoint not in {entry.endpoint for entry in tabs}:
        return []
    return [
        NavigationItem(
            str(entry.label),
            url_for(entry.endpoint, event_id=event.id),
            is_current=request.endpoint == entry.endpoint,
        )
        for entry in tabs
    ]
