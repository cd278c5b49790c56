"""What people do with tasks: ask for one, cancel it, take its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from flask import current_app
from sqlalchemy import func, select

from event_mgmt.accounts.models import User
from event_mgmt.accounts.policy import Viewer
from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.files.models import StoredFile
from event_mgmt.tasks import arguments as task_arguments, queries, queue, results, rules
from event_mgmt.tasks.enums import TaskState
from event_mgmt.tasks.kinds import Taking, known_kinds
from event_mgmt.tasks.models import OPEN, Task
from event_mgmt.tasks.refusals import TooManyOpen

A = TypeVar("A")


@dataclass(frozen=True)
class About:
    """Whom a task is asked for, and whose people it reads."""

    organisation_id: int | None = None
    event_id: int | None = None


BELL: Final = "task_bell"
"""Under this name an application may have somebody to tell that a task waits."""


def ask(
    kind: str,
    arguments: object,
    *,
    viewer: Viewer,
    locale: str,
    about: About = About(),
    now: datetime,
) -> int:
    """Write down that ``viewer`` wants this done; gives the task's id.

    Raises Missing for what the viewer has no right to and for a program, TooManyOpen, and
    Unreadable for arguments that are not what their type declares.
    """
    task_id = _ask(kind, arguments, viewer, locale, about, now)
    _ring()
    return task_id


def wake_for_waiting(now: datetime) -> None:
    """Background job: let tasks be run that another machine asked for, or that a crash has left."""
    if BELL in current_app.extensions and queue.is_work_waiting(known_kinds(), now=now):
        _ring()


def _ring() -> None:
    ring: Callable[[], None] | None = current_app.extensions.get(BELL)
    if ring is not None:
        ring()


@transactional
def _ask(
    kind: str, arguments: object, viewer: Viewer, locale: str, about: About, now: datetime
) -> int:
    wanted = known_kinds()[kind]
    assert isinstance(arguments, wanted.arguments)
    # It would run with all that the person may do: a task has no scopes.
    if viewer.user_id is None or viewer.is_program or not wanted.may(arguments, viewer):
        raise Missing
    _check_open(viewer.user_id)
    task = Task(
        kind=kind,
        arguments=task_arguments.as_json(arguments),
        user_id=viewer.user_id,
        organisation_id=about.organisation_id,
        event_id=about.event_id,
        locale=locale,
        created_at=now,
        due_at=now,
    )
    db.session.add(task)
    db.session.flush()
    _note("task.asked", task, by=Actor.user(viewer.user_id), now=now)
    return task.id


def _check_open(user_id: int) -> None:
    """One after the other for each person, so that two requests cannot both be the last one."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    opened = select(func.count()).where(Task.user_id == user_id, Task.state.in_(OPEN))
    if db.session.execute(opened).scalar_one() >= rules.MOST_OPEN:
        raise TooManyOpen(rules.MOST_OPEN)


@transactional
def cancel(task_id: int, *, viewer: Viewer, now: datetime) -> None:
    """Let it be: at once where it waits, soon where it runs. What has ended stays as it is.

    Missing for anybody's but one's own.
    """
    task = _locked(task_id, viewer)
    if not task.is_open:
        return
    task.is_cancel_asked = True
    if task.state is TaskState.WAITING:
        task.state, task.ended_at, task.checkpoint = TaskState.CANCELLED, now, None
    _note("task.cancelled", task, by=Actor.user(task.user_id), now=now)


@transactional
def take_result(task_id: int, *, viewer: Viewer, now: datetime) -> tuple[StoredFile, str]:
    """Record that a result is taken, before its first byte leaves the house; gives file and name.

    Missing for anybody's but one's own, without the right that the kind demands, and once it is
    gone.
    """
    task = _locked(task_id, viewer)
    if not queries.has_result(task, now=now):
        raise Missing
    file = results.file_of(task, now=now)
    kind = known_kinds().get(task.kind)
    if kind is None:
        raise Missing
    arguments = _readable(kind.arguments, task)
    if not kind.may(arguments, viewer):
        raise Missing
    by = Actor.user(task.user_id)
    _note("task.result_taken", task, by=by, now=now, sha256=file.sha256)
    if kind.record is not None:
        kind.record(arguments, Taking(task.user_id, viewer, now, file.sha256, task.result_facts))
    return file, task.result_name


def _readable(wanted: type[A], task: Task) -> A:
    try:
        return task_arguments.read(wanted, task.arguments)
    except task_arguments.UnreadableArguments:
        raise Missing from None


def _locked(task_id: int, viewer: Viewer) -> Task:
    """The asker's own task, held until the transaction ends; Missing otherwise."""
    own = select(Task).where(Task.id == task_id, Task.user_id == viewer.user_id)
    task = db.session.scalars(
        own.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if task is None:
        raise Missing
    return task


def _note(action: str, task: Task, *, by: Actor, now: datetime, **more: str) -> None:
    audit.record(
        action,
        by=by,
        now=now,
        subject="task",
        subject_id=task.id,
        event_id=task.event_id,
        organisation_id=task.organisation_id,
        changes={"kind": task.kind, **more},
    )
