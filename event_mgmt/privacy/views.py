"""What is known about whom and until when: of one event, of an organisation, of the platform."""

from __future__ import annotations

from flask import Blueprint, render_template

from event_mgmt.accounts.access import PLATFORM, on_event, on_organisation, open_to
from event_mgmt.accounts.policy import OrganisationRight, Right
from event_mgmt.events.models import Event
from event_mgmt.organisations import queries as organisations
from event_mgmt.privacy import person_page, queries
from event_mgmt.privacy.forms import PersonForm
from event_mgmt.privacy.person_page import hosts_of, way
from event_mgmt.web.paging import Page, page_number

bp = Blueprint("privacy", __name__)


@bp.get("/desk/events/<int:event_id>/privacy")
@open_to(on_event(Right.SEE_AUDIT))
def of_event(event: Event) -> str:
    """What is kept of one event, who sees it, when it goes, and what has gone."""
    (holding,) = queries.holdings([event])
    return render_template("privacy/of_event.html", event=event, holding=holding)


def overview(organisation_id: int | None = None) -> str:
    """Event by event what is kept and until when; and the way to one person."""
    number = page_number()
    host_ids = hosts_of(organisation_id)
    found = queries.overview(host_ids=host_ids, number=number)
    return render_template(
        "privacy/overview.html",
        holdings=found.holdings,
        page=Page(found.total, number, queries.PAGE_SIZE),
        erasures=queries.erasures(host_ids=host_ids),
        organisation=None
        if organisation_id is None
        else organisations.organisation(organisation_id),
        form=PersonForm(),
        ways={"found": way("found", organisation_id)},
    )


def _attach() -> None:
    """Give each page its two addresses: an organisation's, and the platform's."""
    mine = on_organisation(OrganisationRight.PROTECT_DATA)
    here = "/desk/organisations/<int:organisation_id>/privacy"
    pages = (
        ("overview", "", overview, ["GET"]),
        ("found", "/person", person_page.found, ["POST"]),
        ("file", "/person/file", person_page.file, ["POST"]),
        ("erase", "/person/erase", person_page.erase, ["POST"]),
    )
    for name, path, view, methods in pages:
        for prefix, policy, address in (
            ("organisation", mine, f"{here}{path}"),
            ("platform", PLATFORM, f"/desk/platform/privacy{path}"),
        ):
            guarded = open_to(policy)(view)
            bp.add_url_rule(address, f"{prefix}_{name}", guarded, methods=methods)


_attach()
