"""Purposes and contents that tests of files share."""

from __future__ import annotations

import hashlib
import io
import secrets
from datetime import datetime
from random import Random

from event_mgmt.core.database import transactional
from event_mgmt.files import service
from event_mgmt.files.kinds import kind_of
from event_mgmt.files.models import FileChunk, FileId, FileState, StoredFile
from event_mgmt.files.purposes import FileOwner, FilePurpose, FileRetention
from tests.builders import saved

PURPOSE = FilePurpose("sample", 4 * 1024 * 1024, 3, FileRetention.WITH_OWNER)
FOR_A_DAY = FilePurpose("sample_day", 64 * 1024 * 1024, 3, FileRetention.DAY)


def a_file(
    content: bytes, owner: FileOwner, *, now: datetime, purpose: FilePurpose = PURPOSE
) -> FileId:
    """A small file that counts, written without asking for limits, at one go."""
    file = StoredFile(
        id=FileId(secrets.token_urlsafe(24)),
        purpose=purpose.key,
        organisation_id=owner.organisation_id,
        event_id=owner.event_id,
        user_id=owner.user_id,
        kind=kind_of(content),
        state=FileState.CLAIMED,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=now,
        expires_at=purpose.retention.expires_at(now),
    )
    file_id = saved(file).id
    saved(FileChunk(file_id=file_id, number=0, content=content))
    return file_id


def pdf(size: int, seed: int = 1) -> bytes:
    """Bytes that begin like a PDF and cannot be pressed together."""
    return (b"%PDF-1.7\n" + Random(seed).randbytes(size))[:size]


def stored(
    content: bytes, owner: FileOwner, *, now: datetime, purpose: FilePurpose = PURPOSE
) -> FileId:
    """A file that nobody has claimed."""
    return service.store(io.BytesIO(content), purpose, owner, now=now)


@transactional
def claimed(
    file_id: FileId, *, now: datetime, purpose: FilePurpose = PURPOSE, fails: bool = False
) -> FileId:
    """The verb that makes a file count, and does something else that may fail."""
    service.claim(file_id, purpose, now=now)
    if fails:
        raise ValueError("the rest of the verb")
    return file_id


def kept(
    content: bytes, owner: FileOwner, *, now: datetime, purpose: FilePurpose = PURPOSE
) -> FileId:
    """A file that counts."""
    return claimed(stored(content, owner, now=now, purpose=purpose), now=now, purpose=purpose)
