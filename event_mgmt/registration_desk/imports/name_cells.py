"""Who a row names: the cells of names, forms of address and titles, read together."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _, ngettext

from event_mgmt.registration_desk.imports import (
    column_detection,
    people_in_cell,
    person_names,
    unnamed_guests,
    values,
)
from event_mgmt.registration_desk.imports.companions import (
    ProblemReporter,
    person_of,
    who_comes_along,
    who_is_meant,
)
from event_mgmt.registration_desk.imports.list_entry import ListEntry
from event_mgmt.registration_desk.imports.people_in_cell import NamedPeople
from event_mgmt.registration_desk.imports.person_names import ParsedName
from event_mgmt.registration_desk.imports.statuses import WITHOUT_SEAT, status_of
from event_mgmt.registrations.party import LIMITS
from event_mgmt.registrations.refusals import TooLong

WHOLE: Final = ("full_name", "surname_first")
NAMES: Final = frozenset(
    {*WHOLE, "given_name", "family_name", "more_given_names", "name_suffix"}
    | {"form_of_address", "academic_title"}
)
"""The columns that say who somebody is."""

_WRITTEN: Final = (*WHOLE, "given_name", "family_name")
_LONGEST: Final = 300
"""A cell of more is no name, whatever it is."""


class NameReader:
    """Fills an entry in with a name, once all its cells are taken."""

    def __init__(self, entry: ListEntry, fault: ProblemReporter) -> None:
        self._entry = entry
        self._fault = fault
        self._cells: dict[str, tuple[str, int]] = {}
        self._place = 0
        self._plural = ""
        self._aside = ""

    def take(self, target: str, cell: str, place: int) -> None:
        """Take a cell."""
        if len(cell) > _LONGEST:
            most = "academic_title" if target in {"academic_title", "form_of_address"} else target
            self._fault(target, TooLong(most, LIMITS.get(most, _LONGEST)), place)
        else:
            self._cells[target] = cell, place

    def read(self) -> None:
        """Name the entry, with those who come along; what is wrong is noted."""
        for target in ("form_of_address", "academic_title"):
            if target in self._cells:
                cell, self._place = self._cells[target]
                self._form_of_address(cell) if target == "form_of_address" else self._title(cell)
        written = [self._cells[part][0] for part in _WRITTEN if part in self._cells]
        self._entry.written = " ".join(written)
        self._name()
        self._suffix()
        self._leave_open_what_is_open()
        self._use_aside()

    def _form_of_address(self, cell: str) -> None:
        code, titles = person_names.address_of(cell)
        if people_in_cell.are_several(cell):
            self._plural = cell
        elif code is None:
            self._no_form_of_address(cell, self._place)
        else:
            self._add_titles(code, titles)

    def _no_form_of_address(self, cell: str, place: int) -> None:
        words = _("“%(cell)s” is no form of address we know.", cell=values.short(cell))
        self._fault("form_of_address", words, place)

    def _title(self, cell: str) -> None:
        code, titles = person_names.address_of(cell)
        self._add_titles(code or "", titles if code is not None else cell)

    def _name(self) -> None:
        given, at = self._cells.get("given_name", ("", 0))
        family, family_at = self._cells.get("family_name", ("", at))
        whole = next((target for target in WHOLE if target in self._cells), "")
        if whole and not (given and family):
            cell, self._place = self._cells[whole]
            self._read_whole(whole, cell)
        else:
            self._place = at if given else family_at
            self._read_parts(given, family)
        if self._plural and not self._entry.guests and self._entry.given.get("given_name"):
            self._no_form_of_address(*self._cells["form_of_address"])

    def _read_whole(self, target: str, cell: str) -> None:
        found = people_in_cell.people_in(cell, surname_first=target == "surname_first")
        if self._plural and found.is_clear and not found.named[0].given_name:
            found = people_in_cell.people_in(f"{self._plural} {cell}")
        self._take_people(target, found, cell)

    def _read_parts(self, given: str, family: str) -> None:
        if self._plural and family and not given:
            found = people_in_cell.people_in(f"{self._plural} {family}")
            self._take_people("family_name", found, f"{self._plural} {family}")
            return
        found_parts = people_in_cell.parts_in(given, family)
        if found_parts is not None:
            target = "given_name" if given else "family_name"
            self._take_people(target, found_parts, f"{given} {family}".strip())
            return
        more, _place = self._cells.get("more_given_names", ("", 0))
        for target, part in (("given_name", f"{given} {more}".strip()), ("family_name", family)):
            if part and column_detection.is_company(part) and not (given and family):
                self._place = self._cells.get(target, ("", 0))[1]
                self._take_people(target, NamedPeople((person_names.titled(part),)), part)
            elif part:
                named = person_names.titled(part)
                self._entry.given[target] = named.family_name
                self._add_about(named)

    def _take_people(self, target: str, found: NamedPeople, cell: str) -> None:
        if not found.is_clear:
            self._fault(target, who_is_meant(cell), self._place)
            return
        named, *others = found.named
        self._entry.given["given_name"] = named.given_name
        self._entry.given["family_name"] = named.family_name
        self._entry.guests += map(person_of, others)
        if target in WHOLE and named.is_turned and unnamed_guests.is_open_part(named.family_name):
            self._entry.given["given_name"] = ""  # "N.N., GZS" is nobody called GZS
        if target in WHOLE and not named.is_turned:
            self._entry.whole_at = self._place
            self._entry.is_turned_perhaps = named.is_doubtful
        self._add_about(named)
        for other in others:
            self._not_used(other.born)
        if others:
            self._entry.hints.append(_read_as(len(found.named), cell))
        if found.announced:
            self._fault("companion", who_comes_along(cell), self._place)
        if column_detection.is_company(cell):
            words = _(
                "“%(cell)s” looks like an organisation. Who comes? Please write the name.",
                cell=values.short(cell),
            )
            self._fault(target, words, self._place, is_doubt=True)
        if found.is_doubtful:
            self._fault(target, who_is_meant(cell), self._place, is_doubt=True)

    def _add_about(self, named: ParsedName) -> None:
        """What a name holds besides itself."""
        self._add_titles(named.form_of_address, named.academic_title)
        self._aside = named.aside or self._aside
        self._not_used(named.born)

    def _add_titles(self, code: str, titles: str) -> None:
        given = self._entry.given
        if code and not given.get("form_of_address"):
            given["form_of_address"] = code
        if not titles:
            return
        title = person_names.together(given.get("academic_title", ""), titles)
        most = LIMITS["academic_title"]
        if len(title) > most:
            self._fault("academic_title", TooLong("academic_title", most), self._place)
        else:
            given["academic_title"] = title

    def _suffix(self) -> None:
        """What stands in a column of its own: "Jr." is a part of the name, "MBA" is a degree."""
        suffix, self._place = self._cells.get("name_suffix", ("", self._place))
        if not suffix:
            return
        if person_names.is_degree(suffix):
            self._add_titles("", suffix)
        elif family := self._entry.given.get("family_name"):
            self._entry.given["family_name"] = f"{family} {suffix}"

    def _not_used(self, words: str) -> None:
        if words:
            hint = _("“%(words)s” behind the name is not used.", words=values.short(words))
            self._entry.hints.append(hint)

    def _leave_open_what_is_open(self) -> None:
        """No name is "N.N.", nor is it a part of one."""
        given = self._entry.given
        for target in ("given_name", "family_name"):
            if given.get(target) and unnamed_guests.is_open_part(given[target]):
                given[target] = ""
        if unnamed_guests.is_open(self._entry.name):
            given["given_name"] = given["family_name"] = ""

    def _use_aside(self) -> None:
        """What stood in brackets behind a name is mostly the organisation."""
        aside = self._aside
        if not aside:
            return
        status = status_of(aside) if len(aside) > _SHORTEST_STATUS else None
        organisation = self._entry.given.get("organisation", "")
        if status in WITHOUT_SEAT:
            self._entry.status = self._entry.status or status
        elif not unnamed_guests.names_somebody(aside):
            self._fault("companion", who_comes_along(aside), self._place)
        elif not organisation:
            self._entry.given["organisation"] = aside
        elif aside.casefold() not in organisation.casefold():
            self._not_used(aside)


_SHORTEST_STATUS: Final = 3
"""So short may the name of an organisation be that means "no" elsewhere."""


def _read_as(people: int, cell: str) -> str:
    return ngettext(
        "“%(cell)s” is read as %(num)d person.",
        "“%(cell)s” is read as %(num)d people.",
        people,
        cell=values.short(cell),
    )
