"""Results of tasks: files that count from the moment their task is done, for a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.core.sizes import MEGABYTE
from event_mgmt.files import queries, service as files
from event_mgmt.files.models import FileId, FileState, StoredFile
from event_mgmt.files.purposes import FileOwner, FilePurpose, FileRetention
from event_mgmt.tasks.models import Task

RESULT: Final = FilePurpose(
    key="task_result",
    most_bytes=100 * MEGABYTE,
    most_files=200,
    retention=FileRetention.DAY,
)


@contextmanager
def stored(path: Path, task: Task, *, now: datetime) -> Iterator[FileId]:
    """The file at ``path``, stored for a block that finishes the task; discarded if that fails."""
    with (
        path.open("rb") as file,
        files.stored(file, RESULT, FileOwner(user_id=task.user_id), now=now) as file_id,
    ):
        yield file_id


def file_of(task: Task, *, now: datetime) -> StoredFile:
    """The result of ``task``; Missing where there is none (any more)."""
    if task.result_id is None:
        raise Missing
    return queries.claimed_file(task.result_id, RESULT, now=now)


def unfinished(user_ids: Collection[int]) -> Sequence[FileId]:
    """Results of these people's tasks that are being written, or that no task has claimed."""
    return db.session.scalars(
        select(StoredFile.id).where(
            StoredFile.purpose == RESULT.key,
            StoredFile.user_id.in_(user_ids),
            StoredFile.state != FileState.CLAIMED,
        )
    ).all()
