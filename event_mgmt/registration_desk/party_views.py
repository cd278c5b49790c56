"""One party at the desk: all that is known of it, and all that can be done for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import current_actor, may, on, open_to, viewer
from event_mgmt.accounts.policy import Right
from event_mgmt.core.clock import utc_now
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.events.models import Event, Question
from event_mgmt.events.queries import all_questions
from event_mgmt.mail.kinds import mail_kind_label
from event_mgmt.registration_desk import commands as desk_service, desk_texts, queries
from event_mgmt.registration_desk.blueprint import bp
from event_mgmt.registration_desk.forms import (
    AddressForm,
    DeskChangeForm,
    NoteForm,
    ReasonForm,
    desk_form_class,
    pool_name,
)
from event_mgmt.registration_desk.party_actions import actions_for
from event_mgmt.registrations import commands, rules
from event_mgmt.registrations.changes import proposal_commands, proposal_summary
from event_mgmt.registrations.enums import HOLDS_SEATS, OPEN, Status
from event_mgmt.registrations.lifecycle import persistence
from event_mgmt.registrations.lifecycle.waiting_list import position_of
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.registrations.party_forms import form_values
from event_mgmt.registrations.people.person_matching import with_unshown_details
from event_mgmt.registrations.questions.answer_text import AnswerText, answer_texts
from event_mgmt.web.forms import ConfirmForm, accepted
from event_mgmt.web.locale import OWN_NAMES, current_language

_PARTY: Final = "/desk/events/<int:event_id>/registrations/<int:registration_id>"


@bp.get(_PARTY)
@open_to(on("registration_id", Right.SEE_ATTENDEES))
def show(event: Event, registration: Registration) -> Response:
    """The party with people, answers, history and mails."""
    return _shown(event, registration)


@bp.post(f"{_PARTY}/sensitive")
@open_to(on("registration_id", Right.SEE_SENSITIVE))
def reveal(event: Event, registration: Registration) -> Response:
    """The same page with the sensitive answers; that somebody looked is noted first."""
    if ConfirmForm().validate_on_submit() and _has_sensitive(registration):
        desk_service.record_sensitive_read(registration.id, by=current_actor(), now=utc_now())
        registration = queries.party_of(event, viewer(), registration.id)
        return _shown(event, registration, sensitive=True)
    return _to(event, registration.id)


def _shown(
    event: Event,
    registration: Registration,
    *,
    sensitive: bool = False,
    proposal_form: ReasonForm | None = None,
) -> Response:
    questions = all_questions(event.id)
    pools = queries.pools_of(event, viewer())
    mails = queries.mails_of(registration.id) if may(Right.SEE_MESSAGES) else []
    page = make_response(
        render_template(
            "registration_desk/show.html",
            event=event,
            registration=registration,
            contact=registration.attendees[0],
            people=[
                (attendee, _answers(questions, attendee, sensitive=sensitive))
                for attendee in registration.attendees
            ],
            sensitive=sensitive,
            may_reveal=may(Right.SEE_SENSITIVE) and _has_sensitive(registration) and not sensitive,
            position=position_of(registration),
            contingent=next((pool_name(p) for p in pools if p.id == registration.pool_id), "")
            if len(pools) > 1
            else "",
            history=queries.history_of(registration.id) if may(Right.EDIT_REGISTRATIONS) else [],
            mails=mails,
            mail_errors=queries.delivery_errors(mails),
            proposal=proposal_summary.summary_of(registration),
            proposal_form=proposal_form or ReasonForm(formdata=None, prefix="change-"),
            say=desk_texts,
            mail_kind_label=mail_kind_label,
            language=OWN_NAMES.get(registration.locale, registration.locale),
            actions=actions_for(registration),
            tells_status=rules.announces_status(registration.status, event.status),
            note=NoteForm(formdata=None, data={"note": registration.staff_note}),
        ),
        422 if proposal_form else 200,
    )
    page.headers["Cache-Control"] = "private, no-store"
    return page


def _has_sensitive(registration: Registration) -> bool:
    return any(attendee.sensitive for attendee in registration.attendees)


def _answers(
    questions: Iterable[Question], attendee: Attendee, *, sensitive: bool
) -> list[AnswerText]:
    given = dict(attendee.answers)
    if sensitive and attendee.sensitive:
        given |= attendee.sensitive.answers
    return answer_texts(questions, given, current_language())


@bp.post(f"{_PARTY}/note")
@open_to(on("registration_id", Right.EDIT_REGISTRATIONS))
def note(event: Event, registration: Registration) -> Response:
    """Keep the staff's note."""
    form = NoteForm()
    if form.validate_on_submit():
        desk_service.save_note(
            registration.id, form.note.data or "", by=current_actor(), now=utc_now()
        )
        flash(_("The note is saved."), "ok")
    else:
        for _field, words in form.problems():
            flash(words, "danger")
    return _to(event, registration.id)


@bp.route(f"{_PARTY}/edit", methods=["GET", "POST"])
@open_to(on("registration_id", Right.EDIT_REGISTRATIONS), form_checks_csrf=True)
def edit(event: Event, registration: Registration) -> Response:
    """Change contact, companions and answers; the contact is told by mail."""
    if registration.status not in OPEN:
        return _to(event, registration.id)
    stored = persistence.party_of(registration)
    opens = "open_sensitive" in request.form
    sensitive = (opens or "with_sensitive" in request.form) and may(Right.SEE_SENSITIVE)
    asked = _asked(event, sensitive=sensitive)
    kind = desk_form_class(DeskChangeForm, asked, stored=stored)
    values = form_values(stored, asked)
    form = kind(formdata=None, data=values) if opens else kind(data=values)
    if opens:
        if sensitive and ConfirmForm().validate_on_submit():
            desk_service.record_sensitive_read(registration.id, by=current_actor(), now=utc_now())
            registration = queries.party_of(event, viewer(), registration.id)
        else:
            return _to(event, registration.id)
    elif "add_companion" in request.form and form.may_add:
        form.companions.append_entry()
    elif form.validate_on_submit():
        keys = [str(question.id) for question in asked]
        party = with_unshown_details(stored, form.party(registration.locale), question_ids=keys)
        if accepted(
            form, commands.change, registration.id, party, by=current_actor(), now=utc_now()
        ):
            flash(_("The changes are saved."), "ok")
            return _to(event, registration.id)
    failed = form.is_submitted() and not opens and "add_companion" not in request.form
    page = render_template(
        "registration_desk/edit.html",
        event=event,
        registration=registration,
        form=form,
        is_waitlisted=registration.status is Status.WAITLISTED,
        sensitive=sensitive,
        keeps_sensitive=not sensitive and _has_sensitive(registration),
        tells_changes=rules.announces_changes(event.status),
    )
    return make_response(page, 422 if failed else 200)


def _asked(event: Event, *, sensitive: bool) -> list[Question]:
    """The questions of the form: sensitive ones, and those that hang on them, only where somebody
    may see the answers.
    """
    asked: dict[int, Question] = {}
    for question in all_questions(event.id):
        is_seen = sensitive or not question.is_sensitive
        depends_on = question.shown_if_question
        if question.retired_at is None and is_seen and (depends_on is None or depends_on in asked):
            asked[question.id] = question
    return list(asked.values())


@bp.route(
    f"{_PARTY}/address",
    methods=["GET", "POST"],
)
@open_to(on("registration_id", Right.EDIT_REGISTRATIONS))
def address(event: Event, registration: Registration) -> Response | str:
    """Correct the e-mail address, for instance after a mail came back."""
    if registration.status not in OPEN:
        return _to(event, registration.id)
    form = AddressForm(data={"email": registration.email})
    if form.validate_on_submit() and accepted(
        form,
        desk_service.correct_address,
        registration.id,
        form.email.data or "",
        by=current_actor(),
        now=utc_now(),
    ):
        flash(_("From now on mails go to %(address)s.", address=form.email.data), "ok")
        return _to(event, registration.id)
    return render_template(
        "registration_desk/address.html",
        event=event,
        registration=registration,
        form=form,
        tells_status=rules.announces_status(registration.status, event.status),
    )


@bp.route(
    f"{_PARTY}/cancel",
    methods=["GET", "POST"],
)
@open_to(on("registration_id", Right.EDIT_REGISTRATIONS))
def cancel(event: Event, registration: Registration) -> Response | str:
    """Ask once more, then call off for the guest."""
    if registration.status not in OPEN:
        return _to(event, registration.id)
    form = ReasonForm()
    if form.validate_on_submit() and accepted(
        form,
        commands.cancel,
        registration.id,
        by=current_actor(),
        now=utc_now(),
        reason=form.reason.data or "",
    ):
        flash(_("The registration is called off."), "ok")
        return _to(event, registration.id)
    return render_template(
        "registration_desk/cancel.html",
        event=event,
        registration=registration,
        form=form,
        frees_seats=registration.status in HOLDS_SEATS,
    )


@bp.post(f"{_PARTY}/resend")
@open_to(on("registration_id", Right.EDIT_REGISTRATIONS))
def resend(event: Event, registration: Registration) -> Response:
    """Send the last mail about the status again."""
    return _do(
        event, registration.id, desk_service.resend_status_mail, _("The mail goes out once more.")
    )


@bp.post(f"{_PARTY}/renew-link")
@open_to(on("registration_id", Right.EDIT_REGISTRATIONS))
def renew_link(event: Event, registration: Registration) -> Response:
    """End the personal link and send a new one, where there is something to write."""
    words = _("The old link leads nowhere now.")
    if rules.announces_status(registration.status, event.status):
        words = _("The old link leads nowhere now; a mail with a new one goes out.")
    return _do(event, registration.id, desk_service.renew_link, words)


@bp.post(f"{_PARTY}/change-decision")
@open_to(on("registration_id", Right.DECIDE_REGISTRATIONS))
def decide_change(event: Event, registration: Registration) -> Response:
    """Accept or decline what the guest proposes."""
    form = ReasonForm(prefix="change-")
    accept = request.form.get("accept") == "1"
    if form.validate_on_submit() and accepted(
        form,
        proposal_commands.decide_proposal,
        registration.id,
        seen=request.form.get("seen", ""),
        accept=accept,
        reason=form.reason.data or "",
        by=current_actor(),
        now=utc_now(),
    ):
        words = _("The change is accepted; one mail tells the guest.")
        if not accept:
            words = _("The change is declined; one mail tells the guest.")
        flash(words, "ok")
        return _to(event, registration.id)
    registration = queries.party_of(event, viewer(), registration.id)
    if proposal_summary.summary_of(registration) is None:  # there is no form any more to say it in
        for _field, words in form.problems():
            flash(words, "warn")
        return _to(event, registration.id)
    return _shown(event, registration, proposal_form=form)


@bp.post(f"{_PARTY}/offer")
@open_to(on("registration_id", Right.DECIDE_REGISTRATIONS))
def offer(event: Event, registration: Registration) -> Response:
    """Give a waiting party its seats before its turn."""
    words = _("The seats are given; the mail about it goes out.")
    if registration.status is not Status.WAITLISTED:
        return _to(event, registration.id)
    return _do(event, registration.id, desk_service.offer_seats_now, words)


def _do(event: Event, registration_id: int, verb: Callable[..., object], words: str) -> Response:
    if ConfirmForm().validate_on_submit():
        try:
            verb(registration_id, by=current_actor(), now=utc_now())
        except Missing:
            raise
        except Refusal as refusal:
            flash(str(refusal), "warn")
        else:
            flash(words, "ok")
    return _to(event, registration_id)


def _to(event: Event, registration_id: int) -> Response:
    there = url_for("registration_desk.show", event_id=event.id, registration_id=registration_id)
    return redirect(there, 303)
