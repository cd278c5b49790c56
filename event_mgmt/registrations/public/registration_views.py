"""Registering for an event, and what one reads afterwards."""

from __future__ import annotations

from flask import make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.events.registration_state import registration_state
from event_mgmt.registrations import commands, rules
from event_mgmt.registrations.blueprint import bp
from event_mgmt.registrations.public import confirmation_page, form_page, receipts
from event_mgmt.web.client_network import client_network
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language


@bp.route("/events/<slug>/register", methods=["GET", "POST"])
@open_to(ANYONE, form_checks_csrf=True)
def register(slug: str) -> Response:
    """The form, and what becomes of it."""
    state, now = registration_state(slug), utc_now()
    try:
        rules.check_open(state.terms, now=now)
    except Missing:
        raise
    except Refusal as refusal:
        status = 409 if request.method == "POST" else 200
        return make_response(form_page.closed_page(state, refusal), status)
    if request.method != "POST":
        return _private(form_page.blank_page(state, request.args.get("pool", ""), now=now))
    form = form_page.form_for(state)
    if "add_companion" in request.form and form.may_add:
        form.companions.append_entry()
        return _private(form_page.filled_page(state, form))
    pool = state.pool_of(form.pool.data or "")
    if form.validate() and (
        done := accepted(
            form,
            commands.register_online,
            state.event_id,
            form.party(current_language()),
            nonce=form.form_nonce(),
            now=now,
            pool_id=pool.id if pool else None,
            origin=client_network(),
        )
    ):
        carried = receipts.keep(slug, done.value, now=now)
        return redirect(url_for("registrations.registered", slug=slug, **carried), 303)
    return _private(form_page.filled_page(state, form), 422)


@bp.get("/events/<slug>/registered")
@open_to(ANYONE)
def registered(slug: str) -> Response:
    """What the sender of the form reads: the same for a newcomer and somebody known."""
    receipt = receipts.shown(slug, now=utc_now())
    if receipt is None:
        return redirect(url_for("event_site.event", slug=slug), 303)
    return _private(confirmation_page.page(slug, receipt))


def _private(page: str | bytes, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
