"""What every format is given: the head of a list, and cells row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypedDict

from event_mgmt.attendee_lists.columns import Cells, ColumnHeading


class ListCodes(TypedDict, total=False):
    """The head of a list in codes and ids, for JSON (docs/exports.md names the keys)."""

    event: Mapping[str, int | str | list[str]]
    taken_by: Mapping[str, int | str]
    contingents: Sequence[Mapping[str, int | str | None]]


@dataclass(frozen=True)
class ListDocument:
    """The head of one list, in the reader's language.

    ``when`` and ``place`` are the event's; ``accents`` the colours of its hosts (#rrggbb), the
    host first. ``taken`` says who took the list and when, ``confidential`` what that means; both
    are printed on each page. ``codes`` say the same for programs.
    """

    locale: str
    title: str
    event: str
    when: str
    place: str
    hosts: str
    accents: tuple[str, ...]
    taken: str
    taken_at: datetime
    purpose: str
    confidential: str
    heads: tuple[ColumnHeading, ...]
    codes: ListCodes = field(default_factory=ListCodes)

    def places(self) -> dict[str, int]:
        """At which place of a row each column stands."""
        return {head.key: at for at, head in enumerate(self.heads)}


class Writer(Protocol):
    """Writes a whole list to ``path``."""

    def __call__(self, sheet: ListDocument, rows: Iterable[Cells], path: Path) -> None:
        """``rows`` is read once, and never held as a whole where the format allows that."""
