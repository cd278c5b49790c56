"""What a file is kept for: each purpose belongs to one room, which declares its limits.

Whether content is what it should be, a room judges before it stores: lists for an import in
``registration_desk/imports/file_reader.py``. Logos of organisations are no files of this room; they
are judged in ``organisations/png_image.py`` and kept with the organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol


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


@dataclass(frozen=True)
class FilePurpose:
    """One use of files. Who may see such a file is for the room that owns the purpose to say.

    ``key`` is stored with each file. ``most_files`` of one owner may count at a time.
    """

    key: str
    most_bytes: int
    most_files: int
    retention: FileRetention


@dataclass(frozen=True)
class FileOwner:
    """Whose a file is; at least one of the three. It goes with the first of them that goes."""

    organisation_id: int | None = None
    event_id: int | None = None
    user_id: int | None = None
