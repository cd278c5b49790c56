"""What the attendee list's page shows around its rows: headings, numbers, choices, pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import current_app, url_for
from flask_babel import format_number, gettext as _, ngettext

from event_mgmt.accounts.access import may
from event_mgmt.accounts.policy import Right, Viewer
from event_mgmt.attendee_lists import queries
from event_mgmt.attendee_lists.criteria import (
    GENERAL,
    ListCriteria,
    PersonFilter,
    PresenceFilter,
    SortOrder,
)
from event_mgmt.attendee_lists.models import SavedView
from event_mgmt.attendee_lists.queries import ListRow
from event_mgmt.attendee_lists.statistics import Breakdown, ListStatistics
from event_mgmt.check_in.rules import door_is_open
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.locale import current_language
from event_mgmt.web.templating import country_name
from event_mgmt.web.times import short_date


def carried(criteria: ListCriteria, order: SortOrder) -> dict[str, Any]:
    """The list's state as url_for and hidden fields take it: words by the names of parameters."""
    usual = {} if order is SortOrder.SURNAME else {"order": order.value}
    return {**criteria.as_dict(), **usual}


def _url(event: Event, criteria: ListCriteria, order: SortOrder) -> str:
    return url_for("attendee_lists.index", event_id=event.id, **carried(criteria, order))


Bar = dict[str, str | int]
"""A label, a value and its text, as components/charts.html draws them."""

Charts = dict[str, list[Bar]]


@dataclass(frozen=True)
class Heading:
    """One column of the page's table; with ``url`` the list can be ordered by it."""

    label: str
    url: str | None = None
    sorted: str | None = None
    is_num: bool = False
    is_quiet: bool = False


def headings(event: Event, criteria: ListCriteria, order: SortOrder) -> list[Heading]:
    """The table's columns, each a link to the same list in its order."""
    wanted = (
        (_("Name"), SortOrder.SURNAME),
        (_("Organisation"), SortOrder.ORGANISATION),
        (_("Country"), SortOrder.COUNTRY),
        (_("Status"), SortOrder.STATUS),
        (_("Registered"), SortOrder.REGISTERED),
    )
    return [
        Heading(label, _url(event, criteria, by), "ascending" if by is order else None)
        for label, by in wanted
    ]


def stats(event: Event, found: ListStatistics, arrived: int | None) -> list[dict[str, str | None]]:
    """The figures on top, each a link to the people behind it; ``arrived`` only at the door."""

    def figure(
        value: int, label: str, criteria: ListCriteria, tone: str = ""
    ) -> dict[str, str | None]:
        url = _url(event, criteria, SortOrder.SURNAME)
        return {"value": format_number(value), "label": label, "tone": tone, "url": url}

    pending = found.of(Status.PENDING)
    waiting = found.of(Status.WAITLISTED)
    return [
        figure(
            found.of(Status.CONFIRMED),
            _("confirmed, of %(seats)s seats", seats=format_number(found.capacity)),
            ListCriteria(statuses=(Status.CONFIRMED,)),
        ),
        figure(
            pending,
            _("to be decided"),
            ListCriteria(statuses=(Status.PENDING,)),
            "warn" if pending else "",
        ),
        figure(waiting, _("on the waiting list"), ListCriteria(statuses=(Status.WAITLISTED,))),
        figure(found.companions, _("companions"), ListCriteria(people=PersonFilter.COMPANIONS)),
        {"value": format_number(found.free), "label": _("seats left"), "tone": "", "url": None}
        if arrived is None
        else figure(arrived, _("checked in"), ListCriteria(presence=PresenceFilter.ARRIVED)),
    ]


def charts(shares: Breakdown, course: Sequence[tuple[date, int]]) -> Charts:
    """The charts beside the list: who sends most, and how registrations grew by the day."""
    return {
        "organisations": [
            {"label": name, "value": people, "text": format_number(people)}
            for name, people in shares.organisations
        ],
        "countries": [
            {"label": country_name(code), "value": people, "text": format_number(people)}
            for code, people in shares.countries
        ],
        "course": [
            {"label": short_date(day, current_language()), "value": people}
            for day, people in course
        ],
    }


def contingents(event: Event, viewer: Viewer) -> list[tuple[str, str]]:
    """The contingents to choose from, as (value, name); none where there is only one."""
    pools = queries.contingents_of(event, viewer=viewer)
    names = queries.names_of(pools, current_language(), _("General"))
    if len(pools) < 2:
        return []
    return [
        (str(pool.organisation_id) if pool.organisation_id else GENERAL, names[pool.id])
        for pool in pools
    ]


def choices(event: Event, viewer: Viewer) -> dict[str, list[tuple[str, str]]]:
    """What each filter of the page offers, as (value, label); no contingents where there is one."""
    return {
        "statuses": [(status.value, enum_label(status)) for status in Status],
        "contingent": contingents(event, viewer),
        "people": [
            (p.value, enum_label(p)) for p in (PersonFilter.CONTACTS, PersonFilter.COMPANIONS)
        ],
        "presence": [
            (p.value, enum_label(p)) for p in (PresenceFilter.ARRIVED, PresenceFilter.AWAITED)
        ],
    }


def views(
    event: Event,
    saved: Sequence[SavedView],
    criteria: ListCriteria,
    order: SortOrder,
    view_id: int | None,
) -> list[dict[str, str | bool]]:
    """One's own saved views, as links."""
    here = {**criteria.as_dict(), "order": order.value}
    return [
        {
            "name": view.name,
            "url": url_for("attendee_lists.index", event_id=event.id, view=view.id),
            "delete_url": url_for("attendee_lists.delete_view", event_id=event.id, view_id=view.id),
            "is_current": view.id == view_id or view.criteria == here,
        }
        for view in saved
    ]


def second_line(row: ListRow) -> str:
    """What stands below a name: whom a companion comes with, else function and company."""
    if row.position:
        return _("Companion of %(name)s", name=row.companion_of)
    others = row.seats - 1
    company = ngettext("+ %(num)d companion", "+ %(num)d companions", others) if others else ""
    return " · ".join(part for part in (row.function, company) if part)


def person_url(event: Event, row: ListRow) -> str | None:
    """The page of somebody's registration, where there is one."""
    endpoint = "registration_desk.show"
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, event_id=event.id, registration_id=row.registration_id)


def write_url(event: Event) -> str | None:
    """The page on which one writes to a group of guests, for those who may."""
    endpoint = "messaging.compose"
    if endpoint not in current_app.view_functions or not may(Right.SEND_MESSAGES):
        return None
    return url_for(endpoint, event_id=event.id)


def bulk_actions(event: Event, rows: Sequence[ListRow]) -> list[dict[str, str]]:
    """What can be done with the registrations that are picked: write, and decide what waits."""
    found = []
    if write := write_url(event):
        found.append(
            {"label": _("Write to them …"), "icon": "mail", "name": "step", "value": "pick"}
            | {"url": write}
        )
    decide = "registration_desk.decide"
    waits = any(row.status is Status.PENDING for row in rows)
    if waits and decide in current_app.view_functions and may(Right.DECIDE_REGISTRATIONS):
        url = url_for(decide, event_id=event.id)
        for label, icon, value in ((_("Accept …"), "check", "1"), (_("Decline …"), "x", "0")):
            button = {"label": label, "icon": icon, "name": "accept", "value": value, "url": url}
            found.append(button)
    return found


def write_to_all_url(event: Event, criteria: ListCriteria) -> str | None:
    """The page on which one writes to all who fit, for those who may."""
    if not criteria.as_dict() or (url := write_url(event)) is None:
        return None
    return f"{url}?{urlencode(criteria.as_dict())}"


def at_the_door(event: Event, now: datetime) -> bool:
    """Whether the page offers to check people in."""
    return may(Right.CHECK_IN) and door_is_open(event.status, event.starts_at, now=now)
