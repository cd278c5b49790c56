"""Which data go after an event, as stored with each record that they went."""

from __future__ import annotations

from enum import StrEnum


class RetentionKind(StrEnum):
    """What is erased at its own time: sensitive answers early, names and addresses later."""

    SENSITIVE = "sensitive"
    PERSONAL = "personal"
