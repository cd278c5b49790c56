"""The table of tasks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.core.database import Model
from event_mgmt.core.ids import UserId
from event_mgmt.core.types import UtcDateTime, enum_column
from event_mgmt.files.models import FileId
from event_mgmt.tasks.arguments import Json
from event_mgmt.tasks.enums import Reason, TaskState

LONGEST_WORDS = 500


class Task(Model):
    """One piece of long work. The row goes a day after the work has ended, its result with it.

    ``organisation_id`` is whom it was asked for (turns go round between organisations),
    ``event_id`` whose people it reads; erasures and retention go by that. ``claimed_by`` is the
    attempt that runs it, until ``leased_until``; ``attempts`` counts those that may have died.
    Progress is ``progress_code`` and ``progress_values``, from which the kind makes a sentence in
    the reader's language. ``words`` are those of the rule that refused it, in the asker's language.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_state_due_at", "state", "due_at"),
        Index("ix_tasks_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Json]] = mapped_column(JSON)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None]
    event_id: Mapped[int | None] = mapped_column(index=True)
    locale: Mapped[str] = mapped_column(String(2))
    state: Mapped[TaskState] = mapped_column(enum_column(TaskState), default=TaskState.WAITING)
    reason: Mapped[Reason] = mapped_column(enum_column(Reason), default=Reason.NONE)
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_cancel_asked: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[int] = mapped_column(default=0)
    progress_code: Mapped[str] = mapped_column(String(40), default="")
    progress_values: Mapped[dict[str, Json]] = mapped_column(JSON, default=dict)
    checkpoint: Mapped[dict[str, Json] | None] = mapped_column(JSON)
    result_id: Mapped[FileId | None] = mapped_column(
        ForeignKey("files.id", ondelete="SET NULL"), index=True
    )
    result_name: Mapped[str] = mapped_column(String(200), default="")
    result_facts: Mapped[dict[str, Json]] = mapped_column(JSON, default=dict)

    @property
    def is_open(self) -> bool:
        """Whether it has yet to end."""
        return self.state in OPEN


OPEN = (TaskState.WAITING, TaskState.RUNNING)
