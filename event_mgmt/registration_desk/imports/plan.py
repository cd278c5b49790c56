"""What an import would do, row by row, before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from flask_babel import gettext as _

from event_mgmt.core.refusals import Refusal
from event_mgmt.core.text import fold
from event_mgmt.events.models import Question
from event_mgmt.events.words import WaitingListMode
from event_mgmt.registration_desk.imports import values
from event_mgmt.registration_desk.imports.columns import LABELS, Table, question_id
from event_mgmt.registration_desk.imports.reading import Row
from event_mgmt.registration_desk.imports.values import Unreadable
from event_mgmt.registration_desk.queries import Known
from event_mgmt.registration_desk.rules import Case, Seats, admitted
from event_mgmt.registrations import answers, rules
from event_mgmt.registrations.party import PERSON_FIELDS, Party, Person
from event_mgmt.registrations.words import Status
from event_mgmt.web.locale import current_language

Reader = Callable[[str], Any]

_READERS: Final[Mapping[str, Reader]] = {
    "email": values.email,
    "country": values.country,
    "language": values.language,
    "form_of_address": values.form_of_address,
}


class Fate(StrEnum):
    """What becomes of a row."""

    ENTERED = "entered"
    COMPANION = "companion"
    KNOWN = "known"
    TWICE = "twice"
    FULL = "full"
    FAULTY = "faulty"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row; ``column`` names the column, '' for the whole row."""

    row: int
    column: str
    words: str


@dataclass(frozen=True)
class Planned:
    """One row with what becomes of it. ``party`` is there for those that would be entered.

    ``hint`` draws attention to something that is no fault; ``status`` is the one it would have.
    """

    row: int
    name: str
    email: str
    organisation: str
    fate: Fate
    party: Party | None = None
    status: Status | None = None
    hint: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def seats(self) -> int:
        """How many people the row stands for, if it is a contact's."""
        return self.party.seats if self.party else 1


@dataclass(frozen=True)
class Plan:
    """All rows in their order."""

    rows: tuple[Planned, ...]

    @property
    def parties(self) -> list[Planned]:
        """The rows that would be entered."""
        return [row for row in self.rows if row.fate is Fate.ENTERED]

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many rows meet each fate."""
        return Counter(row.fate for row in self.rows)

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, in the order of the rows."""
        return [problem for row in self.rows for problem in row.problems]

    @property
    def reached(self) -> Mapping[Status, int]:
        """How many parties would have each status."""
        return Counter(row.status for row in self.parties if row.status is not None)


@dataclass(frozen=True)
class Setting:
    """What the rows are read against: the event's questions, who is there, and the defaults."""

    questions: Sequence[Question]
    known: Known
    locale: str
    country: str = ""


@dataclass
class _Entry:
    row: int
    given: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    companions: list[_Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, target: str, words: object, setting: Setting) -> None:
        self.problems.append(Problem(self.row, column_label(target, setting.questions), str(words)))

    @property
    def name(self) -> str:
        return f"{self.given.get('given_name', '')} {self.given.get('family_name', '')}".strip()


def column_label(target: str, questions: Sequence[Question]) -> str:
    """What a column is called to the reader; '' for none."""
    if target in LABELS:
        return str(LABELS[target])
    asked = question_id(target)
    locale = current_language()
    return next((q.label.into(locale) for q in questions if q.id == asked), "")


def plan(table: Table, targets: Sequence[str], setting: Setting) -> Plan:
    """Read every row of ``table`` whose columns are ``targets``; nothing is written."""
    entries = [_entry(row, targets, setting) for row in table.rows]
    contacts = _with_companions(entries, setting)
    seen: dict[tuple[str, str], int] = {}
    planned = {entry.row: _planned(entry, setting, seen) for entry in contacts}
    for contact in contacts:
        for companion in contact.companions:
            planned[companion.row] = _companion(companion, planned[contact.row])
    for entry in entries:
        planned.setdefault(entry.row, _shown(entry, Fate.FAULTY))
    return Plan(tuple(planned[row] for row in sorted(planned)))


def foresee(
    found: Plan, pool_id: int, seats: Mapping[int, Seats], terms: rules.Terms, waits: Status | None
) -> Plan:
    """``found`` with the status each party would have; ``waits``: all of them would have that."""
    parties = found.parties
    mode = WaitingListMode(terms.waiting_list)
    statuses = (
        [waits] * len(parties)
        if waits is not None
        else admitted([Case(pool_id, row.seats) for row in parties], seats, mode)
    )
    by_row = {row.row: status for row, status in zip(parties, statuses, strict=True)}
    return Plan(tuple(_with_status(row, by_row) for row in found.rows))


def _with_status(row: Planned, by_row: Mapping[int, Status | None]) -> Planned:
    if row.row not in by_row:
        return row
    if (status := by_row[row.row]) is not None:
        return replace(row, status=status)
    problem = Problem(row.row, "", _("There is no seat left, and no waiting list."))
    return replace(row, fate=Fate.FULL, problems=(problem,))


def _entry(row: Row, targets: Sequence[str], setting: Setting) -> _Entry:
    entry = _Entry(row.number)
    asked = {question.id: question for question in setting.questions}
    # The phone is read last: its country may stand in a later column.
    for target, cell in sorted(
        zip(targets, row.cells, strict=False), key=lambda pair: pair[0] == "phone"
    ):
        if not target or not cell:
            continue
        try:
            _take(entry, target, values.text(cell), asked, setting)
        except Unreadable as fault:
            entry.fault(target, fault, setting)
    return entry


def _take(
    entry: _Entry, target: str, cell: str, asked: Mapping[int, Question], setting: Setting
) -> None:
    if target == "full_name":
        entry.given["given_name"], entry.given["family_name"] = values.names(cell)
    elif target == "phone":
        country = entry.given.get("country") or setting.country
        entry.given["phone"] = values.phone(cell, country)
    elif (question := asked.get(question_id(target) or 0)) is not None:
        entry.answers[str(question.id)] = values.answer(question, cell)
    else:
        entry.given[target] = _READERS.get(target, str)(cell)


def _with_companions(entries: Sequence[_Entry], setting: Setting) -> list[_Entry]:
    """The contacts among ``entries``, each with the companions that name it."""
    contacts = [entry for entry in entries if not entry.given.get("companion_of")]
    by_name: dict[str, _Entry] = {}
    for entry in reversed(contacts):
        given, family = entry.given.get("given_name", ""), entry.given.get("family_name", "")
        for name in (f"{given} {family}", f"{family} {given}", f"{family}, {given}"):
            by_name[fold(name)] = entry
        if entry.given.get("email"):
            by_name[entry.given["email"]] = entry
    for entry in entries:
        wanted = entry.given.get("companion_of")
        if not wanted:
            continue
        contact = by_name.get(fold(wanted)) or by_name.get(wanted.lower())
        if contact is None:
            words = _("“%(name)s” is not in this list.", name=wanted)
            entry.fault("companion_of", words, setting)
        else:
            contact.companions.append(entry)
    return contacts


def _planned(entry: _Entry, setting: Setting, seen: dict[tuple[str, str], int]) -> Planned:
    party = _party(entry, setting)
    if party is None:
        return _shown(entry, Fate.FAULTY)
    who = (party.email, party.contact.folded_name)
    if who in setting.known.people:
        return _shown(entry, Fate.KNOWN, _("Is registered already."))
    if who in seen:
        return _shown(entry, Fate.TWICE, _("The same as row %(row)d.", row=seen[who]))
    seen[who] = entry.row
    hint = ""
    if party.contact.folded_name in setting.known.names:
        hint = _("Somebody of this name is registered with another address.")
    return replace(_shown(entry, Fate.ENTERED, hint), party=party)


def _party(entry: _Entry, setting: Setting) -> Party | None:
    """The party of a contact's entry; None, with the problems noted, where something is wrong."""
    if not entry.given.get("email") and not _has_fault(entry, "email", setting):
        entry.fault("email", _("Please enter an e-mail address."), setting)
    people = [_person(e, setting, place > 0) for place, e in enumerate((entry, *entry.companions))]
    if entry.problems or any(companion.problems for companion in entry.companions):
        return None
    party = Party(
        email=entry.given["email"],
        locale=entry.given.get("language", setting.locale),
        contact=people[0],
        companions=tuple(people[1:]),
        message=entry.given.get("message", ""),
    )
    try:
        rules.check_party(party, largest=None)
    except Refusal as refusal:
        entry.fault(refusal.field or "", refusal, setting)
        return None
    return party


def _person(entry: _Entry, setting: Setting, companion: bool) -> Person:
    if not entry.given.get("given_name"):
        entry.fault("given_name", _("Please enter a given name."), setting)
    if not entry.given.get("family_name"):
        entry.fault("family_name", _("Please enter a family name."), setting)
    found = answers.read(
        setting.questions,
        entry.answers,
        companion=companion,
        locale=current_language(),
        demanding=False,
    )
    for key, words in found.problems.items():
        entry.fault(f"question-{key}", words, setting)
    named: dict[str, Any] = {name: entry.given.get(name, "") for name in PERSON_FIELDS}
    return Person(**named, answers=found.plain, sensitive=found.sensitive)


def _has_fault(entry: _Entry, target: str, setting: Setting) -> bool:
    label = column_label(target, setting.questions)
    return any(problem.column == label for problem in entry.problems)


def _shown(entry: _Entry, fate: Fate, hint: str = "") -> Planned:
    return Planned(
        row=entry.row,
        name=entry.name,
        email=entry.given.get("email", ""),
        organisation=entry.given.get("organisation", ""),
        fate=fate,
        hint=hint,
        problems=tuple(entry.problems),
    )


def _companion(entry: _Entry, contact: Planned) -> Planned:
    """A companion shares what becomes of its contact."""
    if entry.problems or contact.fate is not Fate.ENTERED:
        fate = Fate.FAULTY if entry.problems else contact.fate
        return replace(_shown(entry, fate, "" if entry.problems else contact.hint))
    hint = _("Comes with %(name)s.", name=contact.name)
    return _shown(entry, Fate.COMPANION, hint)


def parties_of(rows: Iterable[Planned]) -> list[tuple[int, Party]]:
    """The parties of rows, with the number of the row."""
    return [(row.row, row.party) for row in rows if row.party is not None]
