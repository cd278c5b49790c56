"""An event's programme and questions: rows that are added, moved and removed without a script."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import current_actor, on_event, open_to
from event_mgmt.accounts.policy import Right
from event_mgmt.core.clock import utc_now
from event_mgmt.event_desk import page_support
from event_mgmt.event_desk.blueprint import bp
from event_mgmt.event_desk.form_rows import rearranged, row_around
from event_mgmt.event_desk.programme_days import days_of
from event_mgmt.event_desk.programme_forms import (
    MOST_ITEMS,
    MOST_SPEAKERS,
    ProgrammeForm,
    next_row,
    programme_values,
)
from event_mgmt.event_desk.question_forms import (
    CHOOSES,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    QuestionsForm,
    question_values,
)
from event_mgmt.events import queries, rules, service
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Event
from event_mgmt.web import choices
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language


@bp.route("/desk/events/<int:event_id>/programme", methods=["GET", "POST"])
@open_to(on_event(Right.EDIT_EVENT))
def programme(event: Event) -> Response | tuple[str, int]:
    """The programme of one event."""
    if "do" in request.form:
        command, _at, day = request.form["do"].partition("@")
        seed = next_row(request.form, event, day)
        form = ProgrammeForm(formdata=rearranged(request.form, command, seed))
        return _programme_page(event, form, 200, touched=row_around(command))
    form = ProgrammeForm(data=programme_values(event))
    if form.validate_on_submit():
        items = form.programme(event.time_zone)
        if accepted(
            form,
            service.set_programme,
            event.id,
            items,
            by=current_actor(),
            now=utc_now(),
            seen_version=form.version.data,
        ):
            flash(_("The programme is saved."), "ok")
            return page_support.redirect_to("programme", event)
        form.version.renew(event.version)
    return _programme_page(event, form, page_support.status_of(form))


def _programme_page(
    event: Event, form: ProgrammeForm, status: int, *, touched: int | None = None
) -> tuple[str, int]:
    page = render_template(
        "event_desk/programme.html",
        event=event,
        form=form,
        days=days_of(form, event, touched=touched),
        is_editable=event.status in rules.EDITABLE_STATUSES,
        zone_name=choices.zone_name(event.time_zone, current_language()),
        most_items=MOST_ITEMS,
        most_speakers=MOST_SPEAKERS,
    )
    return page, status


@bp.route("/desk/events/<int:event_id>/questions", methods=["GET", "POST"])
@open_to(on_event(Right.EDIT_EVENT))
def questions(event: Event) -> Response | tuple[str, int]:
    """What is asked of those who register."""
    command = request.form.get("do")
    if command:
        seed = {"kind": QuestionKind.SHORT_TEXT.value}
        form = QuestionsForm(formdata=rearranged(request.form, command, seed))
        return _questions_page(event, form, 200)
    form = QuestionsForm(data=question_values(event, queries.active_questions(event.id)))
    if form.validate_on_submit():
        if accepted(
            form,
            service.set_questions,
            event.id,
            form.asks(),
            by=current_actor(),
            now=utc_now(),
            seen_version=form.version.data,
        ):
            flash(_("The questions are saved."), "ok")
            return page_support.redirect_to("questions", event)
        form.version.renew(event.version)
    return _questions_page(event, form, page_support.status_of(form))


def _questions_page(event: Event, form: QuestionsForm, status: int) -> tuple[str, int]:
    page = render_template(
        "event_desk/questions.html",
        event=event,
        form=form,
        is_editable=event.status in rules.EDITABLE_STATUSES,
        was_online=event.published_at is not None,
        most_questions=MOST_QUESTIONS,
        most_options=MOST_OPTIONS,
        kinds_with_options=sorted(CHOOSES),
    )
    return page, status
