"""Codes of attendee lists that files and stored views hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

SEARCHES: Final = frozenset({"search", "organisation"})
"""The criteria of a list that somebody typed: they may name a person. The others are our words."""


class RowChange(StrEnum):
    """What happened to somebody since an earlier export."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"
