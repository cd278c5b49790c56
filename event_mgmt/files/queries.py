"""Reading files: what is known of one, and its content chunk by chunk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.files.models import FileChunk, FileId, FileState, StoredFile
from event_mgmt.files.purposes import FilePurpose


@dataclass(frozen=True)
class FilesState:
    """How files are: those that count, their bytes, those with bytes missing or too many, and how
    long ago the oldest expired that has not been swept.
    """

    number: int
    size: int
    damaged: int
    overdue: timedelta


class FileDamaged(Exception):
    """The content is not what was stored: a chunk is missing, or the digest differs."""


def claimed_file(file_id: FileId, purpose: FilePurpose, *, now: datetime) -> StoredFile:
    """The file, for whoever the room that owns ``purpose`` shows it to; Missing for any other.

    Missing also for a file of another purpose, one that does not count and one that has expired.
    """
    file = db.session.get(StoredFile, file_id)
    if (
        file is None
        or (file.purpose, file.state) != (purpose.key, FileState.CLAIMED)
        or (file.expires_at is not None and file.expires_at <= now)
    ):
        raise Missing
    return file


def open_chunks(file: StoredFile) -> Iterator[bytes]:
    """The content, a chunk (256 KB at most) at a time, each read in a transaction of its own.

    So a slow reader holds up nothing, and no more than two chunks are in memory. The last chunk is
    given only when the digest of all is right: FileDamaged where it is not, or where the file has
    been taken away meanwhile.
    """
    # The engine is asked for now: the answer is read when the request's context may be gone.
    return _chunks(db.engine, file.id, file.size, file.sha256)


def _chunks(engine: Engine, file_id: FileId, size: int, sha256: str) -> Iterator[bytes]:
    digest, left, number = hashlib.sha256(), size, 0
    while left > 0:
        content = _content(engine, file_id, number)
        digest.update(content)
        left -= len(content)
        if left < 0 or (left == 0 and digest.hexdigest() != sha256):
            raise FileDamaged(f"chunk {number}")
        yield content
        number += 1


def _content(engine: Engine, file_id: FileId, number: int) -> bytes:
    wanted = select(FileChunk.content).where(
        FileChunk.file_id == file_id, FileChunk.number == number
    )
    with engine.connect() as connection:
        content = connection.execute(wanted).scalar_one_or_none()
    if not content:
        raise FileDamaged(f"chunk {number} is missing")
    return bytes(content)


def state_of_files(*, now: datetime) -> FilesState:
    """Looks at every file that counts, and at the lengths of its chunks without reading them."""
    counts = StoredFile.state == FileState.CLAIMED
    number, size = db.session.execute(
        select(func.count(), func.coalesce(func.sum(StoredFile.size), 0)).where(counts)
    ).one()
    there = (
        select(func.coalesce(func.sum(func.length(FileChunk.content)), 0))
        .where(FileChunk.file_id == StoredFile.id)
        .scalar_subquery()
    )
    damaged = select(func.count()).where(counts, StoredFile.size != there)
    oldest = db.session.scalar(
        select(func.min(StoredFile.expires_at)).where(StoredFile.expires_at <= now)
    )
    return FilesState(
        number=number,
        size=int(size),
        damaged=db.session.execute(damaged).scalar_one(),
        overdue=now - oldest if oldest else timedelta(),
    )
