"""What becomes of a task: pure decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from event_mgmt.tasks.enums import AfterDeath, Reason, TaskState

LEASE_SECONDS: Final = 60
RENEW_SECONDS: Final = 15.0
DEATHS: Final = 3
PAUSE_SECONDS: Final = 5
MOST_OPEN: Final = 5
"""Tasks that one person may have open at a time."""

RESULTS_LAST: Final = timedelta(days=1)
FULL_DISK_PAUSE: Final = timedelta(seconds=30)


STATE_TRANSITIONS: Final[Mapping[TaskState, frozenset[TaskState]]] = {
    TaskState.WAITING: frozenset({TaskState.RUNNING, TaskState.CANCELLED, TaskState.FAILED}),
    TaskState.RUNNING: frozenset(set(TaskState) - {TaskState.RUNNING}),
    TaskState.DONE: frozenset({TaskState.FAILED}),  # somebody was erased, or it was restored
    TaskState.FAILED: frozenset(),
    TaskState.CANCELLED: frozenset(),
}
"""Which state may follow which."""


@dataclass(frozen=True)
class Fate:
    """What a death leads to: the state, why it failed, when it is tried again, from where."""

    state: TaskState
    reason: Reason
    due_at: datetime
    keeps_checkpoint: bool


def after_death(kind_says: AfterDeath, attempts: int, *, now: datetime) -> Fate:
    """What becomes of a task whose ``attempts``-th process has died.

    It is tried again after 5 seconds, then after half a minute: what killed it may have passed.
    """
    if kind_says is AfterDeath.END:
        return Fate(TaskState.FAILED, Reason.INTERRUPTED, now, keeps_checkpoint=False)
    if attempts >= DEATHS:
        return Fate(TaskState.FAILED, Reason.DIED, now, keeps_checkpoint=False)
    again = now + timedelta(seconds=PAUSE_SECONDS * 6 ** (attempts - 1))
    resumes = kind_says is AfterDeath.RESUME
    return Fate(TaskState.WAITING, Reason.NONE, again, keeps_checkpoint=resumes)


def lease_end(now: datetime) -> datetime:
    """Until when a claim made or renewed at ``now`` holds."""
    return now + timedelta(seconds=LEASE_SECONDS)


def latest_lease_end(now: datetime) -> datetime:
    """No honest claim holds for longer: it was made by a wrong clock."""
    return now + timedelta(seconds=2 * LEASE_SECONDS)


def result_goes_at(ended_at: datetime) -> datetime:
    """When a task that has ended goes, with its result."""
    return ended_at + RESULTS_LAST
