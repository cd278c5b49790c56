"""What a room tells of somebody whose data it keeps: its part of the dossier.

Words are in the reader's language. Instants and names of accounts are left to the dossier: rooms
below the events and the accounts know neither the clock of an event nor who has which account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class ReportReader:
    """Who reads: the language, and at which hosts' events (by id) sensitive answers are shown."""

    locale: str
    sees_sensitive: Callable[[int], bool]


@dataclass(frozen=True)
class EventInstant:
    """An instant by the clock of its event; of no event, by the readers' own."""

    at: datetime
    event_id: int | None = None


@dataclass(frozen=True)
class AccountName:
    """The name of whoever has an account; ``otherwise`` once nobody has it."""

    user_id: int
    otherwise: str


ReportCell = str | EventInstant | AccountName


@dataclass(frozen=True)
class ReportTable:
    """Rows under headings; ``widths`` are shares of a page."""

    heads: Sequence[str]
    rows: Sequence[Sequence[ReportCell]]
    widths: Sequence[int]


@dataclass(frozen=True)
class ReportSection:
    """A heading with paragraphs, labelled facts and a table; facts without a value are left out."""

    title: str
    words: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    table: ReportTable | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a room keeps of a subject; ``position`` orders the rooms' parts.

    ``sections`` are for reading, ``data`` the same as plain values for JSON, by the keys of the
    file; where two rooms fill one key, their values are one mapping. ``staff_sections`` are not for
    the person: they may be about strangers (Art. 15 (4) GDPR). ``counts`` is how much there is, by
    kind of data; where all are 0, nothing is known. ``names`` are those of the subject, ``goes`` is
    what an erasure would take, in sentences, and ``event_ids`` at which events.
    """

    position: int
    sections: Sequence[ReportSection] = ()
    staff_sections: Sequence[ReportSection] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    names: Sequence[str] = ()
    goes: Sequence[str] = ()
    event_ids: Sequence[int] = ()


def table_section(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[ReportCell]],
    widths: Sequence[int],
    *,
    words: Sequence[str] = (),
) -> tuple[ReportSection, ...]:
    """A section that is a table; none where it has no rows."""
    if not rows:
        return ()
    return (ReportSection(title, words, table=ReportTable(heads, rows, widths)),)
