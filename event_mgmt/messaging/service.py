"""What organisers do with reminder rules, and what events do to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update

from event_mgmt.accounts.models import User
from event_mgmt.audit.service import Actor, record
from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing, Stale
from event_mgmt.events.models import Event
from event_mgmt.mail import outbox
from event_mgmt.mail.models import Message
from event_mgmt.messaging import refusals, rules
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.messaging.planner import KIND
from event_mgmt.messaging.rules import Timing
from event_mgmt.registrations.enums import Status

TEST_KIND: Final = "reminder_test"


@dataclass(frozen=True)
class RuleInput:
    """A reminder rule as an organiser wants it; empty words mean the standard ones."""

    timing: Timing
    statuses: tuple[Status, ...]
    subject: Localized = Localized()  # noqa: RUF009 - immutable
    body: Localized = Localized()  # noqa: RUF009 - immutable


@transactional
def add_rule(event_id: int, plan: RuleInput, *, by: Actor, now: datetime) -> ReminderRule:
    """Add a rule to an event.

    A relative rule may be due in the past: it then stays silent, until the event moves. Raises
    TimeHasPassed for a point in time, DuplicateTiming, TooManyRules, TextMissing; Missing without
    the event.
    """
    event = _event(event_id)
    siblings = _rules_of(event_id)
    if len(siblings) >= rules.MAX_RULES:
        raise refusals.TooManyRules
    _check(plan, siblings, now=now, is_new_time=True)
    rule = _new_rule(event, plan, now=now)
    db.session.flush()
    _record("reminder.added", rule, by=by, now=now, changes=_facts(rule))
    return rule


@transactional
def change_rule(
    event_id: int, rule_id: int, plan: RuleInput, *, revision: int, by: Actor, now: datetime
) -> ReminderRule:
    """Change a rule that was shown at ``revision``; reminders still waiting carry the new words.

    Raises Stale when somebody else changed it, AlreadySent for a new time once some were reminded,
    and what add_rule raises.
    """
    rule = _rule(event_id, rule_id)
    if rule.revision != revision:
        raise Stale
    is_new_time = plan.timing != rule.timing
    others = [other for other in _rules_of(event_id) if other.id != rule_id]
    _check(plan, others, now=now, is_new_time=is_new_time)
    if is_new_time:
        if _has_gone_out(rule):
            raise refusals.AlreadySent
        rule.armed_at = now
    before = _facts(rule)
    rule.amount, rule.unit, rule.at = plan.timing.amount, plan.timing.unit, plan.timing.at
    rule.statuses = [str(status) for status in plan.statuses]
    rule.subject, rule.body = plan.subject, plan.body
    rule.revision += 1
    after = _facts(rule)
    changes: dict[str, object] = {
        name: [before[name], after[name]] for name in after if before[name] != after[name]
    }
    _record("reminder.changed", rule, by=by, now=now, changes=changes)
    return rule


@transactional
def pause_rule(event_id: int, rule_id: int, *, by: Actor, now: datetime) -> None:
    """Silence a rule; what it has queued is withdrawn. Harmless on a paused rule."""
    rule = _rule(event_id, rule_id)
    if not rule.is_active:
        return
    rule.is_active = False
    rule.revision += 1
    outbox.withdraw(Message.rule_id == rule_id)
    _record("reminder.paused", rule, by=by, now=now)


@transactional
def resume_rule(event_id: int, rule_id: int, *, by: Actor, now: datetime) -> None:
    """Let a paused rule speak again; what fell due meanwhile is not made up for."""
    rule = _rule(event_id, rule_id)
    if rule.is_active:
        return
    rule.is_active, rule.armed_at = True, now
    rule.revision += 1
    _record("reminder.resumed", rule, by=by, now=now)


@transactional
def delete_rule(event_id: int, rule_id: int, *, by: Actor, now: datetime) -> None:
    """Remove a rule; what it has queued is withdrawn, what it has sent stays on record."""
    rule = _rule(event_id, rule_id)
    outbox.withdraw(Message.rule_id == rule_id)
    _record("reminder.deleted", rule, by=by, now=now, changes=_facts(rule))
    db.session.delete(rule)


@transactional
def send_test(
    event_id: int, rule_id: int, *, user_id: int, locale: str, nonce: str, now: datetime
) -> str:
    """Send a rule's mail in ``locale`` to the user's own address; gives that address.

    It shows the data of one registration, but never that person's own link. The same ``nonce``
    sends once.
    """
    rule = _rule(event_id, rule_id)
    user = db.session.get_one(User, user_id)
    key = f"reminder_test:{rule.id}:{user_id}:{nonce}"
    if db.session.scalar(select(Message.id).where(Message.key == key)) is None:
        outbox.enqueue(
            outbox.MessageDraft(
                key=key,
                kind=TEST_KIND,
                to_address=user.email,
                to_name=user.display_name,
                locale=locale,
                event_id=event_id,
                facts={"rule_id": rule.id},
            ),
            now=now,
        )
    return user.email


def add_default_rules(
    _sender: object, *, event: Event, by: Actor, now: datetime, **_more: object
) -> None:
    """Give a new event the usual rules: a week and a day before (subscriber of ``created``)."""
    del by
    for timing in rules.DEFAULTS:
        _new_rule(event, RuleInput(timing, (Status.CONFIRMED,)), now=now)


def copy_rules(_sender: object, *, event: Event, source: Event, now: datetime, **_: object) -> None:
    """Give a copied event its source's relative rules (subscriber of ``duplicated``).

    A point in time belongs to the source's date and is not copied.
    """
    for rule in _rules_of(source.id):
        if rule.amount is not None:
            statuses = tuple(Status(status) for status in rule.statuses)
            plan = RuleInput(rule.timing, statuses, rule.subject, rule.body)
            _new_rule(event, plan, now=now).is_active = rule.is_active


def pause_reminders(_sender: object, *, event: Event, **_more: object) -> None:
    """Take back the reminders of an event that is off (of ``cancelled`` and ``postponed``)."""
    outbox.withdraw(Message.event_id == event.id, Message.kind == KIND)


def reschedule_reminders(
    _sender: object,
    *,
    event: Event,
    old: Mapping[str, object],
    now: datetime,
    resumes: bool = False,
    **_more: object,
) -> None:
    """Start anew when an event has moved, or has its date again (subscriber of ``changed``).

    What waits is withdrawn, and a rule that would have been due before ``now`` for the new date
    stays silent: people have just been told of the move.
    """
    if old.get("starts_at", event.starts_at) == event.starts_at and not resumes:
        return
    relative = ReminderRule.amount.is_not(None)
    of_event = select(ReminderRule.id).where(ReminderRule.event_id == event.id, relative)
    outbox.withdraw(
        Message.event_id == event.id, Message.kind == KIND, Message.rule_id.in_(of_event)
    )
    db.session.execute(
        update(ReminderRule)
        .where(ReminderRule.event_id == event.id, relative)
        .values(armed_at=now)
        .execution_options(synchronize_session="fetch")
    )


def _event(event_id: int) -> Event:
    event = db.session.get(Event, event_id)
    if event is None:
        raise Missing
    return event


def _rule(event_id: int, rule_id: int) -> ReminderRule:
    rule = db.session.get(ReminderRule, rule_id)
    if rule is None or rule.event_id != event_id:
        raise Missing
    return rule


def _rules_of(event_id: int) -> list[ReminderRule]:
    statement = select(ReminderRule).where(ReminderRule.event_id == event_id)
    return list(db.session.scalars(statement.order_by(ReminderRule.id)))


def _new_rule(event: Event, plan: RuleInput, *, now: datetime) -> ReminderRule:
    rule = ReminderRule(
        event_id=event.id,
        amount=plan.timing.amount,
        unit=plan.timing.unit,
        at=plan.timing.at,
        statuses=[str(status) for status in plan.statuses],
        subject=plan.subject,
        body=plan.body,
        is_active=True,
        revision=1,
        created_at=now,
        armed_at=now,
    )
    db.session.add(rule)
    return rule


def _check(
    plan: RuleInput, others: list[ReminderRule], *, now: datetime, is_new_time: bool
) -> None:
    if set(plan.subject) != set(plan.body):
        raise refusals.TextMissing
    if is_new_time and plan.timing.at is not None and plan.timing.at <= now:
        raise refusals.TimeHasPassed
    for other in others:
        if other.timing == plan.timing and set(other.statuses) & set(plan.statuses):
            raise refusals.DuplicateTiming(field="at" if plan.timing.at else "amount")


def _has_gone_out(rule: ReminderRule) -> bool:
    """Whether anybody was reminded by the rule of the event as it stands now."""
    starts_at = db.session.execute(
        select(Event.starts_at).where(Event.id == rule.event_id)
    ).scalar_one()
    occurrence = rules.occurrence(rule.timing, starts_at)
    statement = select(func.count()).where(
        Message.rule_id == rule.id, Message.key.endswith(f":{occurrence}", autoescape=True)
    )
    return bool(db.session.execute(statement).scalar_one())


def _facts(rule: ReminderRule) -> dict[str, object]:
    return {
        "amount": rule.amount,
        "unit": str(rule.unit) if rule.unit else None,
        "at": rule.at.isoformat() if rule.at else None,
        "statuses": list(rule.statuses),
        "own_words": sorted(rule.body),
    }


def _record(
    action: str,
    rule: ReminderRule,
    *,
    by: Actor,
    now: datetime,
    changes: dict[str, object] | None = None,
) -> None:
    record(
        action,
        by=by,
        now=now,
        subject="reminder_rule",
        subject_id=rule.id,
        event_id=rule.event_id,
        changes=changes,
    )
