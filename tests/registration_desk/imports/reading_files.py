"""Lists as other programs and people write them, read and planned for a German event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from event_mgmt.registration_desk.imports import columns, dry_run as planning
from event_mgmt.registration_desk.imports.forms import column_title
from event_mgmt.registration_desk.imports.import_plan import ImportContext, ImportPlan, RowFate
from event_mgmt.registration_desk.imports.opened_list import OpenedList, open_list
from event_mgmt.registration_desk.imports.uploads import ReadingChoice
from event_mgmt.registration_desk.queries import RegisteredContacts

FILES = Path(__file__).parent / "files"


@dataclass
class Tried:
    """A list with what it would come to."""

    found: OpenedList
    plan: ImportPlan

    @property
    def used(self) -> dict[str, str]:
        """What each column that is used is, by its heading."""
        table = self.found.table
        return {column_title(table, at): t for at, t in enumerate(self.found.targets) if t}

    @property
    def unused(self) -> list[str]:
        """The headings of the columns with values that are not used."""
        table = self.found.table
        return [column_title(table, at) for at in columns.unused(table, self.found.targets)]

    @property
    def people(self) -> list[str]:
        """Who would come: form of address, title, given and family name, apart by bars."""
        return [
            f"{row.person.form_of_address}|{row.person.academic_title}"
            f"|{row.person.given_name}|{row.person.family_name}"
            for row in self.plan.rows
            if row.fate in {RowFate.ENTERED, RowFate.COMPANION}
        ]

    @property
    def names(self) -> list[str]:
        """Who would come: given and family name, apart by a bar."""
        return [person.split("|", 2)[2] for person in self.people]

    def each(self, field: str) -> list[str]:
        """One field of everybody who would be registered."""
        return [getattr(row.party.contact, field) for row in self.plan.parties if row.party]


def tried(contents: bytes | str, choice: ReadingChoice | None = None, **setting: object) -> Tried:
    """A list, by the name of its file or its contents, as it would be imported."""
    if isinstance(contents, str):
        contents = (FILES / contents).read_bytes()
    questions: Sequence = setting.pop("questions", ())
    found = open_list(contents, choice or ReadingChoice(), questions)
    known = RegisteredContacts(frozenset(), frozenset())
    given = {"questions": questions, "known": known, "locale": "de", "country": "DE", **setting}
    return Tried(found, planning.plan(found.table, found.targets, ImportContext(**given)))
