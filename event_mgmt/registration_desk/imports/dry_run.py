"""What an import would do, row by row, before it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from event_mgmt.events.enums import WaitingListMode
from event_mgmt.events.registration_phase import RegistrationTerms
from event_mgmt.registration_desk.imports import expected_statuses
from event_mgmt.registration_desk.imports.columns import ListTable, home_of
from event_mgmt.registration_desk.imports.expected_statuses import StatusRequest
from event_mgmt.registration_desk.imports.import_plan import (
    ImportContext,
    ImportPlan,
    PlannedRow,
    RowFate,
)
from event_mgmt.registration_desk.imports.list_entry import CellProblem
from event_mgmt.registration_desk.imports.parties import (
    PartyMaker,
    guests_of,
    note_turned_names,
    shown,
)
from event_mgmt.registration_desk.imports.row_reader import ColumnMapping, read_rows
from event_mgmt.registration_desk.imports.statuses import WITHOUT_SEAT
from event_mgmt.registration_desk.rules import PoolSeats
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.party import Party


def plan(table: ListTable, targets: Sequence[str], setting: ImportContext) -> ImportPlan:
    """Read every row of ``table`` whose columns are ``targets``; nothing is written."""
    columns = ColumnMapping(targets, setting.questions)
    entries = read_rows(table.rows, columns, home_of(table, setting.country))
    maker = PartyMaker(columns, setting)
    contacts = maker.with_companions(entries)
    note_turned_names(contacts, columns)
    # Who comes counts before who called off: an order that was replaced stands in a list twice.
    contacts.sort(key=lambda entry: entry.status in WITHOUT_SEAT)
    planned = {entry.row: maker.planned(entry) for entry in contacts}
    for contact in contacts:
        for companion in contact.companions:
            planned[companion.row] = maker.companion(companion, planned[contact.row])
    rows: list[PlannedRow] = []
    for entry in entries:
        rows.append(planned.get(entry.row) or shown(entry, RowFate.FAULTY))
        fit = [row for row in entry.companions if not row.is_faulty]
        rows.extend(guests_of(rows[-1], len(fit)))
    return ImportPlan(tuple(rows))


def forecast_statuses(
    found: ImportPlan,
    pool_id: int,
    seats: Mapping[int, PoolSeats],
    terms: RegistrationTerms,
    waits: Status | None,
) -> ImportPlan:
    """``found`` with the status each party would have; ``waits``: all of them would have that."""
    parties = found.parties
    statuses = expected_statuses.statuses(
        [StatusRequest(row.seats, row.wish) for row in parties],
        pool_id,
        seats,
        WaitingListMode(terms.waiting_list),
        waits,
    )
    by_row = {row.row: status for row, status in zip(parties, statuses, strict=True)}
    return ImportPlan(tuple(_with_status(row, by_row) for row in found.rows))


def _with_status(row: PlannedRow, by_row: Mapping[int, Status | None]) -> PlannedRow:
    if row.fate is not RowFate.ENTERED:
        return row
    if (status := by_row[row.row]) is not None:
        return replace(row, status=status)
    words = _("There is no seat left, and no waiting list.")
    if row.wish is Status.WAITLISTED:
        words = _("This event has no waiting list.")
    problem = CellProblem(row.row, "", words)
    return replace(row, fate=RowFate.FULL, problems=(*row.problems, problem))


def parties_of(rows: Iterable[PlannedRow]) -> list[tuple[int, Party]]:
    """The parties of rows, with the number of the row."""
    return [(row.row, row.party) for row in rows if row.party is not None]


def wishes_of(rows: Iterable[PlannedRow]) -> dict[int, Status]:
    """The statuses that a list names, by the number of the row."""
    return {row.row: row.wish for row in rows if row.wish is not None}
