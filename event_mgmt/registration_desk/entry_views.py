"""Registering somebody at the desk, for instance who called."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import current_actor, may, on_event, open_to, viewer
from event_mgmt.accounts.policy import Right
from event_mgmt.core.clock import utc_now
from event_mgmt.events.enums import EventStatus, Visibility
from event_mgmt.events.models import Event
from event_mgmt.events.queries import all_questions
from event_mgmt.events.registration_phase import is_within_window
from event_mgmt.events.registration_state import terms_of_event
from event_mgmt.registration_desk import queries
from event_mgmt.registration_desk.blueprint import bp
from event_mgmt.registration_desk.forms import DeskEntryForm, desk_form_class
from event_mgmt.registrations import commands
from event_mgmt.registrations.enums import Source
from event_mgmt.registrations.party_forms import home_country
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language


@bp.route("/desk/events/<int:event_id>/registrations/new", methods=["GET", "POST"])
@open_to(on_event(Right.EDIT_REGISTRATIONS), form_checks_csrf=True)
def new(event: Event) -> Response:
    """The form, and what becomes of it."""
    if event.status is not EventStatus.PUBLISHED:
        flash(_("Only a published event takes registrations."), "info")
        return redirect(url_for(".index", event_id=event.id), 303)
    form = _form_for(event)
    if "add_companion" in request.form and form.may_add:
        form.companions.append_entry()
    elif form.validate_on_submit():
        by_invitation = event.visibility is Visibility.INVITATION
        done = accepted(
            form,
            commands.register,
            event.id,
            form.party(form.language.data or current_language()),
            nonce=form.form_nonce(),
            by=current_actor(),
            now=utc_now(),
            source=Source.DESK,
            pool_id=form.pool_id,
            check_window=not form.even_if_closed.data and not by_invitation,
            approved=bool(form.at_once.data) and may(Right.DECIDE_REGISTRATIONS),
        )
        if done is not None:
            flash(_("Registered. Status: %(status)s.", status=enum_label(done.value.status)), "ok")
            there = url_for(".show", event_id=event.id, registration_id=done.value.id)
            return redirect(there, 303)
    failed = form.is_submitted() and "add_companion" not in request.form
    page = render_template(
        "registration_desk/new.html",
        event=event,
        form=form,
        is_closed=not is_within_window(terms_of_event(event), now=utc_now()),
        decides=may(Right.DECIDE_REGISTRATIONS) and event.approval_needed,
    )
    return make_response(page, 422 if failed else 200)


def _form_for(event: Event) -> DeskEntryForm:
    asked = [q for q in all_questions(event.id) if q.retired_at is None]
    locale = current_language()
    form: DeskEntryForm = desk_form_class(DeskEntryForm, asked)(
        country=home_country(locale), language=locale
    )
    form.offer(queries.pools_of(event, viewer()))
    form.form_nonce()
    return form
