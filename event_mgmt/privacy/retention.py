"""Retention: data go when their time has come, in batches, with a record of what went.

Any number of workers may do this at once: each batch is one transaction that holds its event, and
whoever finds an event held leaves it to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Row, and_, delete, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core import compaction
from event_mgmt.core.database import db, each_in_own_transaction, transactional
from event_mgmt.core.personal_data import Batch, Reach
from event_mgmt.events.models import Event
from event_mgmt.privacy import erasure, rules
from event_mgmt.privacy.enums import RetentionKind
from event_mgmt.privacy.models import RetentionRecord, RetentionRound

PARTIES_AT_ONCE: Final = 100
ROWS_AT_ONCE: Final = 500
BATCHES_A_CALL: Final = 50
"""What one call of the background job does at most: a few seconds' work."""

_ROUNDS_KEPT: Final = timedelta(days=90)


@dataclass(frozen=True)
class DueErasure:
    """Data of one kind of one event whose time has come."""

    event_id: int
    kind: RetentionKind
    due_at: datetime


def retain(now: datetime) -> None:
    """Background job: once a night, let everything go that is due.

    One look at a small table tells that the night's round is over. A round that is larger than a
    call goes on with the next call, of this worker or another.
    """
    night = rules.night_of(now)
    over = db.session.execute(
        select(RetentionRound.night).where(RetentionRound.night == night)
    ).first()
    if over is not None:
        return
    if erase_due(now, batches=BATCHES_A_CALL) < BATCHES_A_CALL:
        close_round(now)


def erase_due(now: datetime, *, batches: int | None = None) -> int:
    """Let go what is due at ``now``, in at most so many batches; gives how many there were.

    An event at which that fails keeps no other event's data from going; the fault is raised after.
    """
    done = 0

    def let_go(due: DueErasure) -> None:
        nonlocal done
        while (batches is None or done < batches) and _erase_batch(due, now=now):
            done += 1

    each_in_own_transaction(let_go, due_at(now))
    return done


def due_at(now: datetime) -> list[DueErasure]:
    """What is due at ``now``, event by event; two statements and no lock."""
    found = [
        DueErasure(event_id, kind, rule.goes_at(kind))
        for kind in RetentionKind
        for event_id, rule in _candidates(kind, now=now)
        if rule.is_due(kind, now=now)
    ]
    return sorted(found, key=lambda due: (due.due_at, due.event_id, due.kind))


def _candidates(kind: RetentionKind, *, now: datetime) -> Iterator[tuple[int, rules.Rule]]:
    length = Event.sensitive_days if kind is RetentionKind.SENSITIVE else Event.retention_months
    lengths = list(db.session.scalars(select(length).distinct()))
    if not lengths:
        return
    ended = [
        and_(length == each, Event.ends_at <= rules.ended_by(kind, each, now=now))
        for each in lengths
    ]
    wanted = _RULES.where(or_(*ended), _still_holding(kind))
    for row in db.session.execute(wanted).all():
        yield row[0], _rule(row)


_RULES: Final = select(
    Event.id, Event.ends_at, Event.time_zone, Event.sensitive_days, Event.retention_months
)
"""Events with what makes their rule."""


def _rule(row: Row[int, datetime, str, int, int]) -> rules.Rule:
    _id, ends_at, time_zone, sensitive_days, retention_months = row
    return rules.Rule(ends_at, time_zone, sensitive_days, retention_months)


def _still_holding(kind: RetentionKind) -> ColumnElement[bool]:
    """Whether there may be anything left. Mails and purposes are looked at once, at the end."""
    if kind is RetentionKind.SENSITIVE:
        return or_(
            *(
                Event.id.in_(data.sensitive_events())
                for data in erasure.declared()
                if data.sensitive_events
            )
        )
    completed = exists().where(
        RetentionRecord.event_id == Event.id,
        RetentionRecord.kind == kind,
        RetentionRecord.completed_at >= Event.ends_at,  # or it has been given a new date since
    )
    holding = (data.holds_people(Event.id) for data in erasure.declared() if data.holds_people)
    return or_(*holding, ~completed)


@transactional
def _erase_batch(due: DueErasure, *, now: datetime) -> bool:
    """Let some of it go; false when nothing was left to do, or another worker is at it.

    Asks again, with the event held, whether it is still due: it may have been moved meanwhile.
    """
    row = db.session.execute(
        _RULES.where(Event.id == due.event_id, _still_holding(due.kind)).with_for_update(
            key_share=True, skip_locked=True, of=Event
        )
    ).one_or_none()
    if row is None or not _rule(row).is_due(due.kind, now=now):
        return False
    record = _record_of(due, now=now)
    batch = _BATCHES[due.kind](due.event_id, is_first=not record.counts, now=now)
    record.counts = rules.summed(record.counts, batch.counts)
    compaction.mark_due()
    if batch.is_last:
        record.completed_at = now
        _audit(due, record.counts, now=now)
    return True


def _record_of(due: DueErasure, *, now: datetime) -> RetentionRecord:
    found = db.session.scalars(
        select(RetentionRecord).where(
            RetentionRecord.event_id == due.event_id, RetentionRecord.kind == due.kind
        )
    ).one_or_none()
    if found is None:
        found = RetentionRecord(event_id=due.event_id, kind=due.kind, began_at=now, counts={})
        db.session.add(found)
    found.completed_at = None
    return found


def _sensitive_batch(event_id: int, *, is_first: bool, now: datetime) -> Batch:
    del is_first, now
    return _in_turn(
        event_id, [data.erase_sensitive for data in erasure.declared()], PARTIES_AT_ONCE
    )


def _personal_batch(event_id: int, *, is_first: bool, now: datetime) -> Batch:
    counts: Mapping[str, int] = {}
    for data in erasure.declared():
        if data.next_people is None:
            continue
        people = data.next_people(event_id, PARTIES_AT_ONCE)
        if not people.references:
            continue
        counted = data.count_event(event_id) if is_first and data.count_event else {}
        gone = erasure.erase(people, Reach(), by=SYSTEM, now=now)
        counts = rules.summed(counts, rules.summed(counted, gone))
        if len(people.references) == PARTIES_AT_ONCE:
            return Batch(counts, is_last=False)
    rest = _in_turn(event_id, [data.erase_rest for data in erasure.declared()], ROWS_AT_ONCE)
    return Batch(rules.summed(counts, rest.counts), rest.is_last)


def _in_turn(
    event_id: int, erasers: Iterable[Callable[[int, int], Batch] | None], most: int
) -> Batch:
    """Let go what each room has of an event, until one has more than goes at once."""
    counts: Mapping[str, int] = {}
    for eraser in erasers:
        if eraser is None:
            continue
        batch = eraser(event_id, most)
        counts = rules.summed(counts, batch.counts)
        if not batch.is_last:
            return Batch(counts, is_last=False)
    return Batch(counts)


_BATCHES: Final[Mapping[RetentionKind, Callable[..., Batch]]] = {
    RetentionKind.SENSITIVE: _sensitive_batch,
    RetentionKind.PERSONAL: _personal_batch,
}


def _audit(due: DueErasure, counts: Mapping[str, int], *, now: datetime) -> None:
    """Let the event's history say what went; of an event without guests there is nothing to say."""
    if not counts:
        return
    audit.record(
        f"retention.{due.kind}",
        by=SYSTEM,
        now=now,
        subject="privacy",
        event_id=due.event_id,
        changes=dict(counts),
    )


def close_round(now: datetime) -> None:
    """Note that the night's round is over, unless something is left to another worker; and forget
    old mails that belong to no event.
    """
    if not due_at(now):
        _close_round(now)


def account_mails_due(now: datetime) -> int:
    """How many mails that belong to no event are old enough to go."""
    until = now - rules.ACCOUNT_MAILS_LAST
    return sum(data.count_eventless(until) for data in erasure.declared() if data.count_eventless)


def _erase_eventless(now: datetime) -> int:
    until = now - rules.ACCOUNT_MAILS_LAST
    return sum(data.erase_eventless(until) for data in erasure.declared() if data.erase_eventless)


@transactional
def _close_round(now: datetime) -> None:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    night, mails = rules.night_of(now), _erase_eventless(now)
    written = dialect.insert(RetentionRound).values(
        night=night, completed_at=now, account_mails=mails
    )
    more = RetentionRound.account_mails + written.excluded.account_mails
    db.session.execute(
        written.on_conflict_do_update(index_elements=["night"], set_={"account_mails": more})
    )
    db.session.execute(
        delete(RetentionRound).where(RetentionRound.night < night - _ROUNDS_KEPT),
        execution_options={"synchronize_session": False},
    )
