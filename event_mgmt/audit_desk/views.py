"""The pages on which people read who did what."""

from __future__ import annotations

from typing import Protocol

from flask import Blueprint, render_template

from event_mgmt.accounts import queries as account_queries
from event_mgmt.accounts.access import PLATFORM, on_event, on_organisation, open_to
from event_mgmt.accounts.policy import OrganisationRight, Right
from event_mgmt.audit_desk import entry_text, queries
from event_mgmt.organisations import queries as organisation_queries
from event_mgmt.web.paging import Pagination, page_number

bp = Blueprint("audit_desk", __name__)
HOME_ZONE = "Europe/Berlin"  # the same wall clock as Ljubljana's


class AuditedEvent(Protocol):
    """What the page of an event's history needs of it: events are a higher room's."""

    id: int
    time_zone: str


@bp.get("/desk/events/<int:event_id>/audit")
@open_to(on_event(Right.SEE_AUDIT))
def of_event(event: AuditedEvent) -> str:
    """What was done to one event."""
    number = page_number()
    found = queries.entries_of_event(event.id, page=number)
    return _page("audit_desk/of_event.html", found, number, event.time_zone, event=event)


@bp.get("/desk/organisations/<int:organisation_id>/audit")
@open_to(on_organisation(OrganisationRight.SEE_AUDIT))
def of_organisation(organisation_id: int) -> str:
    """What was done to an organisation and its team."""
    number = page_number()
    found = queries.entries_of_organisation(organisation_id, page=number)
    organisation = organisation_queries.organisation(organisation_id)
    template = "audit_desk/of_organisation.html"
    return _page(template, found, number, HOME_ZONE, organisation=organisation)


@bp.get("/desk/platform/audit")
@open_to(PLATFORM)
def of_platform() -> str:
    """What was done beyond events and teams: who looked up or erased whose data, for instance."""
    number = page_number()
    found = queries.entries_of_platform(page=number)
    return _page("audit_desk/of_platform.html", found, number, HOME_ZONE)


def _page(template: str, found: queries.AuditPage, number: int, zone: str, **values: object) -> str:
    acting = {entry.user_id for entry in found.entries if entry.user_id is not None}
    acted_on = {
        entry.subject_id
        for entry in found.entries
        if entry.subject == "user" and entry.subject_id is not None
    }
    names = account_queries.names_of(acting | acted_on)
    return render_template(
        template,
        lines=[entry_text.audit_line(entry, names, zone=zone) for entry in found.entries],
        names=names,
        zone=zone,
        page=Pagination(found.total, number, queries.PAGE_SIZE),
        **values,
    )
