"""The page with the form for guests: kept until the event changes, with tokens for each visit."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Final

from flask import current_app, render_template, request

from event_mgmt.core.refusals import Refusal
from event_mgmt.events.enums import WaitingListMode
from event_mgmt.events.registration_state import RegistrationState, registration_state
from event_mgmt.registrations import rules
from event_mgmt.registrations.page_frame import page_frame
from event_mgmt.registrations.party_forms import RegistrationForm, home_country, new_nonce
from event_mgmt.registrations.public.form_classes import form_thing, registration_form
from event_mgmt.registrations.refusals import NotOpenYet
from event_mgmt.registrations.registrable_event import registrable_event
from event_mgmt.web import form_tokens
from event_mgmt.web.form_tokens import session_token
from event_mgmt.web.locale import current_language
from event_mgmt.web.page_cache import VisitorPage
from event_mgmt.web.page_store import whole_page


def blank_page(state: RegistrationState, organisation: str, *, now: datetime) -> bytes:
    """The form as everybody gets it, for a contingent by the slug of its holder ('' for none)."""
    pool = state.pool_of(organisation)
    slug = pool.organisation if pool else ""

    def draw(csrf_token: str, nonce: str) -> str:
        form = form_for(state, pool=slug, nonce=nonce)
        form.csrf_token.current_token = csrf_token
        return filled_page(state, form)

    key = page_key(state, current_language(), now, slug)
    query = f"pool={slug}" if slug else ""
    return whole_page(key, draw, query=query, **_tokens(state, now=now))


def form_for(state: RegistrationState, **given: str) -> RegistrationForm:
    """The form of an event's present version, with what was sent."""
    locale = current_language()
    form = registration_form(state, locale)(country=home_country(locale), **given)
    form.form_nonce()
    return form


def filled_page(state: RegistrationState, form: RegistrationForm) -> str:
    """The page with ``form`` as it stands: values, problems, companions."""
    registrable = registrable_event(state.event_id)
    pool = state.pool_of(form.pool.data or "")
    return render_template(
        "registrations/register.html",
        **page_frame(registrable),
        controllers=registrable.event.hosts,
        form=form,
        pool=next((p for p in registrable.event.pools if pool and p.id == pool.id), None),
        joins_waiting_list=(pool is None or pool.is_full)
        and state.terms.waiting_list is not WaitingListMode.OFF
        and not state.terms.approval_needed,
        asked_language=request.args.get("lang") if not form_tokens.has_session() else None,
    )


def closed_page(state: RegistrationState, refusal: Refusal) -> str:
    """Why there is no form."""
    registrable = registrable_event(state.event_id)
    return render_template(
        "registrations/closed.html",
        **page_frame(registrable),
        words=str(refusal),
        opens_later=isinstance(refusal, NotOpenYet),
    )


def page_key(
    state: RegistrationState, locale: str, now: datetime, organisation: str
) -> Hashable | None:
    """All that the blank form depends on; ``None`` where there is none to fill in at ``now``, or
    the organisation has no contingent of its own.
    """
    try:
        rules.check_open(state.terms, now=now)
    except Refusal:
        return None
    pool = state.pool_of(organisation)
    if organisation != (pool.organisation if pool else ""):
        return None
    return ("form", state.version, locale, pool and pool.id, pool and pool.is_full)


def _tokens(state: RegistrationState, *, now: datetime) -> dict[str, str]:
    if form_tokens.has_session():
        return {"csrf_token": session_token(), "nonce": new_nonce()}
    return dict(_visitor_tokens(state, now, current_app.config["SECRET_KEY"]))


def _visitor_tokens(state: RegistrationState, now: datetime, secret: str) -> Mapping[str, str]:
    nonce = new_nonce()
    token = form_tokens.issue(secret, form_thing(state.event_id), nonce, now=now)
    return {"csrf_token": token, "nonce": nonce}


FOR_VISITORS: Final = VisitorPage(
    rule="/events/<slug>/register",
    read=registration_state,
    key=page_key,
    own=_visitor_tokens,
    word="pool",
)
