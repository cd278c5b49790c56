"""The rows of a table as people: what each cell says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from event_mgmt.events.models import Question
from event_mgmt.registration_desk.imports import values
from event_mgmt.registration_desk.imports.columns import question_id
from event_mgmt.registration_desk.imports.companions import (
    GuestReader,
)
from event_mgmt.registration_desk.imports.headings import COMPANIONS, LABELS
from event_mgmt.registration_desk.imports.list_entry import CellProblem, ListEntry
from event_mgmt.registration_desk.imports.name_cells import NAMES, NameReader
from event_mgmt.registration_desk.imports.sheets import SheetRow
from event_mgmt.registration_desk.imports.statuses import status_of
from event_mgmt.registration_desk.imports.values import UnreadableCell
from event_mgmt.web.locale import current_language

NEEDED: Final = frozenset(
    {"given_name", "family_name", "full_name", "surname_first", "email", "status", "companion_of"}
)
"""What cannot be left away: without a name or an address nobody can come, and whoever may have
declined is not entered as if nothing were said."""

_MOST_COMPANIONS: Final = 50


@dataclass(frozen=True)
class ColumnMapping:
    """What the columns are, and how they are called to the reader."""

    targets: Sequence[str]
    questions: Sequence[Question]

    def place_of(self, *targets: str) -> int | None:
        """Where the first of ``targets`` stands that is there at all."""
        for target in targets:
            if target in self.targets:
                return self.targets.index(target)
        return None

    def label(self, target: str) -> str:
        """What a column is called; '' for none."""
        if target in LABELS:
            return str(LABELS[target])
        asked, locale = question_id(target), current_language()
        return next((q.label.into(locale) for q in self.questions if q.id == asked), "")


def read_rows(rows: Sequence[SheetRow], columns: ColumnMapping, country: str) -> list[ListEntry]:
    """Each of ``rows``, read. Phones without a country code are those of the row's ``country``."""
    return [_RowReader(row, columns, country).read() for row in rows]


class _RowReader:
    def __init__(self, row: SheetRow, columns: ColumnMapping, country: str) -> None:
        self._row = row
        self._columns = columns
        self._country = country
        self._asked = {question.id: question for question in columns.questions}
        self.entry = ListEntry(row.number)
        self._place = 0
        self._names = NameReader(self.entry, self._fault)
        self._readers: Mapping[str, Callable[[str, str], None]] = {
            "email": self._email,
            "country": self._value(values.country),
            "language": self._value(values.language),
            "phone": self._phone,
            "status": self._status,
            "party": self._party,
        }

    def read(self) -> ListEntry:
        pairs = list(enumerate(zip(self._columns.targets, self._row.cells, strict=False)))
        # A phone is read last: its country may stand in a later column.
        pairs.sort(key=lambda pair: pair[1][0] == "phone")
        for place, (target, cell) in pairs:
            if not target or not cell or target in COMPANIONS:
                continue
            if values.is_nothing(cell) and not (question_id(target) or target == "message"):
                continue
            self._place = place
            try:
                self._take(target, values.text(cell))
            except UnreadableCell as fault:
                self._fault(target, fault, place)
        self._names.read()
        self._read_guests()
        return self.entry

    def _read_guests(self) -> None:
        reader = GuestReader(self._fault)
        for place, target in enumerate(self._columns.targets):
            reader.take(target, self._row.cell(place), place)
        reader.close()
        self.entry.guests += reader.guests

    def _take(self, target: str, cell: str) -> None:
        question = self._asked.get(question_id(target) or 0)
        if question is not None:
            self.entry.answers[str(question.id)] = values.answer(question, cell)
        elif target in NAMES:
            self._names.take(target, cell, self._place)
        elif target in self._readers:
            self._readers[target](target, cell)
        else:
            self.entry.given[target] = cell

    def _fault(self, target: str, words: object, place: int, *, is_doubt: bool = False) -> None:
        problem = CellProblem(
            self._row.number,
            self._columns.label(target),
            str(words),
            place,
            is_optional=target not in NEEDED and not is_doubt,
            is_doubt=is_doubt,
        )
        self.entry.problems.append(problem)

    def _value(self, reader: Callable[[str], str]) -> Callable[[str, str], None]:
        def take(target: str, cell: str) -> None:
            self.entry.given[target] = reader(cell)

        return take

    def _email(self, target: str, cell: str) -> None:
        self.entry.given[target] = values.email(cell)
        for other in values.further_addresses(cell):
            words = _("“%(address)s” is not used: there is room for one address.", address=other)
            self.entry.hints.append(words)

    def _phone(self, target: str, cell: str) -> None:
        if self.entry.given.get(target):
            return  # another number is there already
        country = self.entry.given.get("country") or self._country
        self.entry.given[target] = values.phone(cell, country)

    def _status(self, _target: str, cell: str) -> None:
        self.entry.status = status_of(cell)
        if self.entry.status is None:
            raise UnreadableCell(
                _(
                    "“%(cell)s” does not say whether this person comes. Please write confirmed,"
                    " waiting list, not accepted or called off.",
                    cell=values.short(cell),
                )
            )

    def _party(self, _target: str, cell: str) -> None:
        if not cell.isdecimal() or len(cell) > 6 or int(cell) > _MOST_COMPANIONS:
            raise UnreadableCell(_("“%(cell)s” is no number of people.", cell=values.short(cell)))
        self.entry.announced = int(cell)
