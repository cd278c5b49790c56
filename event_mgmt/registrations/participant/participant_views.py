"""The participant's own page: reached by a personal link, shown at a clean address.

The link's token is exchanged for an entry in the signed session cookie at once, so that it stays
in no history and goes out with no Referer. What changes something is a POST: mail scanners follow
every link.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import (
    abort,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.audit.service import PARTICIPANT
from event_mgmt.core import tokens
from event_mgmt.core.clock import utc_now
from event_mgmt.core.privacy_notice import PRIVACY_VERSION
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.events.calendar import calendar_object
from event_mgmt.events.registration_state import terms_of_event
from event_mgmt.mail import queries as mail_queries
from event_mgmt.mail.kinds import mail_kind_label
from event_mgmt.registrations import address_commands, commands, offer_commands, rules
from event_mgmt.registrations.blueprint import bp
from event_mgmt.registrations.changes import proposal_commands, proposal_summary
from event_mgmt.registrations.enums import OPEN, Status
from event_mgmt.registrations.lifecycle import calendar_entries, persistence, waiting_list
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.page_frame import page_frame
from event_mgmt.registrations.participant import participant_list, queries
from event_mgmt.registrations.participant.overview import overview_of
from event_mgmt.registrations.party_forms import PartyForm, form_class, form_values
from event_mgmt.registrations.people.person_matching import with_unshown_details
from event_mgmt.registrations.questions.answer_text import AnswerText, answer_texts
from event_mgmt.registrations.refusals import ChangesClosed
from event_mgmt.registrations.registrable_event import RegistrableEvent, registrable_event
from event_mgmt.registrations.status_text import status_text_of
from event_mgmt.web import wrong_links
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language
from event_mgmt.web.paging import Pagination, page_number

PURPOSE: Final = "registration"
LINKS: Final = "registrations"
MOST_LINKS: Final = 8
"""So many pages stay open in one browser; a secretariat opens several."""

NAMES_PER_PAGE: Final = 100


@bp.get("/registration/<token>")
@open_to(ANYONE)
def enter(token: str) -> Response:
    """Exchange a personal link for a session entry. Changes nothing else."""
    with wrong_links.limit_wrong_links():
        registration_id, version = tokens.read(PURPOSE, token)
        if not queries.is_link_valid(registration_id, version):
            raise Missing
    links = {key: value for key, value in _links().items() if key != str(registration_id)}
    newest = list(links.items())[-(MOST_LINKS - 1) :]
    session[LINKS] = dict([*newest, (str(registration_id), version)])
    return _private(redirect(url_for("registrations.page", registration_id=registration_id), 303))


def _links() -> dict[str, int]:
    links: dict[str, int] = session.get(LINKS) or {}
    return links


def _mine(
    registration_id: int, *, include_erased: bool = False
) -> tuple[Registration, RegistrableEvent]:
    """The registration that this browser's link opened; Missing where there is none.

    One whose details were erased has a page that says so, and nothing else.
    """
    version = _links().get(str(registration_id))
    if version is None:
        raise Missing
    registration = queries.registration_by_link(registration_id, version)
    if registration.erased_at is not None and not include_erased:
        abort(_back(registration_id))
    return registration, registrable_event(registration.event_id)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _show(
    template: str, registration: Registration, registrable: RegistrableEvent, **more: object
) -> Response:
    status = more.pop("http_status", 200)
    page = render_template(
        f"registrations/{template}.html",
        registration=registration,
        **page_frame(registrable),
        **more,
    )
    return _private(make_response(page, status))


@bp.get("/my-registration/<int:registration_id>")
@open_to(ANYONE)
def page(registration_id: int) -> Response:
    """How things stand, and what can be done."""
    registration, registrable = _mine(registration_id, include_erased=True)
    if registration.erased_at is not None:
        return _show("erased", registration, registrable)
    terms, now = terms_of_event(registrable.event), utc_now()
    return _show(
        "overview",
        registration,
        registrable,
        status_text=status_text_of(
            registration, registrable.event, waiting_list.position_of(registration)
        ),
        overview=overview_of(registration, terms, now=now),
        data_access=queries.data_access_of(registration, registrable),
        mails=mail_queries.messages_about(registration_id),
        waiting_count=address_commands.count_waiting_for_address(registration),
        proposal=proposal_summary.summary_of(registration) if registration.status in OPEN else None,
        mail_kind_label=mail_kind_label,
        answers=_answers(registration, registrable),
    )


def _answers(registration: Registration, registrable: RegistrableEvent) -> list[list[AnswerText]]:
    """Everybody's answers, also to questions that are asked no more, in the order of the people."""
    people = persistence.party_of(registration).people
    given = [person.every_answer for person in people]
    questions = registrable.event.questions if any(given) else []
    return [answer_texts(questions, answers, current_language()) for answers in given]


@bp.route("/my-registration/<int:registration_id>/change", methods=["GET", "POST"])
@open_to(ANYONE)
def change(registration_id: int) -> Response:
    """Change contact, companions and answers."""
    registration, registrable = _mine(registration_id)
    if registration.status not in OPEN:
        return _back(registration_id)
    terms = terms_of_event(registrable.event)
    if not rules.may_change(terms, now=utc_now()):
        return _refused(registration_id, ChangesClosed())
    stored = proposal_commands.requested_party(registration)
    largest = max(registrable.event.largest_party, registration.seats, stored.seats)
    kind = form_class(PartyForm, registrable.questions, largest_party=largest, stored=stored)
    form: PartyForm = kind(data=form_values(stored, registrable.questions))
    if "add_companion" in request.form and form.may_add:
        form.companions.append_entry()
    elif form.validate_on_submit():
        asked = [str(question.id) for question in registrable.questions]
        party = with_unshown_details(stored, form.party(registration.locale), question_ids=asked)
        if accepted(form, commands.change, registration_id, party, by=PARTICIPANT, now=utc_now()):
            flash(proposal_summary.saved_message(registration_id), "ok")
            return _back(registration_id)
    failed = form.is_submitted() and "add_companion" not in request.form
    return _show(
        "change",
        registration,
        registrable,
        form=form,
        is_waitlisted=registration.status is Status.WAITLISTED,
        decides=proposal_commands.is_approved(
            terms_of_event(registrable.event), registration.status
        ),
        checks_address=registrable.event.address_check
        and registration.status is not Status.UNCONFIRMED,
        http_status=422 if failed else 200,
    )


@bp.route("/my-registration/<int:registration_id>/cancel", methods=["GET", "POST"])
@open_to(ANYONE)
def cancel(registration_id: int) -> Response:
    """Ask once more, then call off."""
    registration, registrable = _mine(registration_id)
    if request.method != "POST":
        if registration.status not in OPEN:
            return _back(registration_id)
        checked_in = registration.is_anybody_checked_in
        try:
            rules.check_cancellable(
                terms_of_event(registrable.event), checked_in=checked_in, now=utc_now()
            )
        except Refusal as refusal:
            return _refused(registration_id, refusal)
        return _show("cancel", registration, registrable)
    return _do(registration_id, commands.cancel, by=PARTICIPANT)


@bp.get("/my-registration/<int:registration_id>/participants")
@open_to(ANYONE)
def others(registration_id: int) -> Response:
    """Who else is coming, as far as they agreed to be named."""
    registration, registrable = _mine(registration_id)
    if not rules.may_see_others(registration.status, registrable.event.status):
        raise Missing
    number = page_number()
    found = participant_list.other_participants(
        registration,
        locale=current_language(),
        first=(number - 1) * NAMES_PER_PAGE,
        size=NAMES_PER_PAGE,
    )
    pager = Pagination(total=found.total, number=number, size=NAMES_PER_PAGE)
    return _show("participants", registration, registrable, participants=found, pager=pager)


@bp.post("/my-registration/<int:registration_id>/share-name")
@open_to(ANYONE)
def share_name(registration_id: int) -> Response:
    """Put one's own name on the list of participants, or take it off."""
    _mine(registration_id)
    shares = request.form.get("shares_name") == "1"
    now = utc_now()
    participant_list.share_name(
        registration_id, shares=shares, privacy_version=PRIVACY_VERSION, now=now
    )
    flash(_("Your name is on the list.") if shares else _("Your name is off the list."), "ok")
    return _private(redirect(url_for("registrations.others", registration_id=registration_id), 303))


@bp.post("/my-registration/<int:registration_id>/withdraw-change")
@open_to(ANYONE)
def withdraw_change(registration_id: int) -> Response:
    """Take back a change that is not in force yet."""
    _mine(registration_id)
    proposal_commands.withdraw_proposal(registration_id, now=utc_now())
    flash(_("The change is withdrawn; everything stays as it was."), "ok")
    return _back(registration_id)


@bp.post("/my-registration/<int:registration_id>/confirm-address")
@open_to(ANYONE)
def confirm_address(registration_id: int) -> Response:
    """The contact says: this address is mine."""
    _mine(registration_id)
    return _do(registration_id, address_commands.confirm_address)


@bp.post("/my-registration/<int:registration_id>/accept")
@open_to(ANYONE)
def accept_offer(registration_id: int) -> Response:
    """Take the seats that are held."""
    _mine(registration_id)
    return _do(registration_id, offer_commands.accept_offer)


@bp.post("/my-registration/<int:registration_id>/decline")
@open_to(ANYONE)
def decline_offer(registration_id: int) -> Response:
    """Leave the seats to the next."""
    _mine(registration_id)
    return _do(registration_id, offer_commands.decline_offer)


def _do(registration_id: int, verb: Callable[..., object], **by: object) -> Response:
    try:
        verb(registration_id, now=utc_now(), **by)
    except Missing:
        raise
    except Refusal as refusal:
        flash(str(refusal), "warn")
    return _back(registration_id)


def _refused(registration_id: int, refusal: Refusal) -> Response:
    flash(str(refusal), "warn")
    return _back(registration_id)


def _back(registration_id: int) -> Response:
    return _private(redirect(url_for("registrations.page", registration_id=registration_id), 303))


@bp.get("/my-registration/<int:registration_id>/event.ics")
@open_to(ANYONE)
def calendar(registration_id: int) -> Response:
    """The event as a file: the same entry as in the mails, so that no calendar shows it twice."""
    registration, registrable = _mine(registration_id)
    contact = registration.attendees[0]
    is_sure = registration.status is Status.CONFIRMED
    body = calendar_object(
        registrable.event,
        locale=current_language(),
        attendee=(contact.full_name, registration.email) if is_sure else None,
        identity=calendar_entries.newest_identity(registration)
        if registration.status in OPEN
        else None,
        now=utc_now(),
    )
    response = make_response(body)
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="{registrable.event.slug}.ics"'
    return _private(response)


@bp.get("/my-registration/<int:registration_id>/data.json")
@open_to(ANYONE)
def own_data(registration_id: int) -> Response:
    """All that is stored about the party, as JSON, and which mails it was written.

    Of mails the kind, the time and the state: their words are not kept, and an address that they
    went to may have been that of a predecessor.
    """
    registration, registrable = _mine(registration_id)
    of_all_addresses = last_announcements.by_registration([registration_id]).get(
        registration_id, ()
    )
    told = [each for each in of_all_addresses if each.address == registration.email]
    data = queries.personal_data_of(
        registration, registrable.event, registrable.event.questions, told=told
    )
    data["mails"] = [
        {"kind": mail.kind, "at": mail.at.isoformat(), "state": mail.state}
        for mail in mail_queries.messages_about(registration_id)
    ]
    response = jsonify(data)
    response.headers["Content-Disposition"] = 'attachment; filename="registration.json"'
    return _private(response)
