"""One row of a list as it is read, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from event_mgmt.core.text import full_name
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.party import Person


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell of a row.

    ``column`` names the column, '' for the whole row; ``place`` is where the cell stands, None for
    a row that has none; ``is_optional`` tells that the person can come without the value,
    ``is_doubt`` that nothing is wrong unless it was meant otherwise.
    """

    row: int
    column: str
    words: str
    place: int | None = None
    is_optional: bool = False
    is_doubt: bool = False

    @property
    def keeps_out(self) -> bool:
        """Whether nobody comes before this is corrected."""
        return not (self.is_optional or self.is_doubt)


@dataclass
class ListEntry:
    """One row as it is read.

    ``written`` is what the cells of the name hold. ``whole_at`` is the place of the cell in which
    a whole name stands, given name first as it seems; ``is_turned_perhaps``: the cell itself
    speaks for the other order.
    """

    row: int
    given: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str | list[str]] = field(default_factory=dict)
    status: Status | None = None
    guests: list[Person] = field(default_factory=list)
    announced: int = 0
    companions: list[ListEntry] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    written: str = ""
    whole_at: int | None = None
    is_turned_perhaps: bool = False

    @property
    def name(self) -> str:
        """Given and family name."""
        return full_name(self.given.get("given_name", ""), self.given.get("family_name", ""))

    def leave_out(self, target: str) -> None:
        """Forget what the column ``target`` held."""
        self.given.pop(target, None)
        self.answers.pop(target.removeprefix("question-"), None)

    @property
    def is_blank(self) -> bool:
        """Whether the row has neither a name nor an address: then it is nobody."""
        return not (self.name or self.given.get("email") or self.is_faulty)

    @property
    def is_faulty(self) -> bool:
        """Whether something is wrong that keeps the row out."""
        return any(problem.keeps_out for problem in self.problems)
