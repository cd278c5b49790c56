"""Messages on the desk: every mail's state, why one failed, trying again, and writing to guests."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from event_mgmt.accounts.access import (
    SIGNED_IN,
    current_actor,
    on,
    on_event,
    open_to,
    session_user,
    viewer,
)
from event_mgmt.accounts.policy import Right
from event_mgmt.attendee_lists import queries as attendee_lists
from event_mgmt.core.clock import utc_now
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail import outbox_hold, queries as mail_queries, service as mail
from event_mgmt.mail.kinds import mail_kind_label
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.queries import EventIds, MessageFilter, MessageRow
from event_mgmt.messaging import group_messages, preview, queries, rules
from event_mgmt.messaging.failure_reasons import reason
from event_mgmt.messaging.forms import MOST_PICKED, GroupForm
from event_mgmt.registrations.mails.audience import Audience, count_contacts
from event_mgmt.web.enum_labels import enum_label
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language
from event_mgmt.web.paging import Pagination, page_number
from event_mgmt.web.row_ids import row_ids
from event_mgmt.web.templating import country_name

bp = Blueprint("messaging", __name__)

_NONCE_BYTES = 24


@dataclass(frozen=True)
class _MessageCount:
    """One figure above the list."""

    value: int
    label: str
    url: str
    tone: str = ""


@bp.get("/desk/messages")
@open_to(SIGNED_IN)
def index() -> str:
    """The messages of all events in sight."""
    in_sight = queries.events_with_visible_messages(viewer())
    return _list("messaging/messages_index.html", in_sight)


@bp.get("/desk/events/<int:event_id>/messages")
@open_to(on_event(Right.SEE_MESSAGES))
def of_event(event: Event) -> str:
    """The messages of one event."""
    return _list("messaging/messages.html", [event.id], event=event)


def _list(template: str, event_ids: EventIds, event: Event | None = None) -> str:
    wanted, number = _wanted(), page_number()
    size = mail_queries.PAGE_SIZE
    found = mail_queries.messages(event_ids, wanted, offset=(number - 1) * size, limit=size)
    events = {event.id: event} if event else queries.events_by_id(_event_ids(found.rows))
    return render_template(
        template,
        event=event,
        rows=found.rows,
        events=events,
        reasons={row.id: _reason(row) for row in found.rows},
        mail_kind_label=mail_kind_label,
        wanted=wanted,
        page=Pagination(found.total, number, size),
        figures=_figures(event_ids, event),
        states=[(state.value, enum_label(state)) for state in MessageState],
        kinds=[(kind, mail_kind_label(kind)) for kind in mail_queries.kinds_of(event_ids)],
        here=_here(event),
        held_since=outbox_hold.held_since(),
    )


def _wanted() -> MessageFilter:
    state = request.args.get("state", "")
    kind = request.args.get("kind", "")[:60]
    return MessageFilter(
        states=(MessageState(state),) if state in set(MessageState) else (),
        kinds=(kind,) if kind else (),
        text=request.args.get("q", "")[:100],
    )


def _event_ids(rows: tuple[MessageRow, ...]) -> set[int]:
    return {row.event_id for row in rows if row.event_id is not None}


def _here(event: Event | None) -> str:
    if event is None:
        return url_for("messaging.index")
    return url_for("messaging.of_event", event_id=event.id)


def _figures(event_ids: EventIds, event: Event | None) -> list[_MessageCount]:
    counts = mail_queries.counts_by_state(event_ids)

    def figure(state: MessageState, label: str, tone: str = "") -> _MessageCount:
        count = counts.get(state, 0)
        url = f"{_here(event)}?state={state.value}"
        return _MessageCount(count, label, url, tone if count else "")

    return [
        figure(MessageState.SENT, _("sent")),
        figure(MessageState.QUEUED, _("waiting to go out")),
        figure(MessageState.FAILED, _("not delivered"), "danger"),
        figure(MessageState.UNCERTAIN, _("perhaps delivered"), "warn"),
    ]


def _reason(row: MessageRow) -> str:
    return reason(state=row.state, code=row.last_code, words=row.last_error)


@bp.get("/desk/events/<int:event_id>/messages/<int:message_id>")
@open_to(on("message_id", Right.SEE_MESSAGES))
def show(event: Event, message: Message) -> str:
    """One message: to whom, its state, why it failed, and what it says."""
    return render_template(
        "messaging/message.html",
        event=event,
        message=message,
        kind=mail_kind_label(message.kind),
        reason=reason(state=message.state, code=message.last_code, words=message.last_error),
        shown=preview.of_message(message),
    )


@bp.post("/desk/events/<int:event_id>/messages/<int:message_id>/retry")
@open_to(on_event(Right.SEND_MESSAGES))
def retry(event: Event, message_id: int) -> Response:
    """Try a message again that failed."""
    mail.retry(message_id, event_id=event.id, by=current_actor(), now=utc_now())
    flash(_("The message will be tried again at once."), "ok")
    return redirect(url_for("messaging.show", event_id=event.id, message_id=message_id))


@bp.post("/desk/events/<int:event_id>/messages/<int:message_id>/withdraw")
@open_to(on_event(Right.SEND_MESSAGES))
def withdraw(event: Event, message_id: int) -> Response:
    """Take a message back that still waits."""
    mail.withdraw(message_id, event_id=event.id, by=current_actor(), now=utc_now())
    flash(_("The message is withdrawn."), "ok")
    return redirect(url_for("messaging.show", event_id=event.id, message_id=message_id))


@bp.route("/desk/events/<int:event_id>/messages/new", methods=["GET", "POST"])
@open_to(on_event(Right.SEND_MESSAGES))
def compose(event: Event) -> Response | tuple[str, int]:
    """Write to a group: first the words, then a look at them and at the number of readers."""
    form = _group_form(event)
    step = request.form.get("step", "look" if request.method == "POST" else "pick")
    if step == "pick":
        return _write(event, form), 200
    if step != "edit" and form.validate_on_submit():
        if step == "send":
            return _send(event, form)
        draft = form.draft()
        if accepted(form, group_messages.check_draft, event.id, draft):
            return _look(event, form)
    return _write(event, form), 200 if step == "edit" else 422


def _write(event: Event, form: GroupForm) -> str:
    count = count_contacts(event.id, Audience(picked=form.picked_ids))
    return render_template(
        "messaging/compose.html",
        event=event,
        form=form,
        picked=count,
        placeholders=rules.SPOKEN[current_language()],
    )


def _group_form(event: Event) -> GroupForm:
    """The form as it was sent, or a new one for those whom the attendee list hands over."""
    fresh = {"statuses": ["confirmed"], "nonce": secrets.token_urlsafe(_NONCE_BYTES)}
    if request.form.get("step", "pick") == "pick":
        fresh["picked"] = ",".join(str(id_) for id_ in _handed_over(event))
        form = GroupForm(formdata=None, data=fresh)
    else:
        form = GroupForm(data=fresh)
    locale = current_language()
    everybody = SelectChoice("", _("All"))
    pools = [SelectChoice(pool.id, _pool_name(pool, locale)) for pool in event.pools]
    form.pool.choices = [everybody, *pools]
    codes = queries.countries_of_contacts(event.id)
    form.country.choices = [everybody, *(SelectChoice(code, country_name(code)) for code in codes)]
    return form


def _handed_over(event: Event) -> Sequence[int]:
    """The registrations that were picked on the attendee list, or all that fit its filter."""
    if request.method == "POST":
        picked = row_ids(request.form.getlist("registration_ids"))
        if not picked:
            flash(_("Please pick registrations first."), "warn")
        return list(dict.fromkeys(picked))
    found = attendee_lists.attendees_listed(event, request.args, viewer())
    if len(found) > MOST_PICKED:
        flash(_("These are too many to pick one by one. Please choose the group here."), "warn")
        return ()
    return found


def _pool_name(pool: SeatPool, locale: str) -> str:
    return pool.organisation.short_name.into(locale) if pool.organisation else _("General seats")


def _look(event: Event, form: GroupForm) -> tuple[str, int]:
    draft = form.draft()
    page = render_template(
        "messaging/compose_look.html",
        event=event,
        form=form,
        carried=form.carried(),
        count=count_contacts(event.id, draft.audience),
        shown=preview.of_group(draft, event),
        unknown=preview.unknown_in(draft),
    )
    return page, 200


def _send(event: Event, form: GroupForm) -> Response | tuple[str, int]:
    done = accepted(
        form,
        group_messages.send_to_group,
        event.id,
        form.draft(),
        nonce=form.nonce.data or "",
        user_id=session_user().id,
        now=utc_now(),
    )
    if done is None:
        return _write(event, form), 422
    count = done.value.recipients
    told = ngettext(
        "The message is on its way to %(num)d person.",
        "The message is on its way to %(num)d people.",
        count,
    )
    flash(told, "ok")
    return redirect(url_for("messaging.of_event", event_id=event.id))
