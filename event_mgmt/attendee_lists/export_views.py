"""The export page, its templates, and the record of what was taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import SIGNED_IN, may, on_event, open_to, session_user, viewer
from event_mgmt.accounts.policy import Right
from event_mgmt.attendee_lists import export_page, export_plan, list_task, queries, service
from event_mgmt.attendee_lists.blueprint import bp
from event_mgmt.attendee_lists.columns import USUAL
from event_mgmt.attendee_lists.criteria import ListCriteria, read_order
from event_mgmt.attendee_lists.export_plan import Exporter
from event_mgmt.attendee_lists.forms import ExportForm, column_choices, wanted_columns
from event_mgmt.core.clock import utc_now
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from event_mgmt.settings import Settings
from event_mgmt.web.forms import ConfirmForm, accepted
from event_mgmt.web.locale import current_language
from event_mgmt.web.paging import Pagination, page_number
from event_mgmt.web.row_ids import row_id

_WHO_COMES = (Status.CONFIRMED,)


@bp.route("/desk/events/<int:event_id>/attendee-list/export", methods=["GET", "POST"])
@open_to(on_event(Right.EXPORT_ATTENDEES), form_checks_csrf=True)
def export(event: Event) -> Response | tuple[str, int] | str:
    """Choose what to take, say what for, and get the file; of a large one the task's page."""
    form = export_page.form_for(event, viewer(), _given())
    if request.method != "POST":
        columns, order = _columns_to_begin_with()
        form.order.data = order
        return _page(event, form, columns)
    columns = _columns_asked_for()
    if not form.validate():
        return _page(event, form, columns), 422
    if request.form.get("do") == "save_template":
        return _save_template(event, form, columns)
    taker = Exporter(viewer(), session_user().display_name, current_language())
    done = accepted(
        form,
        list_task.take_or_ask,
        event,
        form.wish(columns),
        taker=taker,
        folder=_folder(),
        now=utc_now(),
    )
    if done is None:
        return _page(event, form, columns), 422
    taken = done.value
    if isinstance(taken, int):
        return redirect(url_for("tasks.show", task_id=taken), 303)
    answer = send_file(taken.file, taken.mimetype, as_attachment=True, download_name=taken.name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.instance / "exports"


def _given() -> ListCriteria:
    """Whom the page shows at first: a saved view, or what the address says, else who comes."""
    if "view" in request.args:
        view_id = row_id(request.args["view"])
        return ListCriteria.read(queries.view_of(session_user().id, view_id).criteria)
    given = {**request.args.to_dict(), "statuses": ",".join(request.args.getlist("statuses"))}
    criteria = ListCriteria.read(given)
    return criteria if "statuses" in request.args else replace(criteria, statuses=_WHO_COMES)


def _columns_to_begin_with() -> tuple[list[str], str]:
    if "template" in request.args:
        template_id = row_id(request.args["template"])
        template = queries.template_of(session_user().id, template_id)
        return list(template.columns), template.order
    wanted = wanted_columns(request.args)
    return wanted or list(USUAL), read_order(request.args.get("order")).value


def _columns_asked_for() -> list[str]:
    """The columns of a sent form; the usual ones for a request that leaves the choice to us."""
    chose = any(name == "columns" or name.startswith("position-") for name in request.form)
    return wanted_columns(request.form) if chose else list(USUAL)


def _page(event: Event, form: ExportForm, columns: list[str]) -> str:
    on_offer = export_plan.catalogue(event.id, locale=current_language())
    return render_template(
        "attendee_lists/export.html",
        event=event,
        form=form,
        picks=column_choices(on_offer, columns),
        cards=export_page.CARDS,
        ready=export_page.READY,
        criteria=form.criteria(),
        sensitive=export_page.sensitive_labels(event.id) if may(Right.SEE_SENSITIVE) else [],
        templates=queries.templates_of(session_user().id),
        earlier=export_page.earlier(event, session_user().id),
        template_id=row_id(request.args.get("template")),
        without_font=export_page.letters_without_font(event, viewer()),
    )


def _save_template(
    event: Event, form: ExportForm, columns: list[str]
) -> Response | tuple[str, int]:
    order = read_order(form.order.data)
    done = accepted(
        form,
        service.save_template,
        session_user().id,
        form.template_name.data or "",
        columns,
        order,
    )
    if done is None:
        return _page(event, form, columns), 422
    flash(_("The template “%(name)s” is saved.", name=done.value.name), "ok")
    return redirect(url_for(".export", event_id=event.id, template=done.value.id))


@bp.post("/desk/events/<int:event_id>/attendee-list/templates/<int:template_id>/delete")
@open_to(on_event(Right.EXPORT_ATTENDEES))
def delete_template(event: Event, template_id: int) -> Response:
    """Forget one of one's own templates."""
    if ConfirmForm().validate_on_submit():
        service.delete_template(session_user().id, template_id)
        flash(_("The template is deleted."), "ok")
    return redirect(url_for(".export", event_id=event.id))


@bp.get("/desk/exports")
@open_to(SIGNED_IN)
def exports() -> str:
    """Who took which list, when, why: of one's own organisations' events, or one's own."""
    found = queries.exports_seen_by(viewer(), number=page_number())
    return render_template(
        "attendee_lists/exports.html",
        exports=export_page.record(found, viewer()),
        page=Pagination(found.total, found.number, queries.PAGE_SIZE),
    )
