"""Entries as parties: who comes with whom, who is there already, and what keeps somebody out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _, ngettext

from event_mgmt.core.text import fold, name_key, search_fold
from event_mgmt.registration_desk.imports import person_names, unnamed_guests, values
from event_mgmt.registration_desk.imports.import_plan import ImportContext, PlannedRow, RowFate
from event_mgmt.registration_desk.imports.list_entry import CellProblem, ListEntry
from event_mgmt.registration_desk.imports.name_cells import NAMES
from event_mgmt.registration_desk.imports.row_reader import NEEDED, ColumnMapping
from event_mgmt.registration_desk.imports.statuses import WITHOUT_SEAT
from event_mgmt.registrations.party import Party, Person
from event_mgmt.registrations.party_parser import IMPORT, PartyProblems, parse_party
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES
from event_mgmt.registrations.problems import EMAIL_MISSING, NAME_MISSING, Problem
from event_mgmt.web.locale import current_language


class PartyMaker:
    """Makes parties of entries, and notes what is wrong with them."""

    def __init__(self, columns: ColumnMapping, setting: ImportContext) -> None:
        self._columns = columns
        self._setting = setting
        self._seen: dict[tuple[str, str], int] = {}
        self._names = {at for at, target in enumerate(columns.targets) if target in NAMES}

    def _fault(
        self, entry: ListEntry, words: object, *targets: str, optional: bool = False
    ) -> None:
        label = self._columns.label(targets[0]) if targets else ""
        place = self._columns.place_of(*targets)
        entry.problems.append(
            CellProblem(entry.row, label, str(words), place, is_optional=optional)
        )

    def with_companions(self, entries: Sequence[ListEntry]) -> list[ListEntry]:
        """The contacts among ``entries``, each with the companions that name it."""
        contacts = [entry for entry in entries if not entry.given.get("companion_of")]
        by_name: dict[str, list[ListEntry]] = {}
        for entry in contacts:
            for name in _keys_of_contact(entry):
                by_name.setdefault(name, []).append(entry)
        for entry in entries:
            wanted = entry.given.get("companion_of")
            if wanted:
                self._join(entry, wanted, by_name)
        return contacts

    def _join(self, entry: ListEntry, wanted: str, by_name: Mapping[str, list[ListEntry]]) -> None:
        named = person_names.parted(wanted)
        key = name_key(f"{named.given_name} {named.family_name}")
        found = by_name.get(fold(wanted)) or by_name.get(key) or []
        number = entry.given.get("registration")
        if number and len(found) > 1:  # our own list says which registration is meant
            found = [contact for contact in found if contact.given.get("registration") == number]
        if len(found) == 1:
            found[0].companions.append(entry)
        elif found:
            words = _(
                "Several people in this list are called “%(name)s”. Please enter the e-mail"
                " address of the one who is meant.",
                name=wanted,
            )
            self._fault(entry, words, "companion_of")
        else:
            words = _("“%(name)s” is not in this list.", name=wanted)
            self._fault(entry, words, "companion_of")

    def planned(self, entry: ListEntry) -> PlannedRow:
        """What becomes of a contact's row."""
        if entry.is_blank:
            return replace(
                shown(entry, RowFate.NOBODY, _("Neither a name nor an address.")), problems=()
            )
        party = self._party(entry)
        if party is None:
            return shown(entry, RowFate.FAULTY)
        who = (party.email, party.contact.folded_name)
        ended = entry.status in WITHOUT_SEAT
        if who in self._setting.known.people or (ended and who in self._setting.past.people):
            hint = _("Is registered already.")
            if ended and who in self._setting.known.people:
                hint = _("Is registered already; the list says that this person does not come.")
            return shown(entry, RowFate.KNOWN, hint)
        if who in self._seen:
            return shown(entry, RowFate.TWICE, _("The same as row %(row)d.", row=self._seen[who]))
        self._seen[who] = entry.row
        if party.contact.folded_name in self._setting.known.names:
            entry.hints.append(_("Somebody of this name is registered with another address."))
        return replace(shown(entry, RowFate.ENTERED), party=party)

    def _party(self, entry: ListEntry) -> Party | None:
        """The party of a contact; None, with the problems noted, where something is wrong.

        People come without what cannot be read and is not needed, and without companions who
        cannot come.
        """
        guests = [g for g in entry.guests if unnamed_guests.names_somebody(g.full_name)]
        rows = entry.companions
        found = self._parsed(entry, rows, guests)
        if isinstance(found, PartyProblems):
            self._note(found, [entry, *rows])
        for one in (entry, *rows):
            if _has_one_name(one):
                one.hints.append(_("Only one name."))
        self._ask_names(entry)
        self._count(entry, 1 + len(rows) + len(entry.guests))
        if entry.is_faulty:
            return None
        fit = [row for row in rows if not row.is_faulty]
        if isinstance(found, PartyProblems) or len(fit) < len(rows):
            found = self._parsed(entry, fit, guests)
        if isinstance(found, PartyProblems):
            self._note(found, [entry, *fit])
            return None
        return found

    def _parsed(
        self, entry: ListEntry, rows: Sequence[ListEntry], guests: Sequence[Person]
    ) -> Party | PartyProblems:
        given = {
            "contact": {"email": entry.given.get("email"), **_person_mapping(entry)},
            "companions": [*map(_person_mapping, rows), *(g.to_mapping() for g in guests)],
            "message": entry.given.get("message"),
            "locale": entry.given.get("language", self._setting.locale),
        }
        return parse_party(given, self._setting.questions, IMPORT, written_in=current_language())

    def _note(self, found: PartyProblems, entries: Sequence[ListEntry]) -> None:
        """Put each problem at the cell that it comes from, and leave away what is not needed."""
        for path, problem in found.items():
            entry, name = _cell_of(path, entries)
            if name is None:  # a companion of the contact's own row
                self._fault(entry, problem, "companion")
            elif name == "family_name" and problem is NAME_MISSING:
                self._note_missing_name(entry)
            elif name == "email" and problem is EMAIL_MISSING:
                if not self._has_fault(entry, "email"):
                    self._fault(entry, problem, "email")
            else:
                self._note_value(entry, problem, name)

    def _note_value(self, entry: ListEntry, problem: Problem, name: str) -> None:
        if name in NEEDED:
            self._fault(entry, problem, name, "full_name", "surname_first")
        else:
            self._fault(entry, problem, name, optional=True)
            entry.leave_out(name)

    def _note_missing_name(self, entry: ListEntry) -> None:
        """Ask for a name, unless its cells are asked about already."""
        if not any(p.keeps_out and p.place in self._names for p in entry.problems):
            self._fault(entry, NAME_MISSING, "family_name", "full_name", "surname_first")

    def _count(self, entry: ListEntry, named: int) -> None:
        """Ask for those who are announced and not named."""
        missing = entry.announced - named
        asked = self._has_fault(entry, "companion")
        if missing < 1 or (asked and missing == 1):
            return
        words = ngettext(
            "%(num)d more person is announced without a name.",
            "%(num)d more people are announced without a name.",
            missing,
        )
        self._fault(entry, words, "party", optional=True)

    def _ask_names(self, entry: ListEntry) -> None:
        """Ask for the names of companions who are only announced."""
        for guest in entry.guests:
            if not unnamed_guests.names_somebody(guest.full_name):
                words = _("“%(name)s”: please enter the companion’s name.", name=guest.full_name)
                self._fault(entry, words, "companion", "companion_given_name", optional=True)

    def _has_fault(self, entry: ListEntry, target: str) -> bool:
        label = self._columns.label(target)
        return any(problem.column == label for problem in entry.problems)

    def companion(self, entry: ListEntry, contact: PlannedRow) -> PlannedRow:
        """A companion shares what becomes of its contact."""
        if entry.is_faulty:
            return shown(entry, RowFate.FAULTY)
        if contact.fate is not RowFate.ENTERED:
            return shown(entry, contact.fate, contact.hint)
        return shown(entry, RowFate.COMPANION, _("Comes with %(name)s.", name=contact.name))


def _keys_of_contact(entry: ListEntry) -> set[str]:
    """By what a companion's row may name its contact: exactly, or however the name is spelt."""
    given, family = entry.given.get("given_name", ""), entry.given.get("family_name", "")
    email = entry.given.get("email", "")
    spellings = {email}
    if entry.name:
        spellings |= {entry.name, f"{family} {given}", f"{family}, {given}"}
        spellings.add(f"{entry.name} <{email}>")
    spellings |= {entry.written, *(guest.full_name for guest in entry.guests)}
    return {fold(spelling) for spelling in spellings if spelling} | (
        {name_key(entry.name)} if entry.name else set()
    )


def _has_one_name(entry: ListEntry) -> bool:
    both = entry.given.get("given_name") and entry.given.get("family_name")
    return bool(entry.name) and not both


def _cell_of(path: str, entries: Sequence[ListEntry]) -> tuple[ListEntry, str | None]:
    """Whose row the parser's ``path`` is about, and the column; None for somebody without a row."""
    match path.split("."):
        case ["contact", *inner]:
            entry = entries[0]
        case ["companions", place, *inner]:
            if 1 + int(place) >= len(entries):
                return entries[0], None
            entry = entries[1 + int(place)]
        case inner:
            entry = entries[0]
    return entry, f"question-{inner[1]}" if inner[0] == "answers" else inner[0]


def _person_mapping(entry: ListEntry) -> dict[str, object]:
    """The person of a row as the parser takes it."""
    named = {name: entry.given.get(name) for name in PERSON_FIELD_NAMES}
    return {**named, "answers": entry.answers}


def _person_of(entry: ListEntry) -> Person:
    return Person.from_fields(entry.given)


def shown(entry: ListEntry, fate: RowFate, hint: str = "") -> PlannedRow:
    """A row as the page shows it."""
    return PlannedRow(
        row=entry.row,
        fate=fate,
        person=_person_of(entry),
        email=entry.given.get("email", ""),
        wish=entry.status,
        written=values.short(entry.written),
        hint=" ".join(filter(None, [hint, *entry.hints])),
        problems=tuple(entry.problems),
    )


def note_turned_names(contacts: Sequence[ListEntry], columns: ColumnMapping) -> None:
    """Ask whether the family name stands first in "Kovač Maja".

    For it speaks that others of the list have that first name, a title behind the name, and an
    address like maja.kovac@. Nothing is turned round: there are families called like that.
    """
    firsts = Counter(first for entry in contacts if (first := _first(entry, "given_name")))
    for entry in contacts:
        given, family = _first(entry, "given_name"), _first(entry, "family_name")
        if entry.whole_at is None or not given or given == family:
            continue
        is_among = family in firsts and firsts[given] == 1
        if is_among or entry.is_turned_perhaps or _is_turned_in_address(entry):
            words = _(
                "Does the family name stand first here? Then please write “%(name)s”.",
                name=f"{entry.given['given_name']}, {entry.given['family_name']}",
            )
            label = columns.label(columns.targets[entry.whole_at])
            doubt = CellProblem(entry.row, label, words, entry.whole_at, is_doubt=True)
            entry.problems.append(doubt)


def _is_turned_in_address(entry: ListEntry) -> bool:
    """Whether the address has the names in the other order: Kovač Maja, maja.kovac@."""
    parts = search_fold(entry.given.get("email", "").partition("@")[0].replace(".", " ")).split()
    name = search_fold(entry.name).split()
    return len(parts) == len(name) == 2 and parts == name[::-1]


def _first(entry: ListEntry, field_name: str) -> str:
    return fold(entry.given.get(field_name, "")).partition(" ")[0]


def guests_of(contact: PlannedRow, in_rows: int) -> list[PlannedRow]:
    """The companions that stand in the contact's own row, as rows of the same number."""
    if contact.party is None:
        return []
    hint = _("Comes with %(name)s.", name=contact.name)
    guests = contact.party.companions[in_rows:]
    return [PlannedRow(contact.row, RowFate.COMPANION, guest, hint=hint) for guest in guests]
