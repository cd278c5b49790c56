"""The registration desk: who has registered, and what is to be decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import current_actor, may, on_event, open_to, viewer
from event_mgmt.accounts.policy import Right
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing
from event_mgmt.events.enums import EventStatus, WaitingListMode
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.registration_desk import desk_texts as say, queries
from event_mgmt.registration_desk.blueprint import bp
from event_mgmt.registration_desk.forms import ReasonForm, pool_choices, pool_name
from event_mgmt.registration_desk.queries import PartyFilter, PartyPage, PartyRow
from event_mgmt.registration_desk.rules import AdmissionCase, forecast_decision
from event_mgmt.registrations import commands, offer_commands
from event_mgmt.registrations.enums import Status
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.forms import ConfirmForm
from event_mgmt.web.navigation import NavigationItem
from event_mgmt.web.paging import Pagination, page_number
from event_mgmt.web.row_ids import row_id, row_ids

_ON_TABS = (
    Status.PENDING,
    Status.CONFIRMED,
    Status.WAITLISTED,
    Status.OFFERED,
    Status.UNCONFIRMED,
    Status.DECLINED,
    Status.CANCELLED,
)


@bp.get("/desk/events/<int:event_id>/registrations")
@open_to(on_event(Right.SEE_ATTENDEES))
def index(event: Event) -> str:
    """The parties, newest first, or the waiting list in its order."""
    wanted = _wanted()
    found = queries.parties_of(event, viewer(), wanted, number=page_number())
    pools = queries.pools_of(event, viewer())
    may_decide = may(Right.DECIDE_REGISTRATIONS)
    shows_waiting_list = (
        may_decide
        and wanted.status in {None, Status.WAITLISTED}
        and event.waiting_list is not WaitingListMode.OFF
    )
    return render_template(
        "registration_desk/index.html",
        event=event,
        takes_guests=event.status is EventStatus.PUBLISHED,
        wanted=wanted,
        rows=found.rows,
        positions=found.positions,
        page=Pagination(found.total, found.number, queries.PAGE_SIZE),
        status_tabs=_tabs(event, wanted, found),
        contingents=pool_choices(pools) if len(pools) > 1 else [],
        contingent_names={pool.id: pool_name(pool) for pool in pools},
        may_decide=may_decide,
        waiting_lists=_waiting_lists(event, pools) if shows_waiting_list else [],
        has_registrations=found.everybody > 0 or wanted != PartyFilter(),
    )


def _wanted() -> PartyFilter:
    status = request.args.get("status", "")
    return PartyFilter(
        status=Status(status) if status in set(Status) else None,
        pool_id=request.args.get("contingent", type=row_id),
        text=request.args.get("search", "")[:100].strip(),
        has_change="changes" in request.args,
    )


def _tabs(event: Event, wanted: PartyFilter, found: PartyPage) -> list[NavigationItem]:
    """One tab for all, and one for each status that somebody is in."""
    kept: dict[str, Any] = {"contingent": wanted.pool_id, "search": wanted.text or None}
    if wanted.has_change:
        kept["changes"] = 1

    def url(status: Status | None) -> str:
        return url_for(".index", event_id=event.id, status=status, **kept)

    tabs = [
        NavigationItem(_("All"), url(None), is_current=wanted.status is None, count=found.everybody)
    ]
    tabs += [
        NavigationItem(
            enum_label(status), url(status), is_current=status is wanted.status, count=count
        )
        for status in _ON_TABS
        if (count := found.by_status.get(status, 0)) or status is wanted.status
    ]
    return tabs


def _waiting_lists(event: Event, pools: Sequence[SeatPool]) -> list[dict[str, object]]:
    names = {pool.id: pool_name(pool) for pool in pools}
    return [
        {
            "pool_id": line.pool_id,
            "name": names.get(line.pool_id, "") if len(pools) > 1 else "",
            "words": say.line(line),
            "fits": line.fits,
        }
        for line in queries.waiting_list_heads(event.id)
    ]


@bp.post("/desk/events/<int:event_id>/registrations/decide")
@open_to(on_event(Right.DECIDE_REGISTRATIONS))
def decide(event: Event) -> Response | str:
    """Say first what a decision will do; then, once confirmed, do it."""
    ids = row_ids(request.form.getlist("registration_ids"))[: queries.MAX_SELECTED]
    rows = queries.selected_parties(event, viewer(), ids)
    accept = request.form.get("accept") == "1"
    if not rows:
        flash(_("Please pick registrations first."), "warn")
        return redirect(url_for(".index", event_id=event.id))
    form = ReasonForm()
    if "confirmed" in request.form and form.validate_on_submit():
        outcome = commands.decide(
            [row.id for row in rows],
            accept=accept,
            reason=form.reason.data or "",
            by=current_actor(),
            now=utc_now(),
            event_id=event.id,
        )
        for tone, words in say.decided(outcome):
            flash(words, tone)
        return _back(event, rows)
    cases = [AdmissionCase(row.pool_id, row.seats, row.status) for row in rows]
    foreseen = forecast_decision(
        cases, queries.pool_seats(event.id), WaitingListMode(event.waiting_list), accept=accept
    )
    return render_template(
        "registration_desk/decide.html",
        event=event,
        rows=rows,
        accept=accept,
        form=form,
        sentences=say.forecast_sentences(foreseen),
        mails=say.mails(foreseen.mails),
        count=foreseen.mails,
    )


def _back(event: Event, rows: Sequence[PartyRow]) -> Response:
    if len(rows) == 1:
        return redirect(url_for(".show", event_id=event.id, registration_id=rows[0].id), 303)
    return redirect(url_for(".index", event_id=event.id, status=rows[0].status), 303)


@bp.post("/desk/events/<int:event_id>/registrations/serve")
@open_to(on_event(Right.DECIDE_REGISTRATIONS))
def serve(event: Event) -> Response:
    """Give free seats to whoever has waited longest in one contingent."""
    pool_id = request.form.get("pool_id", type=row_id)
    if pool_id not in {pool.id for pool in event.pools}:
        raise Missing
    if ConfirmForm().validate_on_submit():
        served = offer_commands.fill_free_seats(pool_id, now=utc_now())
        if served:
            words = ngettext("%(num)d party moves up.", "%(num)d parties move up.", served)
            flash(words, "ok")
        else:
            flash(
                _("Nobody could move up: the first party does not fit, or it is too late."), "warn"
            )
    return redirect(url_for(".index", event_id=event.id, status=Status.WAITLISTED), 303)
