"""What is known about a person, for that person's own hands (Art. 15 and 20 GDPR).

Each room reports what it keeps (``PersonalData.report``); here it is put together, for reading and
for machines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from event_mgmt.accounts.queries import names_of
from event_mgmt.core.personal_data import DataSubject
from event_mgmt.core.personal_report import (
    AccountName,
    EventInstant,
    Report,
    ReportCell,
    ReportReader,
    ReportSection,
    ReportTable,
)
from event_mgmt.events.models import Event
from event_mgmt.privacy import erasure, ledger, queries
from event_mgmt.privacy.papers import PaperSection, PaperTable
from event_mgmt.web import times


@dataclass(frozen=True)
class Dossier:
    """All that is known of whoever is behind an address, as far as it is in reach.

    ``reports`` are those of the rooms, in their order; ``events`` and ``account_names`` those that
    they mention, by id; ``erased_at`` when the address was erased before.
    """

    address: str
    locale: str
    subject: DataSubject
    reports: Sequence[Report]
    events: Mapping[int, Event] = field(default_factory=dict)
    account_names: Mapping[int, str] = field(default_factory=dict)
    erased_at: Sequence[datetime] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything at all is kept."""
        return bool(self.counts)

    @property
    def counts(self) -> dict[str, int]:
        """How much of what, for the record of who looked."""
        every = [(kind, n) for report in self.reports for kind, n in report.counts.items() if n]
        return dict(every)

    @property
    def names(self) -> list[str]:
        """The names under which the address is known, each once: several may share it."""
        return list(dict.fromkeys(name for report in self.reports for name in report.names))

    @property
    def goes(self) -> list[str]:
        """What an erasure would take, in sentences."""
        return [sentence for report in self.reports for sentence in report.goes]

    @property
    def at_events(self) -> list[Event]:
        """The events from which an erasure would take it."""
        return [self.events[each] for report in self.reports for each in report.event_ids]

    def is_about_account(self, user_id: int) -> bool:
        """Whether the account with this id is the subject's."""
        return user_id in self.subject.ids("user")

    def as_json(self, *, now: datetime) -> dict[str, object]:
        """Everything as plain values; instants in UTC."""
        return {
            "address": self.address,
            "made_at": now.isoformat(),
            **merged(report.data for report in self.reports),
        }

    def sections(self, *, is_for_staff: bool = False) -> list[PaperSection]:
        """The same for reading; with ``is_for_staff`` also what is not for the person."""
        found = [section for report in self.reports for section in report.sections]
        if is_for_staff:
            found += [section for report in self.reports for section in report.staff_sections]
        return [self._laid_out(section) for section in found]

    def _laid_out(self, section: ReportSection) -> PaperSection:
        table = self._table(section.table) if section.table else None
        return PaperSection(section.title, section.words, section.facts, table)

    def _table(self, table: ReportTable) -> PaperTable:
        rows = [[self._in_words(cell) for cell in row] for row in table.rows]
        return PaperTable(table.heads, rows, table.widths)

    def _in_words(self, cell: ReportCell) -> str:
        match cell:
            case EventInstant(at, event_id):
                event = self.events.get(event_id) if event_id is not None else None
                zone = event.time_zone if event else times.READERS_ZONE
                return times.short_datetime(at, zone, self.locale)
            case AccountName(user_id, otherwise):
                return self.account_names.get(user_id) or otherwise
            case _:
                return cell


def dossier_of(
    address: str,
    *,
    host_ids: Collection[int] | None,
    locale: str,
    sees_sensitive: Callable[[int], bool],
) -> Dossier:
    """Everything about ``address`` in the reader's language; all where ``host_ids`` is None.

    ``sees_sensitive`` says at the events of which hosts (by id) sensitive answers are shown.
    """
    address = ledger.normalized(address)
    reach, reader = erasure.reach_of(host_ids), ReportReader(locale, sees_sensitive)
    subject = erasure.find(address, reach)
    found = [data.report(subject, reach, reader) for data in erasure.declared() if data.report]
    reports = sorted(found, key=lambda report: report.position)
    cells = list(_cells(reports))
    in_cells = {c.event_id for c in cells if isinstance(c, EventInstant) if c.event_id is not None}
    in_reports = {event_id for report in reports for event_id in report.event_ids}
    return Dossier(
        address=address,
        locale=locale,
        subject=subject,
        reports=reports,
        events=queries.events_by_id(in_reports | in_cells),
        account_names=names_of(cell.user_id for cell in cells if isinstance(cell, AccountName)),
        erased_at=queries.erasure_times(address, host_ids=host_ids),
    )


def _cells(reports: Iterable[Report]) -> Iterator[ReportCell]:
    for report in reports:
        for section in (*report.sections, *report.staff_sections):
            for row in section.table.rows if section.table else ():
                yield from row


def merged(parts: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Plain values of several rooms as one; mappings under the same key become one mapping."""
    whole: dict[str, object] = {}
    for key, value in chain.from_iterable(part.items() for part in parts):
        known = whole.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            whole[key] = {**known, **value}
        else:
            whole[key] = value
    return whole
