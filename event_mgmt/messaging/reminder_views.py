"""The reminders of one event: rules, what goes out when, previews and tests."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import current_actor, on, on_event, open_to, session_user
from event_mgmt.accounts.policy import Right
from event_mgmt.core.clock import utc_now
from event_mgmt.events.models import Event
from event_mgmt.messaging import mail_texts, preview, queries, rules, service, timeline
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.forms import RuleForm, new_rule_values, rule_values
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.messaging.rules import Timing
from event_mgmt.messaging.timing_text import timing_text
from event_mgmt.registrations.enums import Status
from event_mgmt.settings import LOCALES
from event_mgmt.web.forms import accepted
from event_mgmt.web.locale import current_language

bp = Blueprint("messaging_reminders", __name__)

_RULE = "/desk/events/<int:event_id>/reminders/<int:rule_id>"


@bp.get("/desk/events/<int:event_id>/reminders")
@open_to(on_event(Right.SEND_MESSAGES))
def index(event: Event) -> str:
    """All rules, and the time line of what has gone and will go out."""
    now = utc_now()
    placed = queries.scheduled_rules(event, now=now)
    return render_template(
        "messaging/index.html",
        event=event,
        placed=placed,
        items={p.rule.id: timeline.rule_item(event, p, now=now) for p in placed},
        titles={p.rule.id: _title(p.rule.timing, event) for p in placed},
        to={p.rule.id: [Status(status) for status in p.rule.statuses] for p in placed},
        timeline=timeline.timeline_of(event, now=now),
        may_add=len(placed) < rules.MAX_RULES,
    )


def _title(timing: Timing, event: Event) -> str:
    return timing_text(timing, zone=event.time_zone, locale=current_language())


@bp.route("/desk/events/<int:event_id>/reminders/new", methods=["GET", "POST"])
@open_to(on_event(Right.SEND_MESSAGES))
def new(event: Event) -> Response | tuple[str, int]:
    """Add a rule."""
    form = RuleForm(data=new_rule_values())
    if form.validate_on_submit():
        done = accepted(
            form,
            service.add_rule,
            event.id,
            form.plan(event.time_zone),
            by=current_actor(),
            now=utc_now(),
        )
        if done:
            return _after_saving(event, done.value.id)
    return _rule_page(event, form, Timing(1, Unit.DAYS))


@bp.route(_RULE, methods=["GET", "POST"])
@open_to(on("rule_id", Right.SEND_MESSAGES))
def edit(event: Event, rule: ReminderRule) -> Response | tuple[str, int]:
    """Change a rule."""
    form = RuleForm(data=rule_values(rule, event))
    if form.validate_on_submit():
        done = accepted(
            form,
            service.change_rule,
            event.id,
            rule.id,
            form.plan(event.time_zone),
            revision=form.revision.data or 0,
            by=current_actor(),
            now=utc_now(),
        )
        if done:
            return _after_saving(event, rule.id)
        form.revision.data, form.revision.raw_data = rule.revision, None
    return _rule_page(event, form, rule.timing, rule_id=rule.id)


def _rule_page(
    event: Event, form: RuleForm, timing: Timing, rule_id: int | None = None
) -> tuple[str, int]:
    subject, body = mail_texts.standard_words_by_language(timing, event, Status.CONFIRMED)
    page = render_template(
        "messaging/rule.html",
        event=event,
        form=form,
        rule_id=rule_id,
        placeholders=rules.SPOKEN[current_language()],
        standard=[(locale, subject[locale], body[locale]) for locale in LOCALES],
    )
    return page, 422 if form.is_submitted() else 200


def _after_saving(event: Event, rule_id: int) -> Response:
    """On to the preview, with a word on what will not be filled in or will not go out."""
    rule = queries.rule_of(event.id, rule_id)
    unknown = rules.unknown_placeholders(*rule.subject.values(), *rule.body.values())
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in unknown)
        flash(_("%(names)s is no placeholder and stays as it is.", names=names), "warn")
    due = rules.due_at(rule.timing, starts_at=event.starts_at, zone=event.time_zone)
    if due < rule.armed_at:
        flash(_("Its time has already passed, so it goes out only if the event moves."), "warn")
    if met := queries.overlap_of(event, rule, now=utc_now()):
        flash(_word_on(met), "warn")
    flash(_("The reminder is saved."), "ok")
    return _to_rule(event, rule_id)


def _word_on(met: queries.OverlapKind) -> str:
    if met is queries.OverlapKind.HAS_SPOKEN:
        return _(
            "Another reminder has gone out within the same hour. Those whom it was for get no"
            " second one."
        )
    return _(
        "Another reminder is due within the same hour. Each guest gets only one of them: the one"
        " with your own words, else the earlier one."
    )


@bp.get(f"{_RULE}/preview")
@open_to(on("rule_id", Right.SEND_MESSAGES))
def show(event: Event, rule: ReminderRule) -> str:
    """How a rule's mail reads, in each language."""
    return render_template(
        "messaging/preview.html",
        event=event,
        rule=rule,
        title=_title(rule.timing, event),
        shown=preview.of_rule(rule, event),
        nonce=secrets.token_urlsafe(12),
        own_address=session_user().email,
    )


@bp.post(f"{_RULE}/test")
@open_to(on_event(Right.SEND_MESSAGES))
def test(event: Event, rule_id: int) -> Response:
    """Send a rule's mail to one's own address."""
    asked = request.form.get("language", "")
    address = service.send_test(
        event.id,
        rule_id,
        user_id=session_user().id,
        locale=asked if asked in LOCALES else current_language(),
        nonce=request.form.get("nonce", "")[:40],
        now=utc_now(),
    )
    flash(_("A test is on its way to %(address)s.", address=address), "ok")
    return _to_rule(event, rule_id)


@bp.post(f"{_RULE}/pause")
@open_to(on_event(Right.SEND_MESSAGES))
def pause(event: Event, rule_id: int) -> Response:
    """Silence a rule."""
    service.pause_rule(event.id, rule_id, by=current_actor(), now=utc_now())
    flash(_("The reminder is paused."), "ok")
    return _to_all(event)


@bp.post(f"{_RULE}/resume")
@open_to(on_event(Right.SEND_MESSAGES))
def resume(event: Event, rule_id: int) -> Response:
    """Let a rule speak again."""
    service.resume_rule(event.id, rule_id, by=current_actor(), now=utc_now())
    flash(_("The reminder is active again."), "ok")
    return _to_all(event)


@bp.route(f"{_RULE}/delete", methods=["GET", "POST"])
@open_to(on("rule_id", Right.SEND_MESSAGES))
def delete(event: Event, rule: ReminderRule) -> Response | str:
    """Ask, then remove a rule."""
    if request.method == "POST":
        service.delete_rule(event.id, rule.id, by=current_actor(), now=utc_now())
        flash(_("The reminder is deleted."), "ok")
        return _to_all(event)
    return render_template(
        "messaging/delete.html", event=event, rule=rule, title=_title(rule.timing, event)
    )


def _to_all(event: Event) -> Response:
    return redirect(url_for("messaging_reminders.index", event_id=event.id))


def _to_rule(event: Event, rule_id: int) -> Response:
    return redirect(url_for("messaging_reminders.show", event_id=event.id, rule_id=rule_id))
