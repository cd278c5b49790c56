"""Of whom data are kept, and how far somebody may reach for them: what rooms tell each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select

Redact = Callable[[str], str]
"""A text without the names and addresses of somebody."""


@dataclass(frozen=True)
class Reference:
    """A row that is about somebody: its kind (a table's name in the singular), id and event."""

    kind: str
    id: int
    event_id: int | None = None


@dataclass(frozen=True)
class DataSubject:
    """Somebody of whom data are kept (Art. 4 (1) GDPR), as far as the rooms have found out.

    ``address`` is what was asked for, empty where data go because their time has come; then
    several people may be meant. ``addresses`` and ``names`` (given, family) are what would betray
    them in the texts of others.
    """

    address: str = ""
    references: frozenset[Reference] = frozenset()
    addresses: frozenset[str] = frozenset()
    names: frozenset[tuple[str, str]] = frozenset()

    def ids(self, kind: str) -> list[int]:
        """The ids of what is known of this kind."""
        return sorted(each.id for each in self.references if each.kind == kind)

    @property
    def event_ids(self) -> frozenset[int]:
        """The events at which something is known."""
        return frozenset(each.event_id for each in self.references if each.event_id is not None)

    def with_more(
        self,
        references: Iterable[Reference] = (),
        *,
        addresses: Iterable[str] = (),
        names: Iterable[tuple[str, str]] = (),
    ) -> DataSubject:
        """The same, and what else was found."""
        return replace(
            self,
            references=self.references | frozenset(references),
            addresses=self.addresses | frozenset(addresses),
            names=self.names | frozenset(names),
        )


@dataclass(frozen=True)
class Reach:
    """How far somebody may reach: events that ``host_ids`` host, data last changed by ``until``.

    Without them there is no limit. ``events`` selects the ids of the events of those hosts.
    """

    host_ids: frozenset[int] | None = None
    until: datetime | None = None
    events: Select[int] | None = None

    @property
    def is_everywhere(self) -> bool:
        """Whether it reaches what belongs to no organisation in particular."""
        return self.host_ids is None


@dataclass(frozen=True)
class Batch:
    """What went at once, by kind of data, and whether that was the last of it."""

    counts: Mapping[str, int]
    is_last: bool = True
