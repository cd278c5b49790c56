"""Steps that are asked about first: move or postpone, cancel, duplicate, archive."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import current_actor, on_event, open_to, viewer
from event_mgmt.accounts.policy import OrganisationRight, Right, rights_on_organisation
from event_mgmt.core.clock import utc_now
from event_mgmt.event_desk import page_support
from event_mgmt.event_desk.blueprint import bp
from event_mgmt.event_desk.transition_forms import CancelForm, DuplicateForm, MoveForm, move_values
from event_mgmt.events import rules, service
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.events.models import Event
from event_mgmt.registrations.mails import recipients
from event_mgmt.web.forms import Accepted, ConfirmForm, Form, accepted


def _recipient_count(event: Event, *, becoming: EventStatus | None = None) -> int:
    return recipients.count_recipients(event.id, becoming=becoming)


def _demand(event: Event, step: EventStatus) -> None:
    """404 for a page whose step the event's status does not allow."""
    if step not in rules.STATUS_TRANSITIONS[event.status]:
        raise NotFound


def _page(template: str, event: Event, form: Form, **values: object) -> tuple[str, int]:
    page = render_template(template, event=event, form=form, **values)
    return page, page_support.status_of(form)


def _overview(event: Event) -> Response:
    return redirect(url_for("dashboard.overview", event_id=event.id))


@bp.route("/desk/events/<int:event_id>/move", methods=["GET", "POST"])
@open_to(on_event(Right.PUBLISH_EVENT))
def move(event: Event) -> Response | tuple[str, int]:
    """Give an event that is online another date, or take its date off."""
    if event.status not in rules.ANNOUNCED_STATUSES:
        raise NotFound
    told = _recipient_count(event)
    form = MoveForm(data=move_values(event))
    if event.status is EventStatus.POSTPONED:
        form.what.choices = form.what.choices[:1]
    if form.validate_on_submit():
        now, is_postponed = utc_now(), form.what.data == "postpone"
        done = (_postponed if is_postponed else _moved)(event, form, now)
        if done:
            page_support.flash_overlaps(done.value)
            flash(_("The event is postponed.") if is_postponed else _("The date is changed."), "ok")
            page_support.flash_notified_count(event, now)
            return _overview(event)
        form.version.renew(event.version)
    return _page("event_desk/move.html", event, form, people_told=told)


def _moved(event: Event, form: MoveForm, now: datetime) -> Accepted[Event] | None:
    starts_at, ends_at = form.span(event.time_zone)
    return accepted(
        form,
        service.move,
        event.id,
        starts_at=starts_at,
        ends_at=ends_at,
        by=current_actor(),
        now=now,
        seen_version=form.version.data,
    )


def _postponed(event: Event, form: MoveForm, now: datetime) -> Accepted[Event] | None:
    return accepted(
        form,
        service.postpone,
        event.id,
        by=current_actor(),
        now=now,
        seen_version=form.version.data,
    )


@bp.route("/desk/events/<int:event_id>/cancel", methods=["GET", "POST"])
@open_to(on_event(Right.PUBLISH_EVENT))
def cancel(event: Event) -> Response | tuple[str, int]:
    """Call an event off."""
    _demand(event, EventStatus.CANCELLED)
    told = _recipient_count(event, becoming=EventStatus.CANCELLED)
    form = CancelForm(data={"version": event.version})
    if form.validate_on_submit():
        now = utc_now()
        if accepted(
            form,
            service.cancel,
            event.id,
            reason=form.reason.data,
            by=current_actor(),
            now=now,
            seen_version=form.version.data,
        ):
            flash(_("The event is cancelled."), "ok")
            page_support.flash_notified_count(event, now)
            return _overview(event)
        form.version.renew(event.version)
    return _page("event_desk/cancel.html", event, form, people_told=told)


@bp.route("/desk/events/<int:event_id>/duplicate", methods=["GET", "POST"])
@open_to(on_event(Right.PUBLISH_EVENT))
def duplicate(event: Event) -> Response | tuple[str, int]:
    """Make a draft like this event at another date."""
    granted = rights_on_organisation(viewer(), event.host_id)
    if OrganisationRight.CREATE_EVENTS not in granted:
        raise NotFound
    values = {**move_values(event), "date": None, "with_partners": True}
    form = DuplicateForm(data={**values, "nonce": secrets.token_urlsafe(24)})
    if form.validate_on_submit() and (done := _duplicated(event, form)):
        flash(_("This is the copy. It is a draft: check it, then publish it."), "ok")
        return page_support.redirect_to("edit", done.value)
    partners = [p for p in event.partners if p.status is not PartnerStatus.DECLINED]
    return _page("event_desk/duplicate.html", event, form, partners=partners)


def _duplicated(event: Event, form: DuplicateForm) -> Accepted[Event] | None:
    return accepted(
        form,
        service.duplicate,
        event.id,
        starts_at=form.start(event.time_zone),
        with_partners=form.with_partners.data,
        nonce=form.nonce.data,
        by=current_actor(),
        now=utc_now(),
    )


@bp.route("/desk/events/<int:event_id>/archive", methods=["GET", "POST"])
@open_to(on_event(Right.PUBLISH_EVENT))
def archive(event: Event) -> Response | tuple[str, int]:
    """Put an event out of the way."""
    _demand(event, EventStatus.ARCHIVED)
    form = ConfirmForm()
    if form.validate_on_submit() and accepted(
        form, service.archive, event.id, by=current_actor(), now=utc_now()
    ):
        flash(_("The event is archived."), "ok")
        return redirect(url_for("event_desk.index", shelf="archived"))
    return _page("event_desk/archive.html", event, form)
