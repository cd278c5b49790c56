"""Letting tasks and their results go: after a day, with a person, with an account, at a restore."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, case, delete, or_, select, true, update

from event_mgmt.core.database import db, transactional
from event_mgmt.files import service as files
from event_mgmt.tasks import results, rules
from event_mgmt.tasks.enums import Reason, TaskState
from event_mgmt.tasks.models import OPEN, Task

_AT_ONCE: Final = 20
_NO_SYNC: Final = {"synchronize_session": False}


def forget_old(now: datetime) -> int:
    """The background job that lets go what ended a day ago; gives how many tasks went.

    Their results are discarded, and swept piece by piece like every file.
    """
    old = select(Task.id, Task.result_id).where(Task.ended_at <= now - rules.RESULTS_LAST)
    gone = 0
    while found := db.session.execute(old.limit(_AT_ONCE)).all():
        db.session.rollback()
        gone += _forget([row.id for row in found], now=now)
    return gone


@transactional
def _forget(ids: Sequence[int], *, now: datetime) -> int:
    removed = delete(Task).where(Task.id.in_(ids)).returning(Task.result_id)
    gone = db.session.scalars(removed, execution_options=_NO_SYNC).all()
    files.discard([file_id for file_id in gone if file_id], now=now)
    return len(gone)


def void(events: Select[int] | None, *, holding: str = "", now: datetime) -> int:
    """End what may hold somebody who is being erased; gives how many tasks that concerned.

    That is every task about these events (default: about any), and about none in particular: their
    results go, their arguments too, since a search or a purpose may name a person. What runs is
    stopped, and can write nothing any more. With ``holding``, an address of whom nothing else is
    known, only those whose arguments hold it.
    """
    concerned: ColumnElement[bool] = true()
    if events is not None:
        concerned = or_(Task.event_id.in_(events), Task.event_id.is_(None))
    if holding:
        named = db.session.execute(select(Task.id, Task.arguments).where(concerned))
        concerned = Task.id.in_([row.id for row in named if _holds(row.arguments, holding)])
    return _void(concerned, Reason.ERASED, now=now)


def _holds(arguments: object, address: str) -> bool:
    return address in json.dumps(arguments, ensure_ascii=False).casefold()


def void_all(*, now: datetime) -> int:
    """End everything: the database was restored, and what ran then runs no more."""
    return _void(true(), Reason.RESTORED, now=now)


def _void(concerned: ColumnElement[bool], reason: Reason, *, now: datetime) -> int:
    live = or_(Task.state.in_(OPEN), Task.state == TaskState.DONE, Task.reason != reason)
    found = db.session.execute(select(Task.user_id, Task.result_id).where(live, concerned)).all()
    files.delete([row.result_id for row in found if row.result_id])
    files.delete(results.unfinished({row.user_id for row in found}))
    ended = db.session.execute(
        update(Task)
        .where(live, concerned)
        .values(
            state=case((Task.state == TaskState.CANCELLED, Task.state), else_=TaskState.FAILED),
            reason=reason,
            words="",
            arguments={},
            ended_at=now,
            claimed_by=None,
            leased_until=None,
            checkpoint=None,
            progress_code="",
            progress_values={},
            result_id=None,
            result_name="",
            result_facts={},
        )
        .returning(Task.id),
        execution_options=_NO_SYNC,
    )
    return len(ended.all())


def forget_user(user_id: int) -> int:
    """Delete somebody's own tasks and results, in the running transaction; gives how many."""
    return _delete(Task.user_id == user_id)


def forget_event(event_id: int) -> int:
    """Delete the tasks about an event and their results, in the running transaction."""
    return _delete(Task.event_id == event_id)


def _delete(which: ColumnElement[bool]) -> int:
    asked_by = set(db.session.scalars(select(Task.user_id).where(which, Task.state.in_(OPEN))))
    removed = delete(Task).where(which).returning(Task.result_id)
    gone = db.session.scalars(removed, execution_options=_NO_SYNC).all()
    files.delete([file_id for file_id in gone if file_id])
    files.delete(results.unfinished(asked_by))
    return len(gone)
