"""Storing files, making them count, and letting them go.

Content is written before the verb that makes a file count, a chunk a transaction, so that nobody
waits for a large file. Whatever happens in between leaves a file that nobody reads, which the
sweep takes once its time is over::

    with files.stored(upload.stream, DOCUMENT, FileOwner(event_id=event.id), now=now) as file_id:
        add_document(event.id, file_id, by=by, now=now)

    @transactional
    def add_document(event_id, file_id, *, by, now):
        files.claim(file_id, DOCUMENT, now=now)
        db.session.add(Document(event_id=event_id, file_id=file_id))
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete as sql_delete, func, insert, select, update
from sqlalchemy.sql import ColumnElement

from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.files.kinds import kind_of
from event_mgmt.files.models import FileChunk, FileId, FileState, StoredFile
from event_mgmt.files.purposes import ByteStream, FileOwner, FilePurpose
from event_mgmt.files.refusals import EmptyFile, FileTooLarge, TooManyFiles

CHUNK_BYTES: Final = 256 * 1024
UNCLAIMED_LASTS: Final = timedelta(hours=1)
"""So long a verb may take to claim what was stored, from the first chunk on."""

_SPARE_FILES: Final = 5
"""So many of an owner's files may be arriving beside those that count."""

_ID_BYTES: Final = 24
_CHUNKS_AT_ONCE: Final = 4
_FILES_A_ROUND: Final = 200


@contextmanager
def stored(
    stream: ByteStream, purpose: FilePurpose, owner: FileOwner, *, now: datetime
) -> Iterator[FileId]:
    """``store``, for a block that claims the file; where the block fails, the file is discarded."""
    file_id = store(stream, purpose, owner, now=now)
    try:
        yield file_id
    except BaseException:
        _let_go_unless_claimed(file_id, now)
        raise


def store(stream: ByteStream, purpose: FilePurpose, owner: FileOwner, *, now: datetime) -> FileId:
    """Write what ``stream`` holds, in short transactions; gives the id that ``claim`` takes.

    Reads no more than a chunk into memory. Not to be called inside a verb. Refusals: EmptyFile,
    FileTooLarge, TooManyFiles; DiskFull where there is no room. Then, or when the
    process dies, what was written is left to the sweep.
    """
    if db.session.info.get("in_transaction"):
        raise RuntimeError("a file is stored before the verb that claims it")
    head = _piece(stream)
    if not head:
        raise EmptyFile
    file_id = _begin(head, purpose, owner, now)
    try:
        _fill(file_id, head, stream, purpose.most_bytes)
    except FileTooLarge:
        _let_go_unless_claimed(file_id, now)
        raise
    return file_id


def _piece(stream: ByteStream) -> bytes:
    """The next chunk; shorter only at the end, however little each reading gives."""
    piece = stream.read(CHUNK_BYTES)
    while len(piece) < CHUNK_BYTES and (more := stream.read(CHUNK_BYTES - len(piece))):
        piece += more
    return piece


@transactional
def _begin(head: bytes, purpose: FilePurpose, owner: FileOwner, now: datetime) -> FileId:
    _check_number(purpose, owner, now, most=purpose.most_files + _SPARE_FILES)
    file = StoredFile(
        id=FileId(secrets.token_urlsafe(_ID_BYTES)),
        purpose=purpose.key,
        organisation_id=owner.organisation_id,
        event_id=owner.event_id,
        user_id=owner.user_id,
        kind=kind_of(head),
        state=FileState.ARRIVING,
        created_at=now,
        expires_at=now + UNCLAIMED_LASTS,
    )
    db.session.add(file)
    return file.id


def _fill(file_id: FileId, piece: bytes, stream: ByteStream, most_bytes: int) -> None:
    digest, size, number = hashlib.sha256(), 0, 0
    while piece:
        size += len(piece)
        if size > most_bytes:
            raise FileTooLarge(most_bytes)
        digest.update(piece)
        _add_chunk(file_id, number, piece)
        number += 1
        piece = _piece(stream)
    _complete(file_id, size=size, sha256=digest.hexdigest())


@transactional
def _add_chunk(file_id: FileId, number: int, content: bytes) -> None:
    db.session.execute(insert(FileChunk).values(file_id=file_id, number=number, content=content))


@transactional
def _complete(file_id: FileId, *, size: int, sha256: str) -> None:
    _change(
        StoredFile.id == file_id,
        StoredFile.state == FileState.ARRIVING,
        state=FileState.UNCLAIMED,
        size=size,
        sha256=sha256,
    )


@transactional
def claim(file_id: FileId, purpose: FilePurpose, *, now: datetime) -> StoredFile:
    """Make a stored file count, together with whatever else the calling verb does.

    Refusals: TooManyFiles; Missing for a file of another purpose, one that is claimed already or
    not whole, and one that waited too long.
    """
    file = db.session.scalars(
        select(StoredFile)
        .where(StoredFile.id == file_id, StoredFile.purpose == purpose.key)
        .where(StoredFile.state == FileState.UNCLAIMED, StoredFile.expires_at > now)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if file is None:
        raise Missing
    owner = FileOwner(file.organisation_id, file.event_id, file.user_id)
    _lock_number_of(purpose, owner)
    _check_number(purpose, owner, now, most=purpose.most_files, states={FileState.CLAIMED})
    file.state = FileState.CLAIMED
    file.expires_at = purpose.retention.expires_at(now)
    return file


def _lock_number_of(purpose: FilePurpose, owner: FileOwner) -> None:
    """One after the other, where two claims could both see room for one; SQLite has one writer."""
    if db.engine.dialect.name == "postgresql":
        digest = hashlib.sha256(f"files {purpose.key} {owner}".encode()).digest()
        number = int.from_bytes(digest[:8]) >> 1
        db.session.execute(select(func.pg_advisory_xact_lock(number)))


def _check_number(
    purpose: FilePurpose,
    owner: FileOwner,
    now: datetime,
    *,
    most: int,
    states: Collection[FileState] = frozenset(FileState) - {FileState.DISCARDED},
) -> None:
    of_owner = select(func.count()).where(
        StoredFile.purpose == purpose.key,
        StoredFile.organisation_id.is_not_distinct_from(owner.organisation_id),
        StoredFile.event_id.is_not_distinct_from(owner.event_id),
        StoredFile.user_id.is_not_distinct_from(owner.user_id),
        StoredFile.state.in_(states),
        StoredFile.expires_at.is_(None) | (StoredFile.expires_at > now),
    )
    if db.session.execute(of_owner).scalar_one() >= most:
        raise TooManyFiles(purpose.most_files)


@transactional
def discard(file_ids: Collection[FileId], *, now: datetime) -> int:
    """Let nobody read these files from now on; gives how many there were.

    Quick however large they are: the sweep takes their content away piece by piece.
    """
    return _change(
        StoredFile.id.in_(file_ids),
        StoredFile.state != FileState.DISCARDED,
        state=FileState.DISCARDED,
        expires_at=now,
    )


@transactional
def delete(file_ids: Collection[FileId]) -> int:
    """Delete these files with their content at once; gives how many there were.

    For erasures, which leave nothing behind when they end. It holds the write lock as long as the
    content takes (about 5 ms a megabyte on SQLite); everything else calls ``discard``.
    """
    gone = db.session.execute(
        sql_delete(StoredFile).where(StoredFile.id.in_(file_ids)).returning(StoredFile.id),
        execution_options={"synchronize_session": False},
    )
    return len(gone.all())


@transactional
def _let_go_unless_claimed(file_id: FileId, now: datetime) -> None:
    _change(
        StoredFile.id == file_id,
        StoredFile.state.in_({FileState.ARRIVING, FileState.UNCLAIMED}),
        state=FileState.DISCARDED,
        expires_at=now,
    )


def sweep(now: datetime) -> int:
    """The background job that takes away what has expired; gives how many files.

    Unclaimed and discarded files, and those whose retention has ended. A few chunks a transaction,
    so that no writer waits for a large file. Looks first, and takes no lock when there is nothing.
    """
    expired = (
        select(StoredFile.id)
        .where(StoredFile.expires_at <= now)
        .order_by(StoredFile.expires_at)
        .limit(_FILES_A_ROUND)
    )
    found = db.session.scalars(expired).all()
    db.session.rollback()
    return sum(_take_away(file_id, now) for file_id in found)


def _take_away(file_id: FileId, now: datetime) -> bool:
    """Take one file away; false where somebody claimed it since, or another worker was quicker."""
    if not _discard_expired(file_id, now):
        return False
    while _take_chunks(file_id):
        pass
    return bool(delete([file_id]))


@transactional
def _discard_expired(file_id: FileId, now: datetime) -> bool:
    return bool(
        _change(
            StoredFile.id == file_id,
            StoredFile.expires_at <= now,
            state=FileState.DISCARDED,
        )
    )


@transactional
def _take_chunks(file_id: FileId) -> int:
    some = (
        select(FileChunk.number)
        .where(FileChunk.file_id == file_id)
        .order_by(FileChunk.number)
        .limit(_CHUNKS_AT_ONCE)
    )
    numbers = db.session.scalars(some).all()
    db.session.execute(
        sql_delete(FileChunk).where(FileChunk.file_id == file_id, FileChunk.number.in_(numbers)),
        execution_options={"synchronize_session": False},
    )
    return len(numbers)


def _change(*which: ColumnElement[bool], **values: object) -> int:
    """How many files that changed."""
    changed = update(StoredFile).where(*which).values(**values).returning(StoredFile.id)
    return len(db.session.execute(changed, execution_options={"synchronize_session": False}).all())
