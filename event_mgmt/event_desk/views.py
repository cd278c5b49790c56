"""The event desk: find events, plan a new one, edit it, look at it, put it online."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from event_mgmt.accounts.access import SIGNED_IN, current_actor, on_event, open_to, viewer
from event_mgmt.accounts.policy import (
    OrganisationRight,
    Right,
    rights_on_event,
    rights_on_organisation,
)
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Refusal
from event_mgmt.event_desk import page_support
from event_mgmt.event_desk.blueprint import bp
from event_mgmt.event_desk.forms import EventForm, NewEventForm, event_values, new_event_values
from event_mgmt.event_desk.page_support import KIND_ICONS
from event_mgmt.event_site import event_queries
from event_mgmt.event_site.event_view import event_view
from event_mgmt.events import queries, rules, service
from event_mgmt.events.enums import EventKind, EventStatus
from event_mgmt.events.fields import LOCALIZED_FIELDS
from event_mgmt.events.models import Event
from event_mgmt.events.queries import EventFilter, EventListTab
from event_mgmt.organisations import queries as organisation_queries
from event_mgmt.organisations.models import Organisation
from event_mgmt.registrations.mails import recipients
from event_mgmt.web import choices
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.forms import Accepted, Form, accepted
from event_mgmt.web.locale import current_language
from event_mgmt.web.paging import Pagination, page_number

_NONCE_BYTES = 24

E = TypeVar("E", bound=StrEnum)


@bp.get("/desk/events")
@open_to(SIGNED_IN)
def index() -> str:
    """The events in sight, by shelf: upcoming, drafts, past, archived."""
    wanted = EventFilter(
        tab=_word_in(EventListTab, "shelf") or EventListTab.UPCOMING,
        text=request.args.get("q", "")[:100],
        kind=_word_in(EventKind, "kind"),
        status=_word_in(EventStatus, "status"),
        page=page_number(),
    )
    found = queries.events_for_desk(viewer(), wanted, now=utc_now())
    return render_template(
        "event_desk/index.html",
        found=found,
        wanted=wanted,
        page=Pagination(found.total, wanted.page, queries.PAGE),
        tabs=_tabs(wanted, found),
        kinds=[(kind.value, enum_label(kind)) for kind in EventKind],
        statuses=[(status.value, enum_label(status)) for status in EventStatus],
        kind_icons=KIND_ICONS,
        may_create=bool(_possible_hosts()),
        exports={event.id for event in found.events if _may_export(event)},
    )


def _may_export(event: Event) -> bool:
    return Right.EXPORT_ATTENDEES in rights_on_event(viewer(), event.parties())


def _word_in(kind: type[E], name: str) -> E | None:
    """The address's ``name`` as one of an enumeration's words; ``None`` where it is none."""
    return next((word for word in kind if word.value == request.args.get(name)), None)


def _tabs(wanted: EventFilter, found: queries.EventListPage) -> list[dict[str, object]]:
    names = {
        EventListTab.UPCOMING: _("Upcoming"),
        EventListTab.DRAFTS: _("Drafts"),
        EventListTab.PAST: _("Past"),
        EventListTab.ARCHIVED: _("Archived"),
    }
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("q", "kind") if request.args.get(name)
    }
    return [
        {
            "label": name,
            "url": url_for("event_desk.index", shelf=tab.value, **kept),
            "is_current": tab is wanted.tab,
            "count": found.tab_counts[tab],
        }
        for tab, name in names.items()
    ]


def _possible_hosts() -> list[Organisation]:
    """The organisations for which the caller may plan events."""
    mine = [
        organisation_id
        for organisation_id in viewer().organisation_ids
        if OrganisationRight.CREATE_EVENTS in rights_on_organisation(viewer(), organisation_id)
    ]
    found = organisation_queries.organisations_by_ids(mine).values()
    return sorted(found, key=lambda host: host.id)


@bp.route("/desk/events/new", methods=["GET", "POST"])
@open_to(SIGNED_IN)
def new() -> Response | tuple[str, int]:
    """Plan a new event on one page, as a draft or at once online."""
    hosts = _possible_hosts()
    if not hosts:
        abort(404)
    nonce = secrets.token_urlsafe(_NONCE_BYTES)
    form = NewEventForm(data=new_event_values(hosts[0], nonce=nonce))
    form.host.choices = [
        SelectChoice(str(host.id), host.name.into(current_language())) for host in hosts
    ]
    publish = request.form.get("action") == "publish"
    if form.validate_on_submit() and (done := _created(form, publish=publish)):
        return _after_saving(done.value, published=publish)
    return _planning_page("event_desk/new.html", form, hosts=hosts)


def _created(form: NewEventForm, *, publish: bool) -> Accepted[Event] | None:
    return accepted(
        form,
        service.create,
        form.basics(),
        host_id=form.host.data,
        nonce=form.nonce.data,
        by=current_actor(),
        now=utc_now(),
        publish=publish,
    )


def _after_saving(event: Event, *, published: bool) -> Response:
    page_support.flash_overlaps(event)
    if published:
        flash(_("The event is online."), "ok")
        return redirect(url_for("dashboard.overview", event_id=event.id))
    flash(_("Saved. Nobody but you and your colleagues sees the draft yet."), "ok")
    return page_support.redirect_to("edit", event)


def _planning_page(template: str, form: Form, **values: object) -> tuple[str, int]:
    cards = {
        EventKind.CLUSTER_ACTIVITY: _("Cluster meeting, workshop, site visit"),
        EventKind.TRADE_DELEGATION: _("A journey to companies and partners"),
        EventKind.CONSULATE_EVENT: _("Reception, ceremony, talk at the consulate"),
    }
    page = render_template(
        template,
        form=form,
        cards={kind.value: {"icon": KIND_ICONS[kind], "text": cards[kind]} for kind in EventKind},
        **values,
    )
    return page, page_support.status_of(form)


@bp.route("/desk/events/<int:event_id>/edit", methods=["GET", "POST"])
@open_to(on_event(Right.EDIT_EVENT))
def edit(event: Event) -> Response | tuple[str, int]:
    """Everything that is said about one event."""
    form = _event_form(event)
    if form.validate_on_submit():
        now = utc_now()
        done = accepted(
            form,
            service.edit,
            event.id,
            form.basics(),
            form.details(event),
            by=current_actor(),
            now=now,
            seen_version=form.version.data,
        )
        if done:
            return _after_edit(done.value, now)
        form.version.renew(event.version)
    return _planning_page(
        "event_desk/edit.html",
        form,
        event=event,
        is_editable=event.status in rules.EDITABLE_STATUSES,
        people_told=_recipient_count(event),
        missing=_missing_words(event),
        overlaps=queries.overlapping_events(event, viewer()),
        can_archive=EventStatus.ARCHIVED in rules.STATUS_TRANSITIONS[event.status],
    )


def _event_form(event: Event) -> EventForm:
    form = EventForm(data=event_values(event))
    locale = current_language()
    form.time_zone.choices = choices.time_zone_choices(event.time_zone)
    form.languages.choices = choices.language_choices(event.languages)
    form.sectors.choices = [
        SelectChoice(str(sector.id), sector.name.into(locale))
        for sector in organisation_queries.sectors(locale)
    ]
    form.agreement.choices = [SelectChoice("", _("None"))] + [
        SelectChoice(str(agreement.id), agreement.title.into(locale))
        for agreement in organisation_queries.agreements()
    ]
    return form


def _after_edit(event: Event, now: datetime) -> Response:
    page_support.flash_overlaps(event)
    if event.status is EventStatus.DRAFT and request.form.get("action") == "publish":
        return _publish(event, seen_version=event.version)
    flash(_("Saved."), "ok")
    page_support.flash_notified_count(event, now)
    return page_support.redirect_to("edit", event)


def _recipient_count(event: Event) -> int:
    """How many people hear of a new time or place; none before the event is online."""
    if event.status not in rules.ANNOUNCED_STATUSES:
        return 0
    return recipients.count_recipients(event.id)


def _missing_words(event: Event) -> list[tuple[str, str]]:
    """(language, names of its missing texts) pairs, as readers call them."""
    texts = {str(field.label): getattr(event, field.name) for field in LOCALIZED_FIELDS}
    names = {
        "de": _("Missing in German"),
        "sl": _("Missing in Slovenian"),
        "en": _("Missing in English"),
    }
    return [
        (names[code], ", ".join(which)) for code, which in rules.missing_translations(texts).items()
    ]


@bp.post("/desk/events/<int:event_id>/publish")
@open_to(on_event(Right.PUBLISH_EVENT))
def publish(event: Event) -> Response:
    """Put a draft online."""
    return _publish(event, seen_version=page_support.seen_version())


def _publish(event: Event, *, seen_version: int | None) -> Response:
    try:
        service.publish(event.id, by=current_actor(), now=utc_now(), seen_version=seen_version)
    except Refusal as refusal:
        page_support.flash_refusal(refusal)
        return page_support.redirect_to("edit", event)
    flash(_("The event is online."), "ok")
    return redirect(url_for("dashboard.overview", event_id=event.id))


@bp.get("/desk/events/<int:event_id>/preview")
@open_to(on_event(Right.SEE_EVENT))
def preview(event: Event) -> str:
    """The event as guests will see it."""
    whole = event_queries.event_with_everything(event.id)
    view = event_view(whole, locale=current_language())
    return render_template("event_desk/preview.html", event=event, view=view)
