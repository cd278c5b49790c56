"""The task processes' own short transactions: take a task, keep it, and write down its end.

Every verb names the attempt (``token``) that it speaks for. Whoever has lost the task meanwhile
(its lease ended, it was cancelled, somebody's data were erased) changes nothing and is told so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Update,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db, table_of, transactional, write_lock_path
from event_mgmt.core.sqlite_write_lock import sqlite_write_lock
from event_mgmt.files import service as files
from event_mgmt.files.models import FileId
from event_mgmt.tasks import rules
from event_mgmt.tasks.arguments import Json
from event_mgmt.tasks.enums import Reason, TaskState
from event_mgmt.tasks.kinds import AnyTaskKind
from event_mgmt.tasks.models import LONGEST_WORDS, OPEN, Task
from event_mgmt.tasks.results import RESULT

Kinds = Mapping[str, AnyTaskKind]


@dataclass(frozen=True)
class Claim:
    """A task that one attempt runs."""

    task_id: int
    token: str
    kind: str


@dataclass(frozen=True)
class Result:
    """A stored file that finishing the task makes count, what it is called, facts of its record."""

    file_id: FileId
    name: str
    facts: dict[str, Json]


@dataclass(frozen=True)
class Progress:
    """How far an attempt has come, and from where another could go on."""

    percent: int
    code: str
    values: dict[str, Json]
    checkpoint: dict[str, Json] | None


def _is_waiting(kinds: Kinds, now: datetime) -> ColumnElement[bool]:
    """Only of kinds that we know: what a newer version has asked for is left to that."""
    return and_(Task.state == TaskState.WAITING, Task.due_at <= now, Task.kind.in_(list(kinds)))


def _is_stranded(kinds: Kinds, now: datetime) -> ColumnElement[bool]:
    """Its lease is over, or ends later than any can: it was taken by a wrong clock."""
    return and_(
        Task.state == TaskState.RUNNING,
        Task.kind.in_(list(kinds)),
        or_(Task.leased_until < now, Task.leased_until > rules.latest_lease_end(now)),
    )


def is_work_waiting(kinds: Kinds, *, now: datetime) -> bool:
    """A glance, without any lock, that an idle process can afford every second."""
    anything = select(
        or_(exists().where(_is_waiting(kinds, now)), exists().where(_is_stranded(kinds, now)))
    )
    found = db.session.execute(anything).scalar_one()
    db.session.rollback()
    return bool(found)


def is_anything_open(kinds: Kinds) -> bool:
    """Whether any task that we know how to do has yet to end."""
    opened = exists().where(Task.state.in_(OPEN), Task.kind.in_(list(kinds)))
    found = db.session.execute(select(opened)).scalar_one()
    db.session.rollback()
    return bool(found)


@transactional
def free_stranded(kinds: Kinds, *, now: datetime) -> int:
    """Decide about what dead processes held; gives how many tasks that were."""
    stranded = db.session.scalars(
        select(Task)
        .where(_is_stranded(kinds, now))
        .order_by(Task.id)
        .with_for_update(skip_locked=True)
    ).all()
    for task in stranded:
        _after_death(task, kinds[task.kind], now=now)
    return len(stranded)


@transactional
def claim(token: str, kinds: Kinds, *, now: datetime) -> Claim | None:
    """Take the task whose turn it is; None where nothing waits.

    Turns go round between organisations: first whoever has fewest tasks running, then whose last
    one began longest ago. So the first task of one waits for one task of another at most.
    """
    wanted = (
        select(Task)
        .where(_is_waiting(kinds, now))
        .order_by(*_whose_turn())
        .limit(1)
        .with_for_update(skip_locked=True, of=Task)
    )
    task = db.session.scalars(wanted).one_or_none()
    if task is None:
        return None
    task.state, task.claimed_by = TaskState.RUNNING, token
    task.leased_until, task.started_at = rules.lease_end(now), now
    task.attempts += 1
    return Claim(task.id, token, task.kind)


def _whose_turn() -> tuple[SQLColumnExpression[object], ...]:
    other = aliased(Task)
    same = func.coalesce(other.organisation_id, 0) == func.coalesce(Task.organisation_id, 0)
    running = (
        select(func.count())
        .where(same, other.state == TaskState.RUNNING)
        .correlate(Task)
        .scalar_subquery()
    )
    last_begun = select(func.max(other.started_at)).where(same).correlate(Task).scalar_subquery()
    never_first = case((last_begun.is_(None), 0), else_=1)
    return running, never_first, last_begun, Task.due_at, Task.id


def renew(claim: Claim, *, now: datetime) -> bool:
    """Keep the task for another lease; False when it is ours no longer, or is to be cancelled.

    Takes no part in a session: it is called between the steps of something else.
    """
    ours = _ours(claim)
    return _write(
        update(table_of(Task)).where(*ours, ~Task.is_cancel_asked),
        {"leased_until": rules.lease_end(now)},
    )


def is_wanted(claim: Claim) -> bool:
    """Whether the task is still this attempt's, and nobody has cancelled it. Takes no lock."""
    found = select(Task.id).where(*_ours(claim), ~Task.is_cancel_asked)
    with db.engine.connect() as connection:
        return connection.execute(found).first() is not None


def report(claim: Claim, progress: Progress) -> bool:
    """Write down how far it is; False when the task is no longer wanted of this attempt."""
    return _write(
        update(table_of(Task)).where(*_ours(claim), ~Task.is_cancel_asked),
        {
            "progress": progress.percent,
            "progress_code": progress.code,
            "progress_values": progress.values,
            "checkpoint": progress.checkpoint,
        },
    )


def _ours(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        Task.id == claim.task_id,
        Task.state == TaskState.RUNNING,
        Task.claimed_by == claim.token,
    )


def _write(statement: Update, values: Mapping[str, object]) -> bool:
    """One row in a transaction of its own: the session may be in the middle of reading a list."""
    engine = db.engine.execution_options(writes=True)
    with sqlite_write_lock(write_lock_path(db.engine)), engine.begin() as connection:
        return bool(connection.execute(statement.values(**values)).rowcount)


@transactional
def finish(claim: Claim, result: Result | None, *, now: datetime) -> bool:
    """The work is done; False when the task was no longer this attempt's: its result is void."""
    task = _locked(claim)
    if task is None or task.is_cancel_asked:
        return False
    _end(task, TaskState.DONE, now=now)
    task.progress = 100
    if result is not None:
        files.claim(result.file_id, RESULT, now=now)
        task.result_id, task.result_name = result.file_id, result.name
        task.result_facts = result.facts
    return True


@transactional
def fail(claim: Claim, reason: Reason, *, words: str = "", now: datetime) -> None:
    """It cannot be done, and would not be at another try."""
    task = _locked(claim)
    if task is not None:
        _fail(task, reason, words=words, now=now)


@transactional
def note_death(claim: Claim, kind: AnyTaskKind, *, now: datetime) -> None:
    """Its process has died: the kind says whether it is tried again."""
    task = _locked(claim)
    if task is not None:
        _after_death(task, kind, now=now)


@transactional
def give_back(claim: Claim, *, pause: timedelta = timedelta(), now: datetime) -> None:
    """Leave the task to others, as if it had not been taken; not before ``pause`` is over."""
    task = _locked(claim)
    if task is None:
        return
    _let_go(task, TaskState.CANCELLED if task.is_cancel_asked else TaskState.WAITING)
    task.due_at = now + pause
    task.attempts -= 1
    if task.state is TaskState.CANCELLED:
        task.ended_at = now


def _locked(claim: Claim) -> Task | None:
    wanted = select(Task).where(*_ours(claim)).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _after_death(task: Task, kind: AnyTaskKind, *, now: datetime) -> None:
    if task.is_cancel_asked:
        _end(task, TaskState.CANCELLED, now=now)
        return
    fate = rules.after_death(kind.after_death, task.attempts, now=now)
    if fate.state is TaskState.FAILED:
        _fail(task, fate.reason, now=now)
        return
    _let_go(task, fate.state)
    task.due_at = fate.due_at
    if not fate.keeps_checkpoint:
        task.checkpoint = None


def _fail(task: Task, reason: Reason, *, words: str = "", now: datetime) -> None:
    _end(task, TaskState.FAILED, now=now)
    task.reason, task.words = reason, words[:LONGEST_WORDS]
    audit.record(
        "task.failed",
        by=SYSTEM,
        now=now,
        subject="task",
        subject_id=task.id,
        event_id=task.event_id,
        organisation_id=task.organisation_id,
        changes={"kind": task.kind, "reason": reason.value},
    )


def _end(task: Task, state: TaskState, *, now: datetime) -> None:
    _let_go(task, state)
    task.ended_at, task.checkpoint = now, None


def _let_go(task: Task, state: TaskState) -> None:
    task.state, task.claimed_by, task.leased_until = state, None, None
