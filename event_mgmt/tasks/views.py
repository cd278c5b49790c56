"""One's own tasks: what becomes of them, and their results."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import SIGNED_IN, open_to, session_user, viewer
from event_mgmt.core.clock import utc_now
from event_mgmt.files import downloads
from event_mgmt.tasks import queries, service, task_page
from event_mgmt.tasks.task_page import TaskView
from event_mgmt.web.forms import ConfirmForm
from event_mgmt.web.locale import current_language

bp = Blueprint("tasks", __name__)


@bp.get("/desk/tasks")
@open_to(SIGNED_IN)
def index() -> str:
    """One's own tasks of the last day."""
    own = queries.tasks_of(session_user().id)
    shown = task_page.views_of(own, locale=current_language(), now=utc_now())
    return render_template("tasks/index.html", tasks=shown)


@bp.get("/desk/tasks/<int:task_id>")
@open_to(SIGNED_IN)
def show(task_id: int) -> str:
    """How far one's task has come, then its result."""
    return render_template("tasks/show.html", task=_task(task_id))


@bp.get("/desk/tasks/<int:task_id>/progress")
@open_to(SIGNED_IN)
def progress(task_id: int) -> Response:
    """The part of the page that changes, for the script that asks every two seconds.

    As JSON: opened by itself, a part of a page would be a page without language and heading.
    """
    task = _task(task_id)
    part = jsonify(html=render_template("tasks/_progress.html", task=task), is_open=task.is_open)
    part.headers["Cache-Control"] = "no-store"
    return part


def _task(task_id: int) -> TaskView:
    task = queries.task_of(task_id, viewer=viewer())
    return task_page.view_of(task, locale=current_language(), now=utc_now())


@bp.post("/desk/tasks/<int:task_id>/stop")
@open_to(SIGNED_IN)
def stop(task_id: int) -> Response:
    """Let it be."""
    if ConfirmForm().validate_on_submit():
        service.cancel(task_id, viewer=viewer(), now=utc_now())
        flash(_("The task is stopped."), "ok")
    return redirect(url_for(".show", task_id=task_id), 303)


@bp.post("/desk/tasks/<int:task_id>/result")
@open_to(SIGNED_IN)
def result(task_id: int) -> Response:
    """Take the result; that is recorded first."""
    if not ConfirmForm().validate_on_submit():
        return redirect(url_for(".show", task_id=task_id), 303)
    file, name = service.take_result(task_id, viewer=viewer(), now=utc_now())
    answer = downloads.answer(file, name=name)
    if (answer.mimetype or "").startswith("text/"):  # we wrote it
        answer.content_type = f"{answer.mimetype}; charset=utf-8"
    return answer
