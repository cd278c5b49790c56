"""Registering for an event, and what one reads afterwards."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.organisations.badges import badge
from event_mgmt.registrations import own_page, queries, rules, service
from event_mgmt.registrations.forms import RegistrationForm, form_class, home_country
from event_mgmt.registrations.origin import origin
from event_mgmt.registrations.queries import Offer
from event_mgmt.registrations.refusals import NotOpenYet
from event_mgmt.registrations.standing import after_registering, terms_of
from event_mgmt.registrations.words import Status
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language

bp = Blueprint("registration", __name__)
own_page.attach(bp)

RECEIPT = "receipt"


@bp.route("/events/<slug>/register", methods=["GET", "POST"])
@open_to(ANYONE, form_checks_csrf=True)
def register(slug: str) -> Response:
    """The form, and what becomes of it."""
    offer = queries.offer_by_slug(slug)
    now = utc_now()
    try:
        rules.check_open(terms_of(offer.event), now=now)
    except Missing:
        raise
    except Refusal as refusal:
        return _closed(offer, refusal)
    form = _form_for(offer)
    if "add_companion" in request.form and form.may_add:
        form.companions.append_entry()
        return _page(offer, form, 200)
    if not form.validate_on_submit():
        return _page(offer, form, 422 if form.is_submitted() else 200)
    pool = offer.pool_of(form.pool.data or "")
    done = accepted(
        form,
        service.register_online,
        offer.event.id,
        form.party(current_language()),
        nonce=form.form_nonce(),
        now=now,
        pool_id=pool.id if pool else None,
        origin=origin(),
    )
    if done is None:
        return _page(offer, form, 422)
    session[RECEIPT] = {"slug": slug, **asdict(done.value)}
    return redirect(url_for("registration.registered", slug=slug), 303)


@bp.get("/events/<slug>/registered")
@open_to(ANYONE)
def registered(slug: str) -> Response:
    """What the sender of the form reads: the same for a newcomer and somebody known.

    It shows only what this browser has sent, so that it tells nobody who is registered.
    """
    receipt: dict[str, Any] = session.get(RECEIPT) or {}
    if receipt.get("slug") != slug:
        return redirect(url_for("agenda.event", slug=slug), 303)
    offer = queries.offer_by_slug(slug)
    standing = after_registering(Status(receipt["status"]), receipt["seats"])
    page = make_response(
        render_template(
            "registrations/registered.html",
            event=offer.event,
            hosts=[badge(host) for host in offer.controllers],
            standing=standing,
            receipt=receipt,
        )
    )
    page.headers["Cache-Control"] = "no-store"
    return page


def _form_for(offer: Offer) -> RegistrationForm:
    kind = form_class(RegistrationForm, offer.questions, largest_party=offer.event.largest_party)
    form: RegistrationForm = kind(
        country=home_country(current_language()), pool=request.args.get("pool", "")
    )
    form.form_nonce()
    return form


def _page(offer: Offer, form: RegistrationForm, status: int) -> Response:
    pool = offer.pool_of(form.pool.data or "")
    page = make_response(
        render_template(
            "registrations/register.html",
            event=offer.event,
            hosts=[badge(host) for host in offer.controllers],
            controllers=offer.controllers,
            form=form,
            pool=pool,
            is_full=pool is None or rules.is_full(capacity=pool.capacity, taken=pool.taken),
        ),
        status,
    )
    page.headers["Cache-Control"] = "no-store"
    return page


def _closed(offer: Offer, refusal: Refusal) -> Response:
    return make_response(
        render_template(
            "registrations/closed.html",
            event=offer.event,
            hosts=[badge(host) for host in offer.controllers],
            words=str(refusal),
            opens_later=isinstance(refusal, NotOpenYet),
        ),
        200 if request.method == "GET" else 409,
    )
