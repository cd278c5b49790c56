"""The words in which retention speaks of itself."""

from __future__ import annotations

from enum import StrEnum


class RetentionKind(StrEnum):
    """The kinds of data that have clocks of their own."""

    SENSITIVE = "sensitive"
    PERSONAL = "personal"
