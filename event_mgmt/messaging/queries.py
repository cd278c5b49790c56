"""Reads of reminder rules: what goes out when, and to how many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, or_, select
from sqlalchemy.orm import selectinload

from event_mgmt.accounts.policy import EventParties, Right, Viewer, rights_on_event
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.mail import queries as mail_queries
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import overlap_rules, rules
from event_mgmt.messaging.candidates import candidate_of, candidates_of
from event_mgmt.messaging.enums import REMINDABLE, Phase
from event_mgmt.messaging.group_messages import GROUP_KIND
from event_mgmt.messaging.models import GroupMessage, ReminderRule
from event_mgmt.messaging.overlap_rules import RuleCandidate
from event_mgmt.messaging.planner import KIND
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails.audience import Audience, is_meant
from event_mgmt.registrations.models import Attendee, Registration


@dataclass(frozen=True)
class DeliveryProgress:
    """How far the messages of one cause have come."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    uncertain: int = 0


@dataclass(frozen=True)
class ScheduledRule:
    """One rule as the organiser sees it at one moment.

    ``gives_way``: another rule speaks, or has spoken, within the hour to everybody whom this one
    asks.
    ``expects`` is how many would be reminded if it were due now, ``unreachable`` how many would
    not because a relay has refused their address for good; ``came_too_late`` says that it was
    made, resumed or moved after it would have been due.
    """

    rule: ReminderRule
    due_at: datetime
    phase: Phase
    came_too_late: bool
    gives_way: bool
    expects: int
    unreachable: int
    sending: DeliveryProgress


class OverlapKind(StrEnum):
    """How a rule stands that reaches the same guests within the hour of another."""

    WILL_SPEAK = "will_speak"
    HAS_SPOKEN = "has_spoken"


@dataclass(frozen=True)
class RecipientCounts:
    """How many contacts have one status: those a mail can reach, and those it cannot."""

    reachable: int = 0
    unreachable: int = 0


@dataclass(frozen=True)
class SentGroupMessage:
    """One message to a group, and how far it has come."""

    message: GroupMessage
    sending: DeliveryProgress


def rule_of(event_id: int, rule_id: int) -> ReminderRule:
    """A rule of the event; Missing where it has no such rule."""
    rule = db.session.get(ReminderRule, rule_id)
    if rule is None or rule.event_id != event_id:
        raise Missing
    return rule


def visible_rule(event: Event, _viewer: Viewer, rule_id: int) -> ReminderRule:
    """The same, for routes; whoever sees one rule of an event sees them all."""
    return rule_of(event.id, rule_id)


def visible_message(event: Event, _viewer: Viewer, message_id: int) -> Message | None:
    """A message of the event, for routes."""
    return mail_queries.message_of(message_id, [event.id])


def scheduled_rules(event: Event, *, now: datetime) -> list[ScheduledRule]:
    """All rules of the event in the order they are due, in four statements at most."""
    found = list(db.session.scalars(select(ReminderRule).where(ReminderRule.event_id == event.id)))
    if not found:
        return []
    people = people_by_status(event.id)
    giving_way = overlap_rules.giving_way(_candidates(event, found, now=now))
    sendings = _sendings(Message.rule_id, KIND, event.id, _of_occurrences(found, event))
    placed = [
        _placed(event, rule, people, giving_way, sendings.get(rule.id, DeliveryProgress()), now)
        for rule in found
    ]
    return sorted(placed, key=lambda item: (item.due_at, item.rule.id))


def overlap_of(event: Event, rule: ReminderRule, *, now: datetime) -> OverlapKind | None:
    """What other rule of the event reaches some of the same guests within the hour, if one does."""
    own = candidate_of(rule, event.starts_at, event.time_zone, now=now)
    if own is None:
        return None
    found = db.session.scalars(select(ReminderRule).where(ReminderRule.event_id == event.id)).all()
    others = _candidates(event, found, now=now)
    met = [other for other in others if overlap_rules.reach_same_guests(own, other)]
    if any(other.due_at < own.armed_at for other in met):
        return OverlapKind.HAS_SPOKEN
    return OverlapKind.WILL_SPEAK if met else None


def _candidates(
    event: Event, found: Sequence[ReminderRule], *, now: datetime
) -> Sequence[RuleCandidate]:
    placed = ((rule, event.starts_at, event.time_zone) for rule in found)
    return candidates_of(placed, now=now).get(event.id, ())


def _placed(
    event: Event,
    rule: ReminderRule,
    people: dict[Status, RecipientCounts],
    giving_way: frozenset[tuple[int, str]],
    sending: DeliveryProgress,
    now: datetime,
) -> ScheduledRule:
    starts_at, zone = event.starts_at, event.time_zone
    due = rules.due_at(rule.timing, starts_at=starts_at, zone=zone)
    phase = rules.phase(
        rule.timing, starts_at=starts_at, zone=zone, armed_at=rule.armed_at, now=now
    )
    heard = [status for status in rule.statuses if (rule.id, status) not in giving_way]
    asked = [people.get(Status(status), RecipientCounts()) for status in heard]
    return ScheduledRule(
        rule=rule,
        due_at=due,
        phase=phase,
        came_too_late=due < rule.armed_at,
        gives_way=not heard,
        expects=sum(counts.reachable for counts in asked),
        unreachable=sum(counts.unreachable for counts in asked),
        sending=sending,
    )


def _of_occurrences(found: Sequence[ReminderRule], event: Event) -> ColumnElement[bool]:
    """Only what the rules sent for the event as it stands now, not for a date it had before.

    Unless that counts for the new date as well.
    """
    starts_at, zone = event.starts_at, event.time_zone
    wanted = []
    for rule in found:
        ending = f":{rules.occurrence(rule.timing, starts_at)}"
        timing, told_at = rule.timing, rule.armed_at
        is_of_now = [Message.key.endswith(ending)]
        if not rules.applies_to_new_date(timing, starts_at=starts_at, zone=zone, told_at=told_at):
            is_of_now = []
        wanted.append(and_(Message.rule_id == rule.id, *is_of_now))
    return or_(*wanted)


def sent_group_messages(event_id: int) -> list[SentGroupMessage]:
    """All messages to groups of the event, the oldest first, in two statements."""
    found = db.session.scalars(
        select(GroupMessage).where(GroupMessage.event_id == event_id).order_by(GroupMessage.id)
    ).all()
    if not found:
        return []
    cause = Message.facts["group_message_id"].as_integer()
    sendings = _sendings(cause, GROUP_KIND, event_id)
    return [SentGroupMessage(group, sendings.get(group.id, DeliveryProgress())) for group in found]


def people_by_status(event_id: int) -> dict[Status, RecipientCounts]:
    """How many contacts stand where, and how many of them no mail reaches."""
    refused = func.count(Registration.address_failed_at)
    rows = db.session.execute(
        select(Registration.status, func.count() - refused, refused)
        .where(Registration.event_id == event_id)
        .group_by(Registration.status)
    )
    return {status: RecipientCounts(reached, lost) for status, reached, lost in rows}


def _sendings(
    cause: SQLColumnExpression[int] | SQLColumnExpression[int | None],
    kind: str,
    event_id: int,
    *conditions: ColumnElement[bool],
) -> dict[int, DeliveryProgress]:
    def count(*states: MessageState) -> ColumnElement[int]:
        return func.count(case((Message.state.in_(states), 1)))

    rows = db.session.execute(
        select(
            cause,
            count(MessageState.SENT),
            count(MessageState.QUEUED, MessageState.SENDING),
            count(MessageState.FAILED),
            count(MessageState.UNCERTAIN),
        )
        .where(Message.event_id == event_id, Message.kind == kind, *conditions)
        .group_by(cause)
    )
    return {row[0]: DeliveryProgress(*row[1:]) for row in rows if row[0] is not None}


def events_with_visible_messages(viewer: Viewer) -> Select[int]:
    """The ids of the events whose messages ``viewer`` may see: those its organisations host."""
    hosts = [
        organisation_id
        for organisation_id in viewer.organisation_ids
        if Right.SEE_MESSAGES in rights_on_event(viewer, EventParties(organisation_id))
    ]
    return select(Event.id).where(Event.host_id.in_(hosts))


def events_by_id(event_ids: Collection[int]) -> dict[int, Event]:
    """The events behind a page of messages."""
    found = db.session.scalars(select(Event).where(Event.id.in_(event_ids)))
    return {event.id: event for event in found}


def sample_registration(event_id: int, audience: Audience) -> Registration | None:
    """One registration whose data a preview can show: the first of the audience."""
    return db.session.scalars(
        select(Registration)
        .where(is_meant(event_id, audience))
        .options(selectinload(Registration.attendees))
        .order_by(Registration.id)
        .limit(1)
    ).first()


def countries_of_contacts(event_id: int) -> list[str]:
    """The countries that contacts come from, for a filter."""
    rows = db.session.scalars(
        select(Attendee.country)
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(
            Attendee.event_id == event_id,
            Attendee.position == 0,
            Attendee.country != "",
            Registration.status.in_(REMINDABLE),
        )
        .distinct()
    )
    return sorted(rows)
