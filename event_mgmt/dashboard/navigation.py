"""The ways through the house: public pages, the desk's side bar, the tabs of one event."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.local import LocalProxy

from event_mgmt.accounts.access import may, viewer
from event_mgmt.accounts.policy import OrganisationRight, Right, rights_on_organisation
from event_mgmt.organisations.branding import Branding, branding_of
from event_mgmt.web.navigation import NavigationItem

PUBLIC: Final = (
    ("event_site.index", _l("Agenda")),
    ("event_site.calendar", _l("Calendar")),
    ("event_site.partners", _l("Partners")),
)
DESK: Final = (
    ("dashboard.home", _l("Today"), "list-checks"),
    ("event_desk.index", _l("Events"), "calendar-days"),
    ("message_desk.index", _l("Messages"), "mail"),
    ("attendee_list.exports", _l("Lists and exports"), "file-spreadsheet"),
)
ORGANISATION: Final = (
    ("members.index", _l("Team"), "users", OrganisationRight.MANAGE_MEMBERS),
    (
        "organisation_desk.edit",
        _l("Organisation"),
        "building-2",
        OrganisationRight.EDIT_ORGANISATION,
    ),
    ("audit_desk.of_organisation", _l("History"), "history", OrganisationRight.SEE_AUDIT),
    (
        "privacy.organisation_overview",
        _l("Data protection"),
        "shield",
        OrganisationRight.PROTECT_DATA,
    ),
)
PLATFORM: Final = (
    ("platform.index", _l("All organisations"), "landmark"),
    ("privacy.platform_overview", _l("Data protection"), "shield"),
    ("audit_desk.of_platform", _l("History"), "history"),
)
EVENT: Final = (
    ("dashboard.overview", _l("Overview"), Right.SEE_EVENT),
    ("registration_desk.index", _l("Registrations"), Right.SEE_ATTENDEES),
    ("attendee_list.index", _l("Attendee list"), Right.SEE_ATTENDEES),
    ("event_desk.edit", _l("Event"), Right.EDIT_EVENT),
    ("reminder_desk.index", _l("Reminders"), Right.SEND_MESSAGES),
    ("message_desk.of_event", _l("Messages"), Right.SEE_MESSAGES),
    ("audit_desk.of_event", _l("History"), Right.SEE_AUDIT),
    ("privacy.of_event", _l("Data protection"), Right.SEE_AUDIT),
)
PLANNING: Final = (
    ("event_desk.edit", _l("Details")),
    ("event_desk.programme", _l("Programme")),
    ("event_desk.partners", _l("Hosts and seats")),
    ("event_desk.questions", _l("Questions")),
)


def init_app(app: Flask) -> None:
    """Give templates their navigation; what a page does not show is not worked out."""
    app.jinja_env.globals.update(
        public_nav=LocalProxy(public_nav),
        desk_nav=LocalProxy(desk_nav),
        desk_organisations=LocalProxy(desk_organisations),
        event_tabs=event_tabs,
        planning_tabs=planning_tabs,
    )


def desk_organisations() -> list[Branding]:
    """The organisations that whoever is signed in works for."""
    return [branding_of(membership.organisation) for membership in current_user.organisations]


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _is_current(endpoint: str) -> bool:
    return request.endpoint == endpoint


def public_nav() -> list[NavigationItem]:
    """The pages everybody sees."""
    return [
        NavigationItem(str(label), url_for(endpoint), is_current=_is_current(endpoint))
        for endpoint, label in PUBLIC
        if _exists(endpoint)
    ]


def desk_nav() -> list[NavigationItem]:
    """The desk's side bar for whoever is signed in."""
    ways = [
        NavigationItem(str(label), url_for(endpoint), icon, _is_current(endpoint))
        for endpoint, label, icon in DESK
        if _exists(endpoint)
    ]
    several = len(current_user.organisations) > 1
    for membership in current_user.organisations:
        organisation = membership.organisation
        granted = rights_on_organisation(viewer(), organisation.id)
        name = organisation.short_name.into(current_user.locale) if several else ""
        ways += [
            NavigationItem(
                str(label),
                url_for(endpoint, organisation_id=organisation.id),
                icon,
                _is_current(endpoint)
                and (request.view_args or {}).get("organisation_id") == organisation.id,
                section=name or str(_l("Organisation")),
            )
            for endpoint, label, icon, right in ORGANISATION
            if _exists(endpoint) and right in granted
        ]
    if viewer().is_platform_admin:
        ways += [
            NavigationItem(
                str(label),
                url_for(endpoint),
                icon,
                _is_current(endpoint),
                section=str(_l("Platform")),
            )
            for endpoint, label, icon in PLATFORM
            if _exists(endpoint)
        ]
    return ways


def event_tabs(event: Any) -> list[NavigationItem]:
    """The tabs of one event's desk pages, as far as the caller may follow them.

    A page inside a tab's blueprint counts as that tab when no tab is its own.
    """
    own = {endpoint for endpoint, _label, _right in EVENT}
    here = request.endpoint or ""
    room = here.split(".")[0]
    first_of_room = next((e for e, _l_, _r in EVENT if e.split(".")[0] == room), "")
    current = here if here in own else first_of_room
    return [
        NavigationItem(
            str(label), url_for(endpoint, event_id=event.id), is_current=endpoint == current
        )
        for endpoint, label, right in EVENT
        if _exists(endpoint) and may(right)
    ]


def planning_tabs(event: Any) -> list[NavigationItem]:
    """The pages on which an event is planned, while one of them is open."""
    if request.endpoint not in {endpoint for endpoint, _label in PLANNING}:
        return []
    return [
        NavigationItem(
            str(label), url_for(endpoint, event_id=event.id), is_current=_is_current(endpoint)
        )
        for endpoint, label in PLANNING
    ]
