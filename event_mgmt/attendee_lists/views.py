"""The attendee list on the desk: looking, checking in, saved views."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import current_actor, on_event, open_to, session_user, viewer
from event_mgmt.accounts.policy import Right
from event_mgmt.attendee_lists import list_page, queries, service, statistics
from event_mgmt.attendee_lists.blueprint import bp
from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder, read_order
from event_mgmt.attendee_lists.forms import ViewForm
from event_mgmt.check_in import commands as door
from event_mgmt.check_in.refusals import DoorClosed, NotExpected
from event_mgmt.core.clock import utc_now
from event_mgmt.events.models import Event
from event_mgmt.registrations.models import Attendee
from event_mgmt.web.forms import ConfirmForm, accepted
from event_mgmt.web.locale import current_language
from event_mgmt.web.paging import Pagination, page_number
from event_mgmt.web.row_ids import row_id


@bp.get("/desk/events/<int:event_id>/attendee-list")
@open_to(on_event(Right.SEE_ATTENDEES))
def index(event: Event) -> str:
    """The list: numbers on top, then a page of people."""
    criteria, order, view_id = _asked()
    door = list_page.at_the_door(event, utc_now())
    found = statistics.statistics_of(event, viewer=viewer())
    page = queries.page_of(
        event,
        viewer=viewer(),
        criteria=criteria,
        order=order,
        locale=current_language(),
        number=page_number(),
        total=found.fitting(criteria),
    )
    return render_template(
        "attendee_lists/index.html",
        event=event,
        page=Pagination(page.total, page.number, queries.PAGE_SIZE),
        rows=page.rows,
        criteria=criteria,
        order=order,
        columns=list_page.headings(event, criteria, order),
        stats=list_page.stats(
            event, found, statistics.arrived(event, viewer=viewer()) if door else None
        ),
        charts=_charts(event) if page.number == 1 and not criteria.as_dict() else None,
        choices=list_page.choices(event, viewer()),
        views=list_page.views(event, queries.views_of(session_user().id), criteria, order, view_id),
        form=ViewForm(),
        carried=list_page.carried(criteria, order),
        actions=list_page.bulk_actions(event, page.rows),
        write_url=list_page.write_url(event),
        write_to_all_url=list_page.write_to_all_url(event, criteria),
        at_the_door=door,
        second_line=list_page.second_line,
        person_url=list_page.person_url,
    )


def _charts(event: Event) -> list_page.Charts:
    shares = statistics.breakdown_of(event, viewer=viewer())
    return list_page.charts(shares, statistics.registrations_over_time(event, viewer=viewer()))


def _asked() -> tuple[ListCriteria, SortOrder, int | None]:
    """What the address asks for; a saved view stands for what was saved in it."""
    if "view" in request.args:
        view_id = row_id(request.args["view"])
        saved = queries.view_of(session_user().id, view_id).criteria
        return ListCriteria.read(saved), read_order(saved.get("order")), view_id
    given = {**request.args.to_dict(), "statuses": ",".join(request.args.getlist("statuses"))}
    return ListCriteria.read(given), read_order(given.get("order")), None


@bp.post("/desk/events/<int:event_id>/attendee-list/<int:attendee_id>/check-in")
@open_to(on_event(Right.CHECK_IN))
def check_in(event: Event, attendee_id: int) -> Response:
    """Somebody has arrived."""
    return _at_the_door(event, attendee_id, door.check_in)


@bp.post("/desk/events/<int:event_id>/attendee-list/<int:attendee_id>/check-in/undo")
@open_to(on_event(Right.CHECK_IN))
def undo_check_in(event: Event, attendee_id: int) -> Response:
    """It was somebody else."""
    return _at_the_door(event, attendee_id, door.undo_check_in)


def _at_the_door(event: Event, attendee_id: int, verb: Callable[..., Attendee]) -> Response:
    """Do it, and come back to the same person in the same list."""
    try:
        verb(attendee_id, event_id=event.id, by=current_actor(), now=utc_now())
    except (DoorClosed, NotExpected) as refusal:
        flash(str(refusal), "danger")
    state = list_page.carried(
        ListCriteria.read(request.form), read_order(request.form.get("order"))
    )
    if (number := request.form.get("page", 1, type=int)) > 1:
        state["page"] = str(number)
    person = f"person-{attendee_id}"
    return redirect(url_for(".index", event_id=event.id, **state, _anchor=person), 303)


@bp.post("/desk/events/<int:event_id>/attendee-list/views")
@open_to(on_event(Right.SEE_ATTENDEES), form_checks_csrf=True)
def save_view(event: Event) -> Response:
    """Keep the present filter under a name."""
    form = ViewForm()
    criteria, order = ListCriteria.read(request.form), read_order(request.form.get("order"))
    done = form.validate_on_submit() and accepted(
        form, service.save_view, session_user().id, form.name.data or "", criteria, order
    )
    if done:
        flash(_("The view “%(name)s” is saved.", name=done.value.name), "ok")
        return redirect(url_for(".index", event_id=event.id, view=done.value.id))
    for _field, words in form.problems():
        flash(words, "danger")
    return redirect(url_for(".index", event_id=event.id, **list_page.carried(criteria, order)))


@bp.post("/desk/events/<int:event_id>/attendee-list/views/<int:view_id>/delete")
@open_to(on_event(Right.SEE_ATTENDEES))
def delete_view(event: Event, view_id: int) -> Response:
    """Forget one of one's own views."""
    if ConfirmForm().validate_on_submit():
        service.delete_view(session_user().id, view_id)
        flash(_("The view is deleted."), "ok")
    return redirect(url_for(".index", event_id=event.id))
