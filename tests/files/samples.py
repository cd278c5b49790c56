"""Purposes and contents that tests of files share."""

from __future__ import annotations

import io
from datetime import datetime
from random import Random

from event_mgmt.core.database import transactional
from event_mgmt.files import service
from event_mgmt.files.kinds import FileKind
from event_mgmt.files.models import FileId
from event_mgmt.files.purposes import FileOwner, FilePurpose, FileRetention

KINDS = frozenset({FileKind.PDF, FileKind.TEXT})
PURPOSE = FilePurpose("sample", KINDS, 4 * 1024 * 1024, 3, FileRetention.WITH_OWNER)
FOR_A_DAY = FilePurpose("sample_day", None, 64 * 1024 * 1024, 3, FileRetention.DAY)


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
