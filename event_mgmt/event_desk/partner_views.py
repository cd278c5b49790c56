"""Co-hosts and seats: what the host offers, and what a co-host answers on its own desk."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from event_mgmt.accounts.access import current_actor, on_event, open_to, viewer
from event_mgmt.accounts.policy import Right
from event_mgmt.core.clock import utc_now, wall_clock
from event_mgmt.core.refusals import Refusal
from event_mgmt.event_desk import page_support
from event_mgmt.event_desk.blueprint import bp
from event_mgmt.event_desk.form_rows import rearranged
from event_mgmt.event_desk.transition_forms import MOST_PARTNERS, PartnersForm, partner_values
from event_mgmt.events import queries, rules, service
from event_mgmt.events.enums import AttendeeAccess, PartnerStatus
from event_mgmt.events.models import Event, Partner
from event_mgmt.organisations import queries as organisation_queries
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language
from event_mgmt.web.row_ids import row_id


@bp.route("/desk/events/<int:event_id>/partners", methods=["GET", "POST"])
@open_to(on_event(Right.EDIT_EVENT))
def partners(event: Event) -> Response | tuple[str, int]:
    """Who hosts together, and how the seats are shared out."""
    command = request.form.get("do")
    if command:
        seed = {"attendee_access": AttendeeAccess.OWN.value}
        form = PartnersForm(formdata=rearranged(request.form, command, seed))
        return _partners_page(event, form, 200)
    form = PartnersForm(data=partner_values(event))
    form.offer(_organisations(event))
    if form.validate_on_submit():
        if accepted(
            form,
            service.set_partners,
            event.id,
            form.terms(),
            general_seats=form.general_seats.data,
            by=current_actor(),
            now=utc_now(),
            seen_version=form.version.data,
        ):
            flash(_("Saved. New co-hosts are invited by mail."), "ok")
            return page_support.redirect_to("partners", event)
        form.version.renew(event.version)
    return _partners_page(event, form, page_support.status_of(form))


def _organisations(event: Event) -> list[SelectChoice]:
    """All that can co-host, and whoever already does."""
    today = wall_clock(utc_now(), event.time_zone).date()
    found = {row.id: row for row in organisation_queries.organisations_active(today)}
    found |= {partner.organisation_id: partner.organisation for partner in event.partners}
    found.pop(event.host_id, None)
    return [SelectChoice(str(row.id), row.name.into(current_language())) for row in found.values()]


def _partners_page(event: Event, form: PartnersForm, status: int) -> tuple[str, int]:
    form.offer(_organisations(event))
    page = render_template(
        "event_desk/partners.html",
        event=event,
        form=form,
        is_editable=event.status in rules.EDITABLE_STATUSES,
        known={partner.organisation_id: partner for partner in event.partners},
        taken={pool.organisation_id: pool.taken for pool in event.pools},
        most_partners=MOST_PARTNERS,
    )
    return page, status


@bp.route("/desk/events/<int:event_id>/partnership", methods=["GET", "POST"])
@open_to(on_event(Right.ANSWER_PARTNERSHIP))
def partnership(event: Event) -> Response | str:
    """A co-host's invitation, and its answer."""
    mine = [
        partner for partner in event.partners if queries.may_answer_partnership(viewer(), partner)
    ]
    if request.method == "POST":
        return _answer(event, mine)
    return render_template(
        "event_desk/partnership.html",
        event=event,
        mine=mine,
        seats={pool.organisation_id: pool.capacity for pool in event.pools},
        is_open={partner.id: partner.status is PartnerStatus.INVITED for partner in mine},
    )


def _answer(event: Event, mine: list[Partner]) -> Response:
    organisation_id = request.form.get("organisation", type=row_id)
    answer = request.form.get("answer")
    if answer not in {"accept", "decline"}:
        abort(400)
    if organisation_id not in {partner.organisation_id for partner in mine}:
        abort(404)
    accept = answer == "accept"
    try:
        service.answer_partnership(
            event.id, organisation_id, accept=accept, by=current_actor(), now=utc_now()
        )
    except Refusal as refusal:
        page_support.flash_refusal(refusal)
        return page_support.redirect_to("partnership", event)
    if accept:
        flash(_("Thank you. You are hosting this event together."), "ok")
        return redirect(url_for("dashboard.overview", event_id=event.id))
    flash(_("The invitation is declined. Your seats are free for others."), "info")
    return redirect(url_for("event_desk.index"))
