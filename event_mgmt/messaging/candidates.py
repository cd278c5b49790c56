"""The rules of an event among which one is chosen where several fall within an hour."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from event_mgmt.core.database import db
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import rules
from event_mgmt.messaging.enums import Phase
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.messaging.overlap_rules import RuleCandidate, reach_same_guests

HAS_REMINDED: Final = (MessageState.SENDING, MessageState.SENT, MessageState.UNCERTAIN)


def candidates_of(
    placed: Iterable[tuple[ReminderRule, datetime, str]], *, now: datetime
) -> dict[int, list[RuleCandidate]]:
    """By event, what may speak or has spoken, of rules with their event's start and time zone.

    To a rule that has spoken, others give way also when it is over, changed or paused since:
    its readers have their mail. That is looked up only where it can matter, in one statement.
    """
    of_events: dict[int, list[RuleCandidate]] = {}
    past: list[tuple[int, RuleCandidate]] = []
    for rule, starts_at, zone in placed:
        own = of_events.setdefault(rule.event_id, [])
        if (candidate := candidate_of(rule, starts_at, zone, now=now)) is not None:
            own.append(candidate)
        else:
            past.append((rule.event_id, _candidate(rule, starts_at, zone)))
    near = [(i, one) for i, one in past if any(reach_same_guests(one, o) for o in of_events[i])]
    last = _last_written([one.rule_id for _, one in near]) if near else {}
    for event_id, one in near:
        if one.rule_id in last and one.due_at <= last[one.rule_id]:
            of_events[event_id].append(one)
    return of_events


def candidate_of(
    rule: ReminderRule, starts_at: datetime, zone: str, *, now: datetime
) -> RuleCandidate | None:
    """An active rule as one that may speak or give way; None where its time has gone by."""
    timing = rule.timing
    phase = rules.phase(timing, starts_at=starts_at, zone=zone, armed_at=rule.armed_at, now=now)
    if not rule.is_active or phase is Phase.OVER:
        return None
    return _candidate(rule, starts_at, zone)


def _candidate(rule: ReminderRule, starts_at: datetime, zone: str) -> RuleCandidate:
    return RuleCandidate(
        rule_id=rule.id,
        statuses=tuple(rule.statuses),
        due_at=rules.due_at(rule.timing, starts_at=starts_at, zone=zone),
        armed_at=rule.armed_at,
        has_own_words=bool(rule.subject or rule.body),
    )


def _last_written(rule_ids: Collection[int]) -> dict[int, datetime]:
    """When these rules last reminded somebody."""
    states = (*HAS_REMINDED, MessageState.QUEUED)
    found = db.session.execute(
        select(Message.rule_id, func.max(Message.created_at))
        .where(Message.rule_id.in_(rule_ids), Message.state.in_(states))
        .group_by(Message.rule_id)
    )
    return {rule_id: written_at for rule_id, written_at in found if rule_id is not None}
