"""Importing a list: upload, how it is read, a dry run, and only then the import."""

from __future__ import annotations

from typing import Final

from flask import (
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import current_actor, on_event, open_to, session_user
from event_mgmt.accounts.policy import Right
from event_mgmt.core.clock import utc_now
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.events.registration_state import terms_of_event
from event_mgmt.registration_desk import desk_texts as say, queries
from event_mgmt.registration_desk.blueprint import bp
from event_mgmt.registration_desk.imports import (
    check_page,
    columns,
    dry_run as planning,
    service,
    upload_response,
    uploads,
)
from event_mgmt.registration_desk.imports.check_page import UPLOAD_LIMIT
from event_mgmt.registration_desk.imports.forms import (
    RunForm,
    columns_form,
    read_form,
)
from event_mgmt.registration_desk.imports.import_plan import ImportContext, ImportPlan
from event_mgmt.registration_desk.imports.models import Upload
from event_mgmt.registration_desk.imports.opened_list import OpenedList, open_list
from event_mgmt.registration_desk.imports.sample import sample
from event_mgmt.registration_desk.imports.sheets import FileRefused
from event_mgmt.registration_desk.imports.uploads import ReadingChoice, choice_of
from event_mgmt.registrations import rules
from event_mgmt.registrations.enums import OPEN, Source, Status
from event_mgmt.web.forms import accepted
from event_mgmt.web.uploads import allow_larger_bodies

_LISTS: Final = "/desk/events/<int:event_id>/registrations/import"
allow_larger_bodies(bp, "registration_desk.imports", UPLOAD_LIMIT)

ENDED: Final = frozenset({Status.DECLINED, Status.CANCELLED})


@bp.route(_LISTS, methods=["GET", "POST"])
@open_to(on_event(Right.EDIT_REGISTRATIONS), form_checks_csrf=True)
def imports(event: Event) -> Response:
    """Upload a list; a file that is no list is refused with how to get one from there."""
    if event.status is not EventStatus.PUBLISHED:
        flash(_("Only a published event takes registrations."), "info")
        return redirect(url_for(".index", event_id=event.id), 303)
    form = upload_response.form_for(event)
    if form.validate_on_submit() and (
        done := accepted(form, upload_response.keep_upload, event, form)
    ):
        return redirect(url_for(done.value[1], event_id=event.id, token=done.value[0].token), 303)
    return upload_response.upload_page(event, form, 422 if form.is_submitted() else 200)


@bp.post(f"{_LISTS}/<token>/reading")
@open_to(on_event(Right.EDIT_REGISTRATIONS))
@upload_response.answers_missing_list
def import_reading(event: Event, token: str) -> Response:
    """Say which sheet is read, which row holds the headings, in which characters."""
    upload, found = _open(event, token)
    form = read_form(found)
    there = url_for(".import_check", event_id=event.id, token=token)
    if request.method == "POST" and form.validate():
        choice = form.choice(found.choice)
        try:
            open_list(upload.contents, choice, upload_response.questions_of(event))
        except FileRefused as refusal:
            flash(_("The list cannot be read like this: %(why)s", why=str(refusal)), "warn")
        else:
            uploads.choose_reading(token, choice)
    elif request.method == "POST":
        flash(_("Please choose once more how the list is read."), "warn")
    return redirect(there, 303)


@bp.route(f"{_LISTS}/<token>/columns", methods=["GET", "POST"])
@open_to(on_event(Right.EDIT_REGISTRATIONS))
@upload_response.answers_missing_list
def import_columns(event: Event, token: str) -> Response:
    """Say by hand what the columns are."""
    upload, found = _open(event, token)
    questions = upload_response.questions_of(event)
    form = columns_form(found.table, found.targets, questions)
    lacks = columns.lacking(found.targets)
    if form.is_stale:
        words = _("The file is read otherwise by now. Please look at its columns once more.")
        form.form_errors.append(words)
    elif form.validate_on_submit():
        targets = form.targets(found.table.width, questions)
        if form.note_doubles(targets):
            uploads.choose_columns(token, targets=targets)
            lacks = columns.lacking(targets)
            if not lacks:
                there = url_for(".import_check", event_id=event.id, token=token)
                return redirect(there, 303)
    page = render_template(
        "registration_desk/import_columns.html",
        event=event,
        token=token,
        form=form,
        upload=upload,
        fields=[
            (entry, found.table.examples(place))
            for place, entry in zip(form.places, form.columns.entries, strict=True)
        ],
        lacking=[str(label) for label in lacks],
        guessed=found.table.header is None,
        reading=check_page.reading(found),
    )
    return make_response(page, 422 if form.is_submitted() else 200)


@bp.route(f"{_LISTS}/<token>", methods=["GET", "POST"])
@open_to(on_event(Right.EDIT_REGISTRATIONS))
@upload_response.answers_missing_list
def import_check(event: Event, token: str) -> Response:
    """Show what would happen, row by row; sent, it happens."""
    upload, found = _open(event, token)
    if found.needs_columns:
        return redirect(url_for(".import_columns", event_id=event.id, token=token), 303)
    form = RunForm()
    planned = _plan(event, upload, found)
    form.count(planned)
    if form.validate_on_submit():
        if cells := check_page.corrections(request.form, planned, found.table):
            uploads.correct_cells(token, cells)
            if "mend" not in request.form:
                words = _("Your corrections are taken over. Please look once more, then import.")
                flash(words, "info")
            return redirect(url_for(".import_check", event_id=event.id, token=token), 303)
        if "mend" in request.form:
            return redirect(url_for(".import_check", event_id=event.id, token=token), 303)
        if (
            _is_as_shown(form, planned)
            and _may_run(form, planned)
            and (done := _run(event, upload, planned, form))
        ):
            return _imported(event, done)
    page = check_page.page(event, upload, found, planned, form)
    return make_response(page, 422 if form.is_submitted() else 200)


def _is_as_shown(form: RunForm, planned: ImportPlan) -> bool:
    """Whether what would happen is what the page showed; else it is shown again."""
    if form.seen.data in {"", None, check_page.fingerprint(planned)}:
        return True
    form.form_errors.append(
        _(
            "Something has changed since this page was shown, such as seats, registrations or how"
            " the list is read. Please look once more, then import."
        )
    )
    return False


def _may_run(form: RunForm, planned: ImportPlan) -> bool:
    if planned.problems and not form.leave_out.data:
        form.leave_out.errors = [_("Please mend the rows with problems, or leave them out.")]
    if planned.left_behind and not form.leave_values.data:
        form.leave_values.errors = [
            _("Please mend the values that cannot be read, or leave them out.")
        ]
    return bool(planned.parties) and not (form.leave_out.errors or form.leave_values.errors)


def _run(
    event: Event, upload: Upload, planned: ImportPlan, form: RunForm
) -> service.Imported | None:
    done = accepted(
        form,
        service.enter_all,
        event.id,
        planning.parties_of(planned.parties),
        wishes=planning.wishes_of(planned.parties),
        token=upload.token,
        pool_id=upload.pool_id,
        approved=upload.approved,
        tells=upload.tells,
        by=current_actor(),
        now=utc_now(),
    )
    return done.value if done is not None else None


def _imported(event: Event, done: service.Imported) -> Response:
    entered = sum(done.entered.values())
    if not entered:
        flash(_("Everybody on this list is registered already."), "info")
        return redirect(url_for(".index", event_id=event.id), 303)
    words = ngettext(
        "%(num)d registration is imported.", "%(num)d registrations are imported.", entered
    )
    flash(f"{words} {say.mails(done.mailed)}", "ok")
    return redirect(url_for(".index", event_id=event.id), 303)


def _plan(event: Event, upload: Upload, found: OpenedList) -> ImportPlan:
    setting = ImportContext(
        questions=upload_response.questions_of(event),
        known=queries.registered_contacts(event.id, OPEN),
        locale=upload.locale,
        country=event.country,
        past=queries.registered_contacts(event.id, ENDED),
    )
    terms = terms_of_event(event)
    waits = rules.before_seats(terms, source=Source.IMPORT, approved=upload.approved)
    planned = planning.plan(found.table, found.targets, setting)
    return planning.forecast_statuses(
        planned, upload.pool_id, queries.pool_seats(event.id), terms, waits
    )


@bp.get(f"{_LISTS}/sample.csv")
@open_to(on_event(Right.EDIT_REGISTRATIONS))
def import_sample(event: Event) -> Response:
    """A CSV file with our headings and some guests, to be filled in (sample.py)."""
    response = make_response(sample())
    response.mimetype = "text/csv"
    name = f"{event.slug}-import.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _open(event: Event, token: str) -> tuple[Upload, OpenedList]:
    """The uploaded list as it stands; Missing where this person has none under that name."""
    upload = uploads.upload_of(token, event_id=event.id, user_id=session_user().id, now=utc_now())
    questions = upload_response.questions_of(event)
    contents = upload.contents
    try:
        found = open_list(
            contents,
            choice_of(upload),
            questions,
            targets=upload.targets,
            mends=upload.mends,
        )
    except FileRefused:  # what is read otherwise by now: as it was when it came
        found = open_list(contents, ReadingChoice(), questions)
    return upload, found
