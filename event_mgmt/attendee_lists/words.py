"""The words in which attendee lists speak of themselves."""

from __future__ import annotations

from enum import StrEnum


class Change(StrEnum):
    """What happened to somebody since an earlier export."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"
