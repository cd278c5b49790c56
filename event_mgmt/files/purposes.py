"""What a file is kept for: each purpose belongs to one room, which declares its limits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from event_mgmt.files.kinds import FileKind


class ByteStream(Protocol):
    """What content is read from: an open file, an upload's stream."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most ``size``; none at the end."""


class FileRetention(Enum):
    """How long a claimed file stays where nobody lets it go before; None: as long as its owner."""

    DAY = timedelta(days=1)
    WITH_OWNER = None

    def expires_at(self, claimed_at: datetime) -> datetime | None:
        """When a file that was claimed then goes by itself."""
        return None if self.value is None else claimed_at + self.value


Clean = Callable[[ByteStream], AbstractContextManager[ByteStream]]


@dataclass(frozen=True)
class FilePurpose:
    """One use of files. Who may see such a file is for the room that owns the purpose to say.

    ``key`` is stored with each file. ``kinds``: those it takes (``None``: the room has read the
    content itself before it is stored). ``most_files`` of one owner may count at a time.
    ``clean`` turns what was sent into what is kept, such as a picture that is encoded anew; its
    result is what kind, limits and digest are taken of. It raises UnfitFile for what it refuses.
    """

    key: str
    kinds: frozenset[FileKind] | None
    most_bytes: int
    most_files: int
    retention: FileRetention
    clean: Clean | None = None


@dataclass(frozen=True)
class FileOwner:
    """Whose a file is; at least one of the three. It goes with the first of them that goes."""

    organisation_id: int | None = None
    event_id: int | None = None
    user_id: int | None = None
