"""Retention: data go when their time has come, in batches, with a record of what went.

Any number of workers may do this at once: each batch is one transaction that holds its event, and
whoever finds an event held leaves it to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from event_mgmt.attendee_lists import erasure as list_erasing
from event_mgmt.attendee_lists.queries import is_anybody_found
from event_mgmt.audit import erasure as history, service as audit
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core import compaction
from event_mgmt.core.database import db, each_in_own_transaction, transactional
from event_mgmt.events.models import Event
from event_mgmt.mail import erasure as mail_erasure
from event_mgmt.mail.models import Message
from event_mgmt.privacy import rules
from event_mgmt.privacy.models import RetentionRecord, RetentionRound
from event_mgmt.privacy.redaction import Traces, redacted_value
from event_mgmt.privacy.words import RetentionKind
from event_mgmt.registration_desk.imports import uploads as import_uploads
from event_mgmt.registrations import erasure as party_erasing
from event_mgmt.registrations.mails import last_announcements

PARTIES_AT_ONCE: Final = 100
MAILS_AT_ONCE: Final = 500
BATCHES_A_CALL: Final = 50
"""What one call of the background job does at most: a few seconds' work."""

_ROUNDS_KEPT: Final = timedelta(days=90)


@dataclass(frozen=True)
class Due:
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

    def let_go(due: Due) -> None:
        nonlocal done
        while (batches is None or done < batches) and _erase_batch(due, now=now):
            done += 1

    each_in_own_transaction(let_go, due_at(now))
    return done


def due_at(now: datetime) -> list[Due]:
    """What is due at ``now``, event by event; two statements and no lock."""
    found = [
        Due(row.id, kind, rule.goes_at(kind))
        for kind in RetentionKind
        for row, rule in _candidates(kind, now=now)
        if rule.is_due(kind, now=now)
    ]
    return sorted(found, key=lambda due: (due.due_at, due.event_id, due.kind))


def _candidates(kind: RetentionKind, *, now: datetime) -> Iterator[tuple[Any, rules.Rule]]:
    length = Event.sensitive_days if kind is RetentionKind.SENSITIVE else Event.retention_months
    lengths = list(db.session.scalars(select(length).distinct()))
    if not lengths:
        return
    ended = [
        and_(length == each, Event.ends_at <= rules.ended_by(kind, each, now=now))
        for each in lengths
    ]
    wanted = select(Event.id, *_RULE).where(or_(*ended), _still_holding(kind))
    for row in db.session.execute(wanted).all():
        yield row, _rule(row)


_RULE: Final = (Event.ends_at, Event.time_zone, Event.sensitive_days, Event.retention_months)


def _rule(row: Any) -> rules.Rule:
    return rules.Rule(row.ends_at, row.time_zone, row.sensitive_days, row.retention_months)


def _still_holding(kind: RetentionKind) -> ColumnElement[bool]:
    """Whether there may be anything left. Mails and purposes are looked at once, at the end."""
    if kind is RetentionKind.SENSITIVE:
        return Event.id.in_(party_erasing.holding_sensitive())
    completed = exists().where(
        RetentionRecord.event_id == Event.id,
        RetentionRecord.kind == kind,
        RetentionRecord.completed_at >= Event.ends_at,  # or it has been given a new date since
    )
    return or_(party_erasing.holding_data(Event.id), ~completed)


@transactional
def _erase_batch(due: Due, *, now: datetime) -> bool:
    """Let some of it go; false when nothing was left to do, or another worker is at it.

    Asks again, with the event held, whether it is still due: it may have been moved meanwhile.
    """
    row = db.session.execute(
        select(Event.id, *_RULE)
        .where(Event.id == due.event_id, _still_holding(due.kind))
        .with_for_update(key_share=True, skip_locked=True, of=Event)
    ).one_or_none()
    if row is None or not _rule(row).is_due(due.kind, now=now):
        return False
    record = _record_of(due, now=now)
    batch = _BATCHES[due.kind](due.event_id, is_first=not record.counts, now=now)
    record.counts = rules.summed(record.counts, batch.counts)
    compaction.mark_due()
    if batch.is_last:
        record.completed_at = now
        _tell(due, record.counts, now=now)
    return True


@dataclass(frozen=True)
class _Batch:
    counts: Mapping[str, int]
    is_last: bool


def _record_of(due: Due, *, now: datetime) -> RetentionRecord:
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


def _sensitive_batch(event_id: int, *, is_first: bool, now: datetime) -> _Batch:
    del is_first, now
    ids = party_erasing.next_with_sensitive(event_id, most=PARTIES_AT_ONCE)
    gone = party_erasing.erase_sensitive(ids)
    left = party_erasing.next_with_sensitive(event_id, most=1)
    return _Batch({"sensitive_answers": gone}, is_last=not left)


def _personal_batch(event_id: int, *, is_first: bool, now: datetime) -> _Batch:
    ids = party_erasing.next_of_event(event_id, most=PARTIES_AT_ONCE)
    gone = _people_of(event_id, ids, is_first=is_first, now=now) if ids else {}
    if len(ids) == PARTIES_AT_ONCE:
        return _Batch(gone, is_last=False)
    rest = _leftovers(event_id)
    return _Batch(rules.summed(gone, rest.counts), rest.is_last)


def _people_of(
    event_id: int, ids: list[int], *, is_first: bool, now: datetime
) -> Mapping[str, int]:
    """Let these parties go, with their mails and wherever staff wrote their names.

    What somebody saved for themselves goes once it finds nobody any more: whoever is still known
    from another event may still be looked for.
    """
    counted = {"organisations": party_erasing.organisations_at(event_id)} if is_first else {}
    traces = Traces.of(party_erasing.addresses_of(ids), party_erasing.names_in(ids))
    called_off = party_erasing.cancel_upcoming(ids, by=SYSTEM, now=now)
    gone = party_erasing.erase_people(ids, now=now)
    mails = mail_erasure.erase_messages(Message.registration_id.in_(ids))
    last_announcements.delete_for_registrations(ids)
    words = partial(redacted_value, traces=traces)
    mentions = _reword(event_id, words)
    mentions += list_erasing.reword_saved(None, words, is_needed=is_anybody_found)
    return {**counted, **gone, "called_off": called_off, "mails": mails, "mentions": mentions}


def _leftovers(event_id: int) -> _Batch:
    """What an event keeps besides registrations: mails to partners, searches of exports."""
    of_event = Message.event_id == event_id
    mails = mail_erasure.erase_batch(of_event, most=MAILS_AT_ONCE)
    if mails == MAILS_AT_ONCE:
        return _Batch({"mails": mails}, is_last=False)
    import_uploads.erase_all(select(Event.id).where(Event.id == event_id))
    mentions = _reword(event_id, rules.without_searches)
    return _Batch({"mails": mails, "mentions": mentions}, is_last=True)


_BATCHES: Final[Mapping[RetentionKind, Callable[..., _Batch]]] = {
    RetentionKind.SENSITIVE: _sensitive_batch,
    RetentionKind.PERSONAL: _personal_batch,
}


def _reword(event_id: int, words: Callable[[object], object]) -> int:
    exports = list_erasing.reword_exports([event_id], words)
    history.redact([event_id], ["export"], words)
    return exports


def _tell(due: Due, counts: Mapping[str, int], *, now: datetime) -> None:
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
    counted = select(func.count()).select_from(Message)
    return db.session.execute(counted.where(_old_account_mails(now))).scalar_one()


def _old_account_mails(now: datetime) -> ColumnElement[bool]:
    return and_(
        Message.event_id.is_(None),
        Message.created_at <= now - rules.ACCOUNT_MAILS_LAST,
        Message.to_address != "",
    )


@transactional
def _close_round(now: datetime) -> None:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    night, mails = rules.night_of(now), mail_erasure.erase_messages(_old_account_mails(now))
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
