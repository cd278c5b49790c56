"""Importing a list: upload, what its columns are, a dry run, and only then the import."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import format_number, gettext as _, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import may, on_event, open_to, viewer
from event_mgmt.accounts.policy import Right
from event_mgmt.audit.service import By
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event, Question
from event_mgmt.events.words import EventStatus
from event_mgmt.registration_desk import queries, sentences as say
from event_mgmt.registration_desk.forms import pool_name
from event_mgmt.registration_desk.imports import (
    columns,
    plan as planning,
    reading,
    service,
    uploads,
)
from event_mgmt.registration_desk.imports.columns import Table
from event_mgmt.registration_desk.imports.forms import RunForm, UploadForm, columns_form
from event_mgmt.registration_desk.imports.models import Upload
from event_mgmt.registration_desk.imports.plan import Fate, Plan, Setting
from event_mgmt.registration_desk.imports.reading import MOST_BYTES, MOST_ROWS, FileRefused, Sheet
from event_mgmt.registration_desk.imports.sample import sample
from event_mgmt.registration_desk.rules import Outlook
from event_mgmt.registrations import rules
from event_mgmt.registrations.standing import terms_of
from event_mgmt.registrations.words import OPEN, Source, Status
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import OWN_NAMES, current_language

BODY_LIMIT: Final = MOST_BYTES + 1024 * 1024
"""So much a browser may send: more than a list may be, so that the form itself can say so."""

SAMPLE_ROWS: Final = 4
MOST_SHOWN: Final = 500


@dataclass(frozen=True)
class _Read:
    """An upload as it stands: the rows, what their columns are, what the event asks."""

    upload: Upload
    sheet: Sheet
    table: Table
    targets: tuple[str, ...]
    questions: list[Question]


@open_to(on_event(Right.EDIT_REGISTRATIONS))
def imports(event: Event) -> Response:
    """Choose a file."""
    if event.status is not EventStatus.PUBLISHED:
        flash(_("Only a published event takes registrations."), "info")
        return redirect(url_for(".index", event_id=event.id), 303)
    form = UploadForm(language=current_language())
    form.offer(queries.pools_of(event, viewer()))
    if form.validate_on_submit() and (done := accepted(form, _keep, event, form)):
        return redirect(url_for(done.value[1], event_id=event.id, token=done.value[0].token), 303)
    page = render_template(
        "registration_desk/imports.html",
        event=event,
        form=form,
        decides=may(Right.DECIDE_REGISTRATIONS) and event.approval_needed,
        labels=[str(label) for label in columns.LABELS.values()],
        most_rows=format_number(MOST_ROWS),
    )
    return make_response(page, 422 if form.is_submitted() else 200)


def _keep(event: Event, form: UploadForm) -> tuple[Upload, str]:
    """Keep the uploaded list, and tell which page comes next; FileRefused if it is none."""
    with closing(form.file.data) as file:
        contents = file.read(MOST_BYTES + 1)
    sheet = reading.read(contents)
    questions = _questions(event)
    table = columns.headed(sheet, questions)
    if not table.rows:
        raise reading.NothingThere
    upload = uploads.keep(
        contents,
        event_id=event.id,
        user_id=current_user.id,
        kept_at=utc_now(),
        file_name=(form.file.data.filename or "")[:120],
        pool_id=form.pool_id,
        locale=form.language.data,
        approved=bool(form.at_once.data) and may(Right.DECIDE_REGISTRATIONS),
        tells=bool(form.tells.data),
    )
    known = not columns.lacking(columns.recognise(table.header.cells, questions))
    return upload, ".import_check" if known else ".import_columns"


@open_to(on_event(Right.EDIT_REGISTRATIONS))
def import_columns(event: Event, token: str) -> Response:
    """Say by hand what the columns are, and in which characters the text is."""
    found = _open(event, token)
    header = _widened(found)
    form = columns_form(
        header,
        encoding=found.sheet.encoding,
        columns=list(found.targets) + [""] * (len(header) - len(found.targets)),
    )
    form.name_columns(header, found.questions)
    if not found.sheet.encoding:
        del form.encoding
    if form.validate_on_submit() and form.note_doubles(found.questions):
        encoding = form.encoding.data if form.encoding is not None else ""
        if encoding != found.sheet.encoding:
            uploads.choose(token, encoding=encoding, targets=())
            return redirect(url_for(".import_columns", event_id=event.id, token=token), 303)
        targets = form.targets(found.questions)
        uploads.choose(token, encoding=found.sheet.encoding, targets=targets)
        if not columns.lacking(targets):
            return redirect(url_for(".import_check", event_id=event.id, token=token), 303)
        found = replace(found, targets=targets)
    page = render_template(
        "registration_desk/import_columns.html",
        event=event,
        token=token,
        form=form,
        upload=found.upload,
        fields=list(zip(form.columns.entries, _examples(found, len(header)), strict=True)),
        lacking=[str(label) for label in columns.lacking(found.targets)],
    )
    return make_response(page, 422 if form.is_submitted() else 200)


def _widened(found: _Read) -> list[str]:
    """The headings, with empty ones for columns that have none."""
    widths = [len(row.cells) for row in (found.table.header, *found.table.rows)]
    cells = list(found.table.header.cells)
    return cells + [""] * (max(widths) - len(cells))


def _examples(found: _Read, width: int) -> list[list[str]]:
    """The first few values of each column."""
    examples: list[list[str]] = [[] for _column in range(width)]
    for row in found.table.rows:
        for place, cell in enumerate(row.cells):
            shown = cell[:60]
            if shown and shown not in examples[place] and len(examples[place]) < SAMPLE_ROWS:
                examples[place].append(shown)
    return examples


@open_to(on_event(Right.EDIT_REGISTRATIONS))
def import_check(event: Event, token: str) -> Response:
    """Show what would happen, row by row; sent, it happens."""
    try:
        found = _open(event, token)
    except Missing:
        if request.method != "POST":
            raise
        flash(
            _("This list has been imported, or a day has passed. Please look at the list."), "info"
        )
        return redirect(url_for(".index", event_id=event.id), 303)
    if columns.lacking(found.targets):
        return redirect(url_for(".import_columns", event_id=event.id, token=token), 303)
    form = RunForm()
    planned = _plan(event, found)
    if form.validate_on_submit() and _may_run(form, planned):
        done = accepted(
            form,
            service.enter_all,
            event.id,
            planning.parties_of(planned.parties),
            token=found.upload.token,
            pool_id=found.upload.pool_id,
            approved=found.upload.approved,
            tells=found.upload.tells,
            by=By.user(current_user.id),
            now=utc_now(),
        )
        if done is not None:
            return _imported(event, done.value)
    page = _check_page(event, found, planned, form)
    return make_response(page, 422 if form.is_submitted() else 200)


def _may_run(form: RunForm, planned: Plan) -> bool:
    if planned.problems and not form.leave_out.data:
        form.leave_out.errors = [_("Please mend the rows with problems, or leave them out.")]
        return False
    return bool(planned.parties)


def _imported(event: Event, done: service.Imported) -> Response:
    entered = sum(done.entered.values())
    words = ngettext(
        "%(num)d registration is imported.", "%(num)d registrations are imported.", entered
    )
    flash(f"{words} {say.mails(done.told)}", "ok")
    return redirect(url_for(".index", event_id=event.id), 303)


def _check_page(event: Event, found: _Read, planned: Plan, form: RunForm) -> str:
    upload = found.upload
    pools = queries.pools_of(event, viewer())
    people = sum(row.seats for row in planned.parties)
    seats = sum(row.seats for row in planned.parties if row.status is Status.CONFIRMED)
    return render_template(
        "registration_desk/import_check.html",
        event=event,
        token=upload.token,
        upload=upload,
        sheet=found.sheet,
        form=form,
        planned=planned,
        rows=planned.rows[:MOST_SHOWN],
        hidden=max(0, len(planned.rows) - MOST_SHOWN),
        problems=planned.problems,
        counts=planned.counts,
        Fate=Fate,
        people=people,
        sentences=say.foreseen(Outlook(reached=planned.reached, seats=seats)),
        mails=say.mails(len(planned.parties) if upload.tells else 0),
        contingent=next((pool_name(p) for p in pools if p.id == upload.pool_id), "")
        if len(pools) > 1
        else "",
        language=OWN_NAMES[upload.locale],
    )


def _plan(event: Event, found: _Read) -> Plan:
    setting = Setting(
        questions=found.questions,
        known=queries.known_of(event.id, OPEN),
        locale=found.upload.locale,
        country=event.country,
    )
    terms = terms_of(event)
    waits = rules.before_seats(terms, source=Source.IMPORT, approved=found.upload.approved)
    planned = planning.plan(found.table, found.targets, setting)
    return planning.foresee(planned, found.upload.pool_id, queries.seats_of(event.id), terms, waits)


@open_to(on_event(Right.EDIT_REGISTRATIONS))
def import_sample(event: Event) -> Response:
    """A list to fill in."""
    response = make_response(sample())
    response.mimetype = "text/csv"
    name = f"{event.slug}-import.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _open(event: Event, token: str) -> _Read:
    """The uploaded list as it stands; Missing where this person has none under that name."""
    upload = uploads.upload_of(token, event_id=event.id, user_id=current_user.id, now=utc_now())
    contents = upload.contents
    try:
        sheet = reading.read(contents, encoding=upload.encoding)
    except FileRefused:
        # It was read when it came, so that only the chosen characters can be at fault.
        sheet = reading.read(contents)
        flash(_("The list cannot be read with these characters."), "warn")
    questions = _questions(event)
    table = columns.headed(sheet, questions)
    targets = tuple(upload.targets) or columns.recognise(table.header.cells, questions)
    return _Read(upload, sheet, table, targets, questions)


def _questions(event: Event) -> list[Question]:
    return [q for q in queries.questions_of(event.id) if q.retired_at is None]


def _take_larger_bodies(endpoint: str | None, _values: Any) -> None:
    if endpoint == "registration_desk.imports":
        request.max_content_length = BODY_LIMIT


def attach(bp: Blueprint) -> None:
    """Give all of these their addresses, and the upload room."""
    here = "/desk/events/<int:event_id>/registrations/import"
    both = ["GET", "POST"]
    bp.add_url_rule(here, view_func=imports, methods=both)
    bp.add_url_rule(f"{here}/sample.csv", view_func=import_sample)
    bp.add_url_rule(f"{here}/<token>", view_func=import_check, methods=both)
    bp.add_url_rule(f"{here}/<token>/columns", view_func=import_columns, methods=both)
    # Before anything reads the body, also before the check of its CSRF token.
    bp.url_value_preprocessor(_take_larger_bodies)
