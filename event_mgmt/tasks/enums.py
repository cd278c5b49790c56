"""What becomes of a task, and why."""

from __future__ import annotations

from enum import StrEnum


class TaskState(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AfterDeath(StrEnum):
    """What a kind of task does after the process that ran it has died.

    A task that resumes gets the checkpoint that it kept last; one that restarts begins anew; one
    that ends has failed, since nobody knows how much of it was done.
    """

    RESUME = "resume"
    RESTART = "restart"
    END = "end"

    @property
    def may_repeat(self) -> bool:
        """Whether another process may begin it again."""
        return self is not AfterDeath.END


class Reason(StrEnum):
    """Why a task has failed."""

    NONE = ""
    REFUSED = "refused"  # by a rule, whose words stand beside it
    DIED = "died"
    INTERRUPTED = "interrupted"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    NO_RIGHT = "no_right"
    UNREADABLE = "unreadable"
    ERASED = "erased"
    RESTORED = "restored"
