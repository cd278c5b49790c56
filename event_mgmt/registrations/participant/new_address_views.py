"""The page behind the link that confirms a new address."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.registrations.blueprint import bp
from event_mgmt.registrations.changes import (
    proposal_commands,
)
from event_mgmt.registrations.page_frame import page_frame
from event_mgmt.registrations.participant import queries
from event_mgmt.registrations.registrable_event import registrable_event
from event_mgmt.web import wrong_links
from event_mgmt.web.forms import ConfirmForm


@bp.route("/registration/new-address/<token>", methods=["GET", "POST"])
@open_to(ANYONE)
def new_address(token: str) -> Response:
    """Ask whoever reads a new address whether it is theirs; a POST says so."""
    with wrong_links.limit_wrong_links():
        proposal = proposal_commands.proposal_by_token(token)
    registration = queries.registration_by_id(proposal.registration_id)
    registrable = registrable_event(registration.event_id)
    address = proposal.email
    is_done = not proposal.awaits_address
    if request.method == "POST" and not is_done and ConfirmForm().validate_on_submit():
        try:
            counts = proposal_commands.confirm_new_address(token, now=utc_now())
        except Missing:
            raise
        except Refusal as refusal:
            flash(str(refusal), "warn")
        else:
            if counts:
                flash(_("From now on mails go to %(address)s.", address=address), "ok")
                return _private(
                    redirect(url_for("event_site.event", slug=registrable.event.slug), 303)
                )
            is_done = True
    page = render_template(
        "registrations/new_address.html",
        **page_frame(registrable),
        address=address,
        token=token,
        is_done=is_done,
    )
    return _private(make_response(page))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
