"""What deeds and details are called on screen; every room teaches its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Shown(StrEnum):
    """How a detail's values are shown."""

    TEXT = "text"
    INSTANT = "instant"
    DAY = "day"
    COUNTRY = "country"
    NOT = "not"  # too long or too private for a table: only that it changed


@dataclass(frozen=True)
class Detail:
    """A detail's name for readers, and how its values are shown.

    With ``words`` they are members of that enumeration, with ``called`` keys that it gives a name
    for; ``several`` says that the value itself is
    a list, which is otherwise read as the old and the new value.
    """

    label: object
    shown: Shown = Shown.TEXT
    words: type[StrEnum] | None = None
    several: bool = False
    called: Callable[[str], str] | None = None


_deeds: Final[dict[str, object]] = {}
_details: Final[dict[tuple[str, str], Detail]] = {}


def teach_deeds(deeds: Mapping[str, object]) -> None:
    """Let a room say what its deeds are called, such as "Seats changed"."""
    _deeds.update({_key(action): words for action, words in deeds.items()})


def teach_details(subject: str, details: Mapping[str, Detail]) -> None:
    """Let a room say what the details of its things are called."""
    _details.update({(subject, name): detail for name, detail in details.items()})


def deed(action: str) -> str | None:
    """The reader's words for what was done, or ``None`` where no room has taught any."""
    words = _deeds.get(_key(action))
    return None if words is None else str(words)


def detail(subject: str, name: str) -> Detail | None:
    """What the detail ``name`` of ``subject`` is called and how it is shown."""
    return _details.get((subject, name))


def known_deeds() -> frozenset[str]:
    """The actions that have words, with underscores between their words."""
    return frozenset(_deeds)


def _key(action: str) -> str:
    return action.replace(".", "_")
