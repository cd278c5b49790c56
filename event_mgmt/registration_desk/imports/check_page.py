"""What the page before an import shows: what is read, what would happen, what to correct."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import render_template
from flask_babel import gettext as _, ngettext

from event_mgmt.accounts.access import viewer
from event_mgmt.core.sizes import MEGABYTE
from event_mgmt.core.text import fold
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.registration_desk import desk_texts as say, queries
from event_mgmt.registration_desk.forms import pool_name
from event_mgmt.registration_desk.imports import column_detection, columns
from event_mgmt.registration_desk.imports.columns import ListTable
from event_mgmt.registration_desk.imports.forms import (
    ReadForm,
    RunForm,
    column_title,
    read_form,
    sheet_name,
)
from event_mgmt.registration_desk.imports.import_plan import ImportPlan, RowFate
from event_mgmt.registration_desk.imports.list_entry import CellProblem
from event_mgmt.registration_desk.imports.models import Upload
from event_mgmt.registration_desk.imports.opened_list import MEND_MOST, OpenedList
from event_mgmt.registration_desk.imports.row_reader import ColumnMapping
from event_mgmt.registration_desk.imports.sheets import letters
from event_mgmt.registration_desk.imports.statuses import WITHOUT_SEAT
from event_mgmt.registration_desk.rules import DecisionForecast
from event_mgmt.registrations.enums import Status
from event_mgmt.web.locale import OWN_NAMES

UPLOAD_LIMIT: Final = 12 * MEGABYTE
"""So much a browser may send: more than a list may be, so that the form itself can say so."""

_ATTENDANCE: Final = re.compile(
    r"teil(?:nehm|nahm)|nehmen sie .*teil|zusage|absage|komm(?:en|st|t)\b|dabei|udelez|pride|prisl"
    r"|prihod|attend|\bcom(?:e|ing)\b|\brsvp\b|status|join"
)
"""What headings ask or say of coming."""

MOST_SHOWN: Final = 500
MOST_MENDED: Final = 100
"""So many cells can be corrected at once; the rest is better corrected in the file."""


@dataclass(frozen=True)
class Unused:
    """A column that is nothing: its heading, and some of its values."""

    title: str
    examples: Sequence[str]


@dataclass(frozen=True)
class Cell:
    """A problem, with the cell to be corrected: its field's name and text, '' for none."""

    problem: CellProblem
    name: str = ""
    text: str = ""


@dataclass(frozen=True)
class ReadingShown:
    """How a file is read: the form to change it, and what should be noticed."""

    form: ReadForm
    sheet: str
    notices: Sequence[str]
    left_out: Sequence[tuple[int, str]]


def reading(found: OpenedList) -> ReadingShown:
    """How a file is read, to the reader."""
    named = found.sheet.name or len(found.sheets) > 1
    nobody = [*found.table.above, *found.table.notes]
    return ReadingShown(
        form=read_form(found),
        sheet=sheet_name(found, found.sheet) if named else "",
        notices=[*_hidden(found), *_others(found), *_saying_who_comes(found)],
        left_out=[(row.number, _in_short(row.cells)) for row in nobody[:20]],
    )


def _hidden(found: OpenedList) -> list[str]:
    """What the spreadsheet does not show, and is therefore left out unless wanted."""
    notices = []
    rows, hidden = found.sheet.hidden_rows, found.sheet.hidden_with_values
    if rows and not found.choice.hidden_rows:
        notices.append(
            ngettext(
                "%(num)d row is hidden in the file, by a filter perhaps, and is left out.",
                "%(num)d rows are hidden in the file, by a filter perhaps, and are left out.",
                rows,
            )
        )
    if hidden and not found.choice.hidden_columns:
        # Their headings are hidden with them: what they are called stands in the sheet itself.
        at = found.table.header
        whole = next((r for r in found.sheet.rows if at and r.number == at.number), None)
        names = [(whole.cell(place) if whole else "") or letters(place) for place in hidden]
        notices.append(
            ngettext(
                "%(num)d column is hidden in the file and is left out: %(names)s.",
                "%(num)d columns are hidden in the file and are left out: %(names)s.",
                len(hidden),
                names=", ".join(names[:8]),
            )
        )
    return notices


def _others(found: OpenedList) -> list[str]:
    names = [sheet_name(found, sheet) for sheet in found.others_with_people]
    if not names:
        return []
    words = ngettext(
        "There are people on another sheet, too: %(names)s. Please import it afterwards.",
        "There are people on other sheets, too: %(names)s. Please import them afterwards.",
        len(names),
        names=", ".join(names[:8]),
    )
    return [words]


def _saying_who_comes(found: OpenedList) -> list[str]:
    """An unused column that may say who comes: then some would be told that they are expected."""
    return [
        _(
            "The column “%(column)s” is not used, and may say who comes and who does not. If so,"
            " please choose “Status” for it under “Change the columns”.",
            column=column_title(found.table, place),
        )
        for place in _places_saying_who_comes(found.table, found.targets)
    ]


def _places_saying_who_comes(table: ListTable, targets: Sequence[str]) -> list[int]:
    """The unused columns that ask about coming, and hold a no where others hold a yes."""
    if "status" in targets:
        return []
    return [
        place
        for place in columns.unused(table, targets)
        if _ATTENDANCE.search(fold(table.heading(place)))
        and column_detection.are_statuses(table.rows, place)
        and column_detection.somebody_declined(table.rows, place)
    ]


def _in_short(cells: Sequence[str]) -> str:
    words = " · ".join(" ".join(cell.split()) for cell in cells if cell)
    return words if len(words) <= 80 else f"{words[:79]}…"


def page(
    event: Event, upload: Upload, found: OpenedList, planned: ImportPlan, form: RunForm
) -> str:
    """View model of the check: the plan row by row, with what may be corrected."""
    pools = queries.pools_of(event, viewer())
    seats = sum(row.seats for row in planned.parties if row.status is Status.CONFIRMED)
    counts = planned.counts
    return render_template(
        "registration_desk/import_check.html",
        event=event,
        token=upload.token,
        upload=upload,
        form=form,
        reading=reading(found),
        used_pairs=_used(found),
        unused=_unused(found),
        planned=planned,
        seen=fingerprint(planned),
        is_open=event.status is EventStatus.PUBLISHED,
        rows=planned.rows[:MOST_SHOWN],
        hidden=max(0, len(planned.rows) - MOST_SHOWN),
        problems=cells(planned.problems, found.table)[:MOST_MENDED],
        values=cells(planned.left_behind, found.table)[:MOST_MENDED],
        doubts=_doubts(planned, found.table)[:MOST_MENDED],
        counts=counts,
        Fate=RowFate,
        sentences=_sentences(planned, seats),
        mails=say.mails(planned.mail_count if upload.tells else 0),
        contingent=next((pool_name(p) for p in pools if p.id == upload.pool_id), "")
        if len(pools) > 1
        else "",
        language=OWN_NAMES[upload.locale],
    )


def fingerprint(planned: ImportPlan) -> str:
    """Stands for what would become of each row: another one where something else would happen."""
    fates = [(row.row, row.fate.value, row.status, row.name, row.email) for row in planned.rows]
    return hashlib.sha256(repr(fates).encode()).hexdigest()[:32]


def _sentences(planned: ImportPlan, seats: int) -> list[str]:
    live = {s: n for s, n in planned.reached.items() if s not in WITHOUT_SEAT}
    found = say.forecast_sentences(DecisionForecast(reached=live, seats=seats))
    if ended := sum(n for s, n in planned.reached.items() if s in WITHOUT_SEAT):
        found.append(
            ngettext(
                "%(num)d registration is entered as called off or not accepted: it takes no seat"
                " and gets no mail.",
                "%(num)d registrations are entered as called off or not accepted: they take no"
                " seats and get no mail.",
                ended,
            )
        )
    return found


def _used(found: OpenedList) -> list[tuple[str, str]]:
    """The columns that are read: what the file calls them, and what they are."""
    named = ColumnMapping(found.targets, found.questions)
    return [
        (column_title(found.table, place), named.label(target))
        for place, target in enumerate(found.targets)
        if target
    ]


def _unused(found: OpenedList) -> list[Unused]:
    return [
        Unused(column_title(found.table, place), found.table.examples(place, 2))
        for place in columns.unused(found.table, found.targets)
    ]


def cells(problems: Sequence[CellProblem], table: ListTable) -> list[Cell]:
    """The problems with the cells they are about; each cell can be corrected once."""
    rows = {row.number: row for row in table.rows}
    named: set[str] = set()
    found = []
    for problem in problems:
        name = "" if problem.place is None else f"cell-{problem.row}-{problem.place}"
        if not name or name in named:
            found.append(Cell(problem))
            continue
        named.add(name)
        found.append(Cell(problem, name, rows[problem.row].cell(problem.place or 0)))
    return found


def _doubts(planned: ImportPlan, table: ListTable) -> list[Cell]:
    """What may be meant otherwise, of cells that nothing else is asked about."""
    asked = {(problem.row, problem.place) for problem in planned.left_behind}
    open_ = [doubt for doubt in planned.doubts if (doubt.row, doubt.place) not in asked]
    return cells(open_, table)


def corrections(sent: Mapping[str, str], planned: ImportPlan, table: ListTable) -> dict[str, str]:
    """The corrected cells: {"row-column": text}; only those that were asked for."""
    asked = [
        *cells(planned.problems, table),
        *cells(planned.left_behind, table),
        *_doubts(planned, table),
    ]
    return {
        cell.name.removeprefix("cell-"): sent[cell.name].strip()[:MEND_MOST]
        for cell in asked
        if cell.name in sent and sent[cell.name].strip() != cell.text.strip()
    }
