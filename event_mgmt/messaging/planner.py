"""The planner: what is due becomes messages, each once, in one set-based statement.

It may run late, twice, or on several machines: a message's unique key (rule, registration,
occurrence) lets only one through. See docs/decisions/0007-derived-reminders.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
    values,
)
from sqlalchemy.dialects import postgresql, sqlite

from event_mgmt.core.database import db, table_of, transactional
from event_mgmt.core.types import UtcDateTime
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import overlap_rules, rules
from event_mgmt.messaging.candidates import HAS_REMINDED, candidates_of
from event_mgmt.messaging.enums import Phase, Unit
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails.audience import IS_CONTACT, is_written_to
from event_mgmt.registrations.models import Attendee, Registration

KIND: Final = "reminder"
_SLACK: Final = timedelta(hours=3)
_RULES_AT_ONCE: Final = 500
_REGISTERED_AHEAD: Final = timedelta(hours=1)
"""A registration from further in the future was written under a wrong clock, and is reminded like
older ones; whoever registered within the hour has just been told all there is to know."""
_SPEAKS: Final = (EventStatus.PUBLISHED, EventStatus.FINISHED)


class RuleRow(NamedTuple):
    """A rule and its event, as they are read."""

    id: int
    event_id: int
    amount: int | None
    unit: Unit | None
    at: datetime | None
    statuses: list[str]
    armed_at: datetime
    starts_at: datetime
    time_zone: str


RuleRows = Select[
    int, int, int | None, Unit | None, datetime | None, list[str], datetime, datetime, str
]
"""Selects what RuleRow holds."""


@dataclass(frozen=True)
class DueRule:
    """A rule that is due now: of which event, for whom, since when, for which occurrence.

    ``applies_to_new_date``: also those whom it reminded before the event was moved.
    """

    rule_id: int
    event_id: int
    statuses: tuple[str, ...]
    due_at: datetime
    occurrence: int
    helps_again: bool


def plan(now: datetime) -> int:
    """Write every reminder that is due at ``now`` and not written yet; gives how many.

    Only published events remind (and finished ones thank). Looks first, and takes the database's
    write lock only when there is something to write.
    """
    due = due_rules(now)
    if not any(db.session.execute(_unwritten(part, now).limit(1)).first() for part in _parts(due)):
        return 0
    return _write(now)


@transactional
def _write(now: datetime) -> int:
    return sum(_insert(part, now) for part in _parts(due_rules(now)))


def _parts(due: Sequence[DueRule]) -> Iterator[Sequence[DueRule]]:
    """So many rules at once that no database runs out of parameters."""
    for start in range(0, len(due), _RULES_AT_ONCE):
        yield due[start : start + _RULES_AT_ONCE]


def due_rules(now: datetime) -> list[DueRule]:
    """The rules that are due at ``now`` and still make sense, in four statements at most.

    Of several within one hour, a guest gets one (see ``overlap_rules``).
    """
    rows = [RuleRow(*row) for row in db.session.execute(union_all(_relative(now), _absolute(now)))]
    found = [_due(row, now) for row in sorted(rows, key=lambda row: row.id)]
    due = [rule for rule in found if rule is not None]
    giving_way = _giving_way_at({rule.event_id for rule in due}, now) if due else frozenset()
    heard = (
        replace(
            rule, statuses=tuple(s for s in rule.statuses if (rule.rule_id, s) not in giving_way)
        )
        for rule in due
    )
    return [rule for rule in heard if rule.statuses]


def _giving_way_at(event_ids: Collection[int], now: datetime) -> frozenset[tuple[int, str]]:
    """The (rule id, status) of these events that give way."""
    wanted = (
        select(ReminderRule, Event.starts_at, Event.time_zone)
        .join(Event, Event.id == ReminderRule.event_id)
        .where(ReminderRule.event_id.in_(event_ids))
    )
    placed = [(rule, starts_at, zone) for rule, starts_at, zone in db.session.execute(wanted)]
    found = candidates_of(placed, now=now)
    return frozenset().union(*map(overlap_rules.giving_way, found.values()))


def _rules_of_events() -> RuleRows:
    columns = select(
        ReminderRule.id,
        ReminderRule.event_id,
        ReminderRule.amount,
        ReminderRule.unit,
        ReminderRule.at,
        ReminderRule.statuses,
        ReminderRule.armed_at,
        Event.starts_at,
        Event.time_zone,
    )
    of_events = columns.join(Event, Event.id == ReminderRule.event_id)
    return of_events.where(ReminderRule.is_active, Event.status.in_(_SPEAKS))


def _relative(now: datetime) -> RuleRows:
    """The rules of those few events that start when an amount in use can be due for them.

    Which of an event's rules that is for, the rules of this room decide: asked here, databases
    would begin with all the rules of the same timing that there ever were.
    """
    windows = [
        rules.window_of_starts(rules.Timing(amount, unit), now=now, slack=_SLACK)
        for amount in db.session.scalars(_amounts_in_use())
        for unit in Unit
    ]
    near = select(Event.id).where(or_(false(), *(Event.starts_at.between(*w) for w in windows)))
    return _rules_of_events().where(ReminderRule.amount.is_not(None), Event.id.in_(near))


def _amounts_in_use() -> Select[int]:
    """Each amount once, found by steps through the index: databases would read all rules there are.

    With every unit, these are a few windows too many; they narrow a search, they decide nothing.
    """
    found = select(func.min(ReminderRule.amount).label("amount")).cte("found", recursive=True)
    larger = select(func.min(ReminderRule.amount)).where(ReminderRule.amount > found.c.amount)
    steps = select(larger.scalar_subquery()).where(found.c.amount.is_not(None))
    found = found.union_all(steps)
    return select(found.c.amount).where(found.c.amount.is_not(None))


def _absolute(now: datetime) -> RuleRows:
    come = select(ReminderRule.id).where(ReminderRule.at <= now)
    return _rules_of_events().where(
        ReminderRule.id.in_(come),
        or_(Event.starts_at >= now, ReminderRule.at >= now - rules.THANKS_LATE),
    )


def _due(row: RuleRow, now: datetime) -> DueRule | None:
    timing = rules.Timing(row.amount, row.unit, row.at)
    starts_at, zone = row.starts_at, row.time_zone
    phase = rules.phase(timing, starts_at=starts_at, zone=zone, armed_at=row.armed_at, now=now)
    if phase is not Phase.DUE:
        return None
    return DueRule(
        rule_id=row.id,
        event_id=row.event_id,
        statuses=tuple(row.statuses),
        due_at=rules.due_at(timing, starts_at=starts_at, zone=zone),
        occurrence=rules.occurrence(timing, starts_at),
        helps_again=rules.applies_to_new_date(
            timing, starts_at=starts_at, zone=zone, told_at=row.armed_at
        ),
    )


def counts_since() -> ColumnElement[datetime]:
    """Since when a registration is what it is: whoever was told of that after a rule was due
    (by the confirmation, say) needs no reminder of it.
    """
    return case(
        (
            Registration.status == Status.CONFIRMED,
            func.coalesce(Registration.confirmed_at, Registration.created_at),
        ),
        else_=Registration.created_at,
    )


def _unwritten(due: Sequence[DueRule], now: datetime) -> Select[str, str, str, str, int, int, int]:
    """One row per reminder that ``due`` asks for and that has no message yet.

    An address that a relay refused for good gets none until somebody corrects it. Whoever seems
    to have registered long after ``now`` did so under a wrong clock, and is not forgotten for it.
    """
    asked = values(
        column("rule_id", Integer),
        column("event_id", Integer),
        column("status", Registration.status.type),
        column("due_at", UtcDateTime),
        column("occurrence", BigInteger),
        name="asked",
    ).data(
        [
            (rule.rule_id, rule.event_id, status, rule.due_at, rule.occurrence)
            for rule in due
            for status in rule.statuses
        ]
    )
    wanted = asked.cte("wanted")
    key = (
        literal("reminder:")
        .concat(cast(wanted.c.rule_id, String))
        .concat(literal(":"))
        .concat(cast(Registration.id, String))
        .concat(literal(":"))
        .concat(cast(wanted.c.occurrence, String))
    )
    return (
        select(
            key.label("key"),
            Registration.locale,
            Registration.email,
            Attendee.full_name.label("name"),
            Registration.event_id,
            Registration.id,
            wanted.c.rule_id,
        )
        .select_from(wanted)
        .join(
            Registration,
            and_(
                Registration.event_id == wanted.c.event_id,
                Registration.status == wanted.c.status,
            ),
        )
        .join(Attendee, IS_CONTACT)
        .where(
            is_written_to(),
            or_(counts_since() <= wanted.c.due_at, counts_since() > now + _REGISTERED_AHEAD),
            ~exists().where(Message.key == key),
            *_not_reminded(due, wanted.c.rule_id),
        )
    )


def _not_reminded(
    due: Sequence[DueRule], asked: ColumnElement[int]
) -> Iterator[ColumnElement[bool]]:
    """That a rule which helps nobody twice has not reminded the registration of another date."""
    if once := [rule.rule_id for rule in due if not rule.helps_again]:
        yield ~exists().where(
            Message.registration_id == Registration.id,
            Message.rule_id == asked,
            Message.rule_id.in_(once),
            Message.state.in_(HAS_REMINDED),
        )


def _insert(due: Sequence[DueRule], now: datetime) -> int:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    source = _unwritten(due, now).add_columns(
        literal(KIND),
        literal({}, JSON),
        cast(literal(MessageState.QUEUED.value), String),
        literal(now, UtcDateTime),
        literal(now, UtcDateTime),
        literal(0),
        literal(0),
        literal(""),
        literal(""),
    )
    names = (
        *("key", "locale", "to_address", "to_name", "event_id", "registration_id", "rule_id"),
        *("kind", "facts", "state", "created_at", "due_at", "attempts", "copies"),
        *("subject", "last_error"),
    )
    into = dialect.insert(table_of(Message)).from_select(names, source, include_defaults=False)
    counted = {"preserve_rowcount": True}
    statement = into.on_conflict_do_nothing()
    return db.session.connection().execute(statement, execution_options=counted).rowcount
