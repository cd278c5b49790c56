"""The companions that stand in their contact's own row."""

from __future__ import annotations

from typing import Final, Protocol

from flask_babel import gettext as _

from event_mgmt.registration_desk.imports import people_in_cell, unnamed_guests, values
from event_mgmt.registration_desk.imports.headings import COMPANIONS
from event_mgmt.registration_desk.imports.people_in_cell import NamedPeople
from event_mgmt.registration_desk.imports.person_names import ParsedName, titled
from event_mgmt.registrations.party import Person


class ProblemReporter(Protocol):
    """Notes what is wrong with a cell."""

    def __call__(self, target: str, words: object, place: int, *, is_doubt: bool = False) -> None:
        """What the column is, what is wrong, where the cell stands."""


_LONGEST: Final = 500


def who_comes_along(cell: str) -> str:
    """What is asked where somebody is announced without a name."""
    return _("“%(cell)s”: who comes along? Please enter the name.", cell=values.short(cell))


def who_is_meant(cell: str) -> str:
    """What is asked where a cell names several people, and not each of them."""
    return _(
        "“%(cell)s” is more than one person, or may be. Please write each name in full, as in"
        " “Anna Müller & Jan Kos”.",
        cell=values.short(cell),
    )


def person_of(named: ParsedName) -> Person:
    """Somebody who comes along, by the name alone."""
    return Person(
        given_name=named.given_name,
        family_name=named.family_name,
        form_of_address=named.form_of_address,
        academic_title=named.academic_title,
        organisation=named.aside,
    )


class GuestReader:
    """Reads the cells of a row that name companions, one after the other."""

    def __init__(self, fault: ProblemReporter) -> None:
        self.guests: list[Person] = []
        self._fault = fault
        self._given: tuple[str, int] | None = None

    def take(self, target: str, cell: str, place: int) -> None:
        """Take a cell; those of a given and a family name follow each other."""
        if target not in COMPANIONS:
            return
        if target == "companion":
            self._take_whole(cell, place)
        elif target == "companion_given_name":
            self.close()
            self._given = cell, place
        else:
            given, at = self._given or ("", place)
            self._given = None
            self._take_parts(given, cell, at)

    def close(self) -> None:
        """No family name follows the last given one."""
        if self._given:
            given, place = self._given
            self._given = None
            self._take_parts(given, "", place)

    def _take_parts(self, given: str, family: str, place: int) -> None:
        if not any(part and not values.is_nothing(part) for part in (given, family)):
            return
        found = people_in_cell.parts_in(given, family)
        if found is not None:
            self._take_people(found, f"{given} {family}".strip(), place)
            return
        first, last = titled(given), titled(family)
        self.guests.append(
            Person(
                given_name=first.family_name,
                family_name=last.family_name,
                form_of_address=first.form_of_address or last.form_of_address,
                academic_title=first.academic_title or last.academic_title,
            )
        )

    def _take_whole(self, cell: str, place: int) -> None:
        if not cell:
            return
        if unnamed_guests.is_awaited(cell):
            self._fault("companion", who_comes_along(cell), place)
            return
        answer = values.yes_or_no(cell)
        if answer is False or cell == "0":
            return
        if answer or cell.isdigit():
            self._fault("companion", who_comes_along(cell), place)
            return
        if len(cell) > _LONGEST:
            self._fault("companion", who_is_meant(cell), place)
            return
        named = unnamed_guests.without_announcement(cell)
        self._take_people(people_in_cell.people_in(named), named, place)

    def _take_people(self, found: NamedPeople, cell: str, place: int) -> None:
        firsts = [] if found.is_clear else people_in_cell.single_names(cell)
        if found.is_doubtful or not (found.is_clear or firsts):
            self._fault("companion", who_is_meant(cell), place)
            return
        self.guests += map(person_of, found.named)
        self.guests += [Person("", first) for first in firsts]
        if found.announced:
            self._fault("companion", who_comes_along(cell), place)
