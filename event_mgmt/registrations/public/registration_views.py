"""Registering for an event, and what one reads afterwards."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import make_response, redirect, render_template, request, session, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.organisations.branding import branding_of
from event_mgmt.registrations import commands, rules
from event_mgmt.registrations.blueprint import bp
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.participant.status_text import receipt_text
from event_mgmt.registrations.party_forms import (
    RegistrationForm,
    form_class,
    home_country,
    new_nonce,
)
from event_mgmt.registrations.public import registration_state
from event_mgmt.registrations.public.registration_state import RegistrationState, registrable_event
from event_mgmt.registrations.refusals import NotOpenYet
from event_mgmt.web.client_network import client_network
from event_mgmt.web.drawn import drawn, whole_page
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language

RECEIPT = "receipt"


@bp.route("/events/<slug>/register", methods=["GET", "POST"])
@open_to(ANYONE, form_checks_csrf=True)
def register(slug: str) -> Response:
    """The form, and what becomes of it."""
    state = registration_state.registration_state(slug)
    now = utc_now()
    try:
        rules.check_open(state.terms, now=now)
    except Missing:
        raise
    except Refusal as refusal:
        return _closed(state, refusal)
    if request.method != "POST":
        return _private(_blank_page(state))
    form = _form_for(state)
    if "add_companion" in request.form and form.may_add:
        form.companions.append_entry()
        return _private(_page(state, form))
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
        session[RECEIPT] = {"slug": slug, **asdict(done.value)}
        return redirect(url_for("registrations.registered", slug=slug), 303)
    return _private(_page(state, form), 422)


@bp.get("/events/<slug>/registered")
@open_to(ANYONE)
def registered(slug: str) -> Response:
    """What the sender of the form reads: the same for a newcomer and somebody known.

    It shows only what this browser has sent, so that it tells nobody who is registered.
    """
    receipt: dict[str, Any] = session.get(RECEIPT) or {}
    if receipt.get("slug") != slug:
        return redirect(url_for("event_site.event", slug=slug), 303)
    state = registration_state.registration_state(slug)
    status, seats, differs = Status(receipt["status"]), receipt["seats"], receipt["differs"]
    is_mailed = receipt.get("is_mailed", True)

    def draw(email: str) -> str:
        offer = registrable_event(state.event_id)
        return render_template(
            "registrations/registered.html",
            event=offer.event,
            hosts=[branding_of(host) for host in offer.controllers],
            standing=receipt_text(status, seats, is_mailed=is_mailed),
            receipt={**receipt, "email": email, "is_mailed": is_mailed},
        )

    key = ("registered", state.version, current_language(), status, seats, differs, is_mailed)
    return _private(whole_page(key, draw, email=receipt["email"]))


def _private(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _form_for(state: RegistrationState, **given: str) -> RegistrationForm:
    """The form of an event's present version, whose class is made once."""
    locale = current_language()

    def make() -> type[RegistrationForm]:
        questions = registration_state.detached_questions(state)
        return form_class(RegistrationForm, questions, largest_party=state.terms.largest_party)

    kind = drawn().get(("registration form", state.version, locale), make)
    form = kind(country=home_country(locale), **given)
    form.form_nonce()
    return form


def _blank_page(state: RegistrationState) -> str:
    """The form as everybody gets it, but for the tokens in it."""
    pool = state.pool_of(request.args.get("pool", ""))
    slug = pool.organisation if pool else ""

    def draw(csrf_token: str, nonce: str) -> str:
        form = _form_for(state, pool=slug, nonce=nonce)
        form.csrf_token.current_token = csrf_token
        return _page(state, form)

    key = ("register", state.version, current_language(), pool and pool.id, pool and pool.is_full)
    return whole_page(
        key, draw, query=f"pool={slug}", csrf_token=generate_csrf(), nonce=new_nonce()
    )


def _page(state: RegistrationState, form: RegistrationForm) -> str:
    offer = registrable_event(state.event_id)
    wanted = form.pool.data or ""
    pool = state.pool_of(wanted)
    return render_template(
        "registrations/register.html",
        event=offer.event,
        hosts=[branding_of(host) for host in offer.controllers],
        controllers=offer.controllers,
        form=form,
        pool=offer.pool_of(wanted),
        is_full=pool is None or pool.is_full,
    )


def _closed(state: RegistrationState, refusal: Refusal) -> Response:
    offer = registrable_event(state.event_id)
    return make_response(
        render_template(
            "registrations/closed.html",
            event=offer.event,
            hosts=[branding_of(host) for host in offer.controllers],
            words=str(refusal),
            opens_later=isinstance(refusal, NotOpenYet),
        ),
        409 if request.method == "POST" else 200,
    )
