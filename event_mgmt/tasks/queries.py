"""Reading tasks. Each is its asker's alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from event_mgmt.accounts.policy import Viewer
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.tasks import rules
from event_mgmt.tasks.enums import TaskState
from event_mgmt.tasks.models import Task


def tasks_of(user_id: int) -> Sequence[Task]:
    """A person's own tasks, the latest first; those of a day, so never many."""
    return db.session.scalars(
        select(Task).where(Task.user_id == user_id).order_by(Task.created_at.desc(), Task.id.desc())
    ).all()


def task_of(task_id: int, *, viewer: Viewer) -> Task:
    """One of the viewer's own tasks; Missing otherwise."""
    task = db.session.get(Task, task_id, populate_existing=True)
    if task is None or task.user_id != viewer.user_id:
        raise Missing
    return task


def has_result(task: Task, *, now: datetime) -> bool:
    """Whether there is something to take, now."""
    if task.state is not TaskState.DONE or task.result_id is None or task.ended_at is None:
        return False
    return now < rules.result_goes_at(task.ended_at)


def places_in_queue(tasks: Sequence[Task]) -> dict[int, int]:
    """How many tasks that wait were asked for before each of those that wait among ``tasks``.

    Whose turn it is may differ.
    """
    waiting = [task.id for task in tasks if task.state is TaskState.WAITING]
    if not waiting:
        return {}
    other = aliased(Task)
    earlier = (
        select(func.count())
        .where(other.state == TaskState.WAITING, other.created_at < Task.created_at)
        .correlate(Task)
        .scalar_subquery()
    )
    found = db.session.execute(select(Task.id, earlier).where(Task.id.in_(waiting)))
    return {row[0]: row[1] for row in found}


@dataclass(frozen=True)
class TaskHealth:
    """How the tasks are doing as a whole.

    ``oldest_due_at``: since when the longest-waiting one could have begun. ``running``: how many
    some process is at; ``stranded``: how many say that they run while nobody renews them.
    """

    oldest_due_at: datetime | None
    running: int
    stranded: int


def task_health(*, now: datetime) -> TaskHealth:
    """For monitors and the examination."""
    oldest = select(func.min(Task.due_at)).where(
        Task.state == TaskState.WAITING, Task.due_at <= now
    )
    is_renewed = Task.leased_until >= now
    running = select(func.count(), func.count().filter(is_renewed)).where(
        Task.state == TaskState.RUNNING
    )
    every, renewed = db.session.execute(running).one()
    return TaskHealth(db.session.execute(oldest).scalar_one(), renewed, every - renewed)
