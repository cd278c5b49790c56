"""The rows of a table as people: what each cell says, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext as _

from event_mgmt.core.text import full_name
from event_mgmt.events.models import Question
from event_mgmt.registration_desk.imports import person_names, values
from event_mgmt.registration_desk.imports.columns import question_id
from event_mgmt.registration_desk.imports.headings import COMPANIONS, LABELS
from event_mgmt.registration_desk.imports.sheets import Row
from event_mgmt.registration_desk.imports.statuses import status_of
from event_mgmt.registration_desk.imports.values import Unreadable
from event_mgmt.registrations.party import LIMITS, Person
from event_mgmt.registrations.refusals import TooLong
from event_mgmt.registrations.words import Status
from event_mgmt.web.locale import current_language

NEEDED: Final = frozenset(
    {"given_name", "family_name", "full_name", "surname_first", "email", "status", "companion_of"}
)
"""What cannot be left away: without a name or an address nobody can come, and whoever may have
declined is not entered as if nothing were said."""

_SEVERAL_PEOPLE: Final = re.compile(r"\s*[;\n+]\s*|\s+(?:und|in|and|&|u\.)\s+")
_MOST_COMPANIONS: Final = 50


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell of a row.

    ``column`` names the column, '' for the whole row; ``place`` is where the cell stands, None for
    a row that has none; ``is_optional`` tells that the person can come without the value.
    """

    row: int
    column: str
    words: str
    place: int | None = None
    is_optional: bool = False


@dataclass
class Entry:
    """One row as it is read."""

    row: int
    given: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    status: Status | None = None
    guests: list[Person] = field(default_factory=list)
    announced: int = 0
    companions: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    in_one_column: bool = False

    @property
    def name(self) -> str:
        """Given and family name."""
        return full_name(self.given.get("given_name", ""), self.given.get("family_name", ""))

    @property
    def is_blank(self) -> bool:
        """Whether the row has neither a name nor an address: then it is nobody."""
        failed = any(not problem.is_optional for problem in self.problems)
        return not (self.name or self.given.get("email") or failed)

    @property
    def is_faulty(self) -> bool:
        """Whether something is wrong that keeps the row out."""
        return any(not problem.is_optional for problem in self.problems)


@dataclass(frozen=True)
class Columns:
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


def read_rows(rows: Sequence[Row], columns: Columns, country: str) -> list[Entry]:
    """Each of ``rows``, read. Phones without a country code are those of the row's ``country``."""
    return [_Reader(row, columns, country).read() for row in rows]


class _Reader:
    def __init__(self, row: Row, columns: Columns, country: str) -> None:
        self._row = row
        self._columns = columns
        self._country = country
        self._asked = {question.id: question for question in columns.questions}
        self.entry = Entry(row.number)
        self._aside = ""
        self._readers: Mapping[str, Callable[[str, str], None]] = {
            "given_name": self._name_part,
            "family_name": self._name_part,
            "full_name": self._whole_name,
            "surname_first": self._whole_name,
            "form_of_address": self._form_of_address,
            "academic_title": self._title,
            "email": self._value(values.email),
            "country": self._value(values.country),
            "language": self._value(values.language),
            "phone": self._phone,
            "status": self._status,
            "party": self._party,
        }

    def read(self) -> Entry:
        pairs = list(enumerate(zip(self._columns.targets, self._row.cells, strict=False)))
        # A phone is read last: its country may stand in a later column.
        pairs.sort(key=lambda pair: pair[1][0] == "phone")
        for place, (target, cell) in pairs:
            if not target or not cell or target in COMPANIONS:
                continue
            if values.is_nothing(cell) and not (question_id(target) or target == "message"):
                continue
            try:
                self._take(target, values.text(cell))
            except Unreadable as fault:
                self._fault(target, fault, place)
        self._read_guests()
        self._use_aside()
        return self.entry

    def _take(self, target: str, cell: str) -> None:
        question = self._asked.get(question_id(target) or 0)
        if question is not None:
            self.entry.answers[str(question.id)] = values.answer(question, cell)
        elif target in self._readers:
            self._readers[target](target, cell)
        else:
            most = LIMITS.get(target)
            if most is not None and len(cell) > most:
                raise Unreadable(str(TooLong(target, most)))
            self.entry.given[target] = cell

    def _fault(self, target: str, words: object, place: int) -> None:
        problem = Problem(
            self._row.number,
            self._columns.label(target),
            str(words),
            place,
            is_optional=target not in NEEDED,
        )
        self.entry.problems.append(problem)

    def _value(self, reader: Callable[[str], Any]) -> Callable[[str, str], None]:
        def take(target: str, cell: str) -> None:
            self.entry.given[target] = reader(cell)

        return take

    def _name_part(self, target: str, cell: str) -> None:
        named = person_names.titled(cell)
        self.entry.given[target] = named.family_name
        self._add_titles(named.form_of_address, named.academic_title)

    def _whole_name(self, target: str, cell: str) -> None:
        named = person_names.parted(cell, surname_first=target == "surname_first")
        self.entry.given["given_name"] = named.given_name
        self.entry.given["family_name"] = named.family_name
        self._add_titles(named.form_of_address, named.academic_title)
        self._aside = named.aside
        self.entry.in_one_column = "," not in cell

    def _form_of_address(self, _target: str, cell: str) -> None:
        code, titles = person_names.address_of(cell)
        if code is None:
            raise Unreadable(
                _("“%(cell)s” is no form of address we know.", cell=values.short(cell))
            )
        if code:
            self.entry.given["form_of_address"] = code
        self._add_titles("", titles)

    def _title(self, _target: str, cell: str) -> None:
        code, titles = person_names.address_of(cell)
        self._add_titles(code or "", titles if code is not None else cell)

    def _add_titles(self, code: str, titles: str) -> None:
        given = self.entry.given
        if code and not given.get("form_of_address"):
            given["form_of_address"] = code
        if titles:
            title = person_names.together(given.get("academic_title", ""), titles)
            if len(title) > LIMITS["academic_title"]:
                raise Unreadable(str(TooLong("academic_title", LIMITS["academic_title"])))
            given["academic_title"] = title

    def _phone(self, target: str, cell: str) -> None:
        if self.entry.given.get(target):
            return  # another number is there already
        country = self.entry.given.get("country") or self._country
        self.entry.given[target] = values.phone(cell, country)

    def _status(self, _target: str, cell: str) -> None:
        self.entry.status = status_of(cell)
        if self.entry.status is None:
            raise Unreadable(
                _(
                    "“%(cell)s” does not say whether this person comes. Please write confirmed,"
                    " waiting list, not accepted or called off.",
                    cell=values.short(cell),
                )
            )

    def _party(self, _target: str, cell: str) -> None:
        if not cell.isdigit() or int(cell) > _MOST_COMPANIONS:
            raise Unreadable(_("“%(cell)s” is no number of people.", cell=values.short(cell)))
        self.entry.announced = int(cell)

    def _use_aside(self) -> None:
        """What stood in brackets behind a name is mostly the organisation."""
        if not self._aside:
            return
        organisation = self.entry.given.get("organisation", "")
        if not organisation:
            self.entry.given["organisation"] = self._aside
        elif self._aside.casefold() not in organisation.casefold():
            words = _("“%(words)s” behind the name is not used.", words=self._aside)
            self.entry.hints.append(words)

    def _read_guests(self) -> None:
        """The companions that stand in the contact's own row, one after the other."""
        given: str | None = None
        family: str | None = None
        for place, target in enumerate(self._columns.targets):
            if target not in COMPANIONS:
                continue
            cell = self._row.cell(place)
            if target == "companion":
                self._guest_from(cell, place)
                continue
            if target == "companion_given_name":
                self._add_guest(given, family)
                given, family = cell, None
            else:
                self._add_guest(given, cell)
                given = family = None
        self._add_guest(given, family)

    def _add_guest(self, given: str | None, family: str | None) -> None:
        parts = [part for part in (given, family) if part and not values.is_nothing(part)]
        if not parts:
            return
        first = person_names.titled(given or "")
        last = person_names.titled(family or "")
        self.entry.guests.append(
            Person(
                given_name=first.family_name,
                family_name=last.family_name,
                form_of_address=first.form_of_address or last.form_of_address,
                academic_title=first.academic_title or last.academic_title,
            )
        )

    def _guest_from(self, cell: str, place: int) -> None:
        answer = values.yes_or_no(cell) if cell else False
        if answer is False or cell == "0":
            return
        if answer or cell.isdigit():
            words = _("“%(cell)s”: who comes along? Please enter the name.", cell=cell)
            self._fault("companion", words, place)
            return
        self._add_people(_SEVERAL_PEOPLE.split(person_names.without_announcement(cell)))

    def _add_people(self, cells: Sequence[str]) -> None:
        """Companions; of two people the family name may stand once, behind the second."""
        names = [person_names.parted(name) for name in cells if name]
        for at, named in enumerate(names):
            shared = next((n.family_name for n in names[at + 1 :] if n.given_name), "")
            alone = not named.given_name and bool(shared)  # "Marko in Ana Kos"
            self.entry.guests.append(
                Person(
                    given_name=named.family_name if alone else named.given_name,
                    family_name=shared if alone else named.family_name,
                    form_of_address=named.form_of_address,
                    academic_title=named.academic_title,
                    organisation=named.aside,
                )
            )
