"""The page on which a list is uploaded, and what becomes of the list until it is imported."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import closing

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import format_number, gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import may, session_user, viewer
from event_mgmt.accounts.policy import Right
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing
from event_mgmt.core.sizes import size_text
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event, Question
from event_mgmt.events.queries import all_questions
from event_mgmt.registration_desk import queries
from event_mgmt.registration_desk.imports import uploads
from event_mgmt.registration_desk.imports.forms import UploadForm, shown_name
from event_mgmt.registration_desk.imports.headings import LABELS
from event_mgmt.registration_desk.imports.models import Upload
from event_mgmt.registration_desk.imports.opened_list import open_list
from event_mgmt.registration_desk.imports.sheets import MOST_BYTES, MOST_ROWS
from event_mgmt.registration_desk.imports.uploads import ReadingChoice
from event_mgmt.web.locale import current_language

ListView = Callable[[Event, str], Response]


def form_for(event: Event) -> UploadForm:
    """The upload's form, its choices taken from the event."""
    form = UploadForm(language=current_language())
    form.offer(queries.pools_of(event, viewer()))
    return form


def upload_page(event: Event, form: UploadForm, status: int, *, is_gone: bool = False) -> Response:
    """The page; ``is_gone``: in place of a list that is no longer here."""
    page = render_template(
        "registration_desk/imports.html",
        event=event,
        form=form,
        gone=gone() if is_gone else "",
        decides=may(Right.DECIDE_REGISTRATIONS) and event.approval_needed,
        labels=[str(label) for label in LABELS.values()],
        most_rows=format_number(MOST_ROWS),
        most_bytes=MOST_BYTES,
        most_size=size_text(MOST_BYTES),
    )
    return make_response(page, status)


def gone() -> str:
    """What is said of a list that is not stored any more, or never was this person's."""
    return _(
        "This list is no longer here: it has been imported, another one has taken its place, or a"
        " day has passed."
    )


def answers_missing_list(view: ListView) -> ListView:
    """A view of an uploaded list, in whose place another one can be uploaded once it is gone."""

    @functools.wraps(view)
    def looked_for(event: Event, token: str) -> Response:
        try:
            return view(event, token)
        except Missing:
            if request.method == "POST":
                flash(gone(), "info")
                return redirect(url_for(".index", event_id=event.id), 303)
        if event.status is not EventStatus.PUBLISHED:
            raise Missing
        return upload_page(event, form_for(event), 404, is_gone=True)

    return looked_for


def keep_upload(event: Event, form: UploadForm) -> tuple[Upload, str]:
    """Keep the uploaded list, and tell which page comes next; FileRefused if it is none."""
    with closing(form.file.data) as file:
        contents = file.read(MOST_BYTES + 1)
    found = open_list(contents, ReadingChoice(), questions_of(event))
    upload = uploads.keep(
        contents,
        event_id=event.id,
        user_id=session_user().id,
        kept_at=utc_now(),
        file_name=shown_name(form.file.data.filename or ""),
        pool_id=form.pool_id,
        locale=form.language.data,
        approved=bool(form.at_once.data) and may(Right.DECIDE_REGISTRATIONS),
        tells=bool(form.tells.data),
    )
    return upload, ".import_columns" if found.needs_columns else ".import_check"


def questions_of(event: Event) -> list[Question]:
    """The event's questions but the retired ones, in their order."""
    return [q for q in all_questions(event.id) if q.retired_at is None]
