"""What would become of each row of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from event_mgmt.events.models import Question
from event_mgmt.registration_desk.imports.list_entry import CellProblem
from event_mgmt.registration_desk.imports.statuses import WITHOUT_SEAT
from event_mgmt.registration_desk.queries import RegisteredContacts
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.party import Party, Person


class RowFate(StrEnum):
    """What becomes of a row."""

    ENTERED = "entered"
    COMPANION = "companion"
    KNOWN = "known"
    TWICE = "twice"
    FULL = "full"
    FAULTY = "faulty"
    NOBODY = "nobody"


@dataclass(frozen=True)
class PlannedRow:
    """One row with what becomes of it. ``party`` is there for those that would be entered.

    ``hint`` draws attention to something that is no fault; ``wish`` is the status that the list
    names, ``status`` the one it would have; ``written`` is what stands where the name should.
    """

    row: int
    fate: RowFate
    person: Person
    email: str = ""
    party: Party | None = None
    wish: Status | None = None
    status: Status | None = None
    hint: str = ""
    written: str = ""
    problems: tuple[CellProblem, ...] = ()

    @property
    def name(self) -> str:
        """Given and family name."""
        return self.person.full_name

    @property
    def organisation(self) -> str:
        """Where the person comes from."""
        return self.person.organisation

    @property
    def seats(self) -> int:
        """How many people the row stands for, if it is a contact's."""
        return self.party.seats if self.party else 1


@dataclass(frozen=True)
class ImportPlan:
    """All rows in their order."""

    rows: tuple[PlannedRow, ...]

    @property
    def parties(self) -> list[PlannedRow]:
        """The rows that would be entered."""
        return [row for row in self.rows if row.fate is RowFate.ENTERED]

    @property
    def mail_count(self) -> int:
        """How many of them would get a mail."""
        return sum(row.status not in WITHOUT_SEAT for row in self.parties)

    @property
    def people(self) -> int:
        """How many people would come, or wait."""
        return sum(row.seats for row in self.parties if row.status not in WITHOUT_SEAT)

    @property
    def counts(self) -> Mapping[RowFate, int]:
        """How many rows meet each fate."""
        return Counter(row.fate for row in self.rows)

    @property
    def problems(self) -> list[CellProblem]:
        """What keeps rows out, in the order of the rows."""
        return [p for row in self.rows for p in row.problems if p.keeps_out]

    @property
    def unreadable(self) -> list[CellProblem]:
        """Values without which people can come; of rows that stay out for another reason too."""
        return [p for row in self.rows for p in row.problems if p.is_optional]

    @property
    def left_behind(self) -> list[CellProblem]:
        """Values without which people would be entered."""
        entered = (row for row in self.rows if row.fate in {RowFate.ENTERED, RowFate.COMPANION})
        return [p for row in entered for p in row.problems if p.is_optional]

    @property
    def doubts(self) -> list[CellProblem]:
        """What those who would be entered may have meant otherwise."""
        entered = (row for row in self.rows if row.fate in {RowFate.ENTERED, RowFate.COMPANION})
        return [p for row in entered for p in row.problems if p.is_doubt]

    @property
    def reached(self) -> Mapping[Status, int]:
        """How many parties would have each status."""
        return Counter(row.status for row in self.parties if row.status is not None)


@dataclass(frozen=True)
class ImportContext:
    """What the rows are read against: the event's questions, who is there, and the defaults.

    ``past`` are those whose registration has ended: called off, or not accepted.
    """

    questions: Sequence[Question]
    known: RegisteredContacts
    locale: str
    country: str = ""
    past: RegisteredContacts = field(
        default_factory=lambda: RegisteredContacts(frozenset(), frozenset())
    )
