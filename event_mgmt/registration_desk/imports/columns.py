"""What the columns of a list are: recognised by their headings, and by what stands in them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import has_app_context
from flask_babel import force_locale

from event_mgmt.core.text import fold
from event_mgmt.events.models import Question
from event_mgmt.registration_desk.imports import column_detection
from event_mgmt.registration_desk.imports.headings import (
    GERMAN,
    HEADINGS,
    LABELS,
    OWN_LABELS,
    SEVERAL,
    SLOVENIAN,
)
from event_mgmt.registration_desk.imports.sheets import SheetRow
from event_mgmt.settings import LOCALES

_QUESTION: Final = re.compile(r"question-([0-9]{1,10})")
_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_OR: Final = re.compile(r"\s*[/|]\s*|\s+oder\s+|\s+or\s+|\s+ali\s+")
_NUMBERED: Final = re.compile(r"^(.*\D)\s*#?([1-9])(\D*)$")
_LATER: Final = re.compile(r"\D\s*#?[2-9]$")
"""How "Teilnehmer 2" ends: beside a first one, that is somebody who comes along."""
_GERMAN_SPEAKING: Final = frozenset({"DE", "AT", "CH", "LI", "LU", "BE"})
_NAMES: Final = frozenset({"given_name", "family_name", "full_name", "surname_first"})
_GUESTS: Final = frozenset({"gast", "gost", "guest", "gaste", "guestname", "gastname"})
_ATTENDEES: Final = frozenset({"teilnehmer", "teilnehmerin", "participant", "attendee", "person",
                               "udelezenec", "udelezenka", "oseba"})  # fmt: skip

Known = tuple[str, int]
"""What a heading stands for, and how well it says so: 0 says it best."""


@dataclass(frozen=True)
class ListTable:
    """A list with its header apart. ``header`` is None where the list has none.

    ``above`` are the rows before it, ``notes`` those below that are nobody: how to fill the
    columns in, a total, the headings once more.
    """

    header: SheetRow | None
    rows: tuple[SheetRow, ...]
    above: tuple[SheetRow, ...] = ()
    notes: tuple[SheetRow, ...] = ()

    @property
    def width(self) -> int:
        """How many columns there are."""
        header = (self.header,) if self.header else ()
        return max((len(row.cells) for row in (*header, *self.rows)), default=0)

    def heading(self, place: int) -> str:
        """The heading of a column, '' where it has none."""
        return " ".join(self.header.cell(place).split()) if self.header else ""

    def examples(self, place: int, most: int = 4) -> list[str]:
        """The first few values of a column."""
        found: dict[str, None] = {}
        for row in self.rows:
            if cell := row.cell(place):
                found[cell[:60]] = None
            if len(found) == most:
                break
        return list(found)


def recognise(table: ListTable, questions: Sequence[Question]) -> tuple[str, ...]:
    """What each column is ('' where nothing is recognised).

    Nothing is there twice, except phones and companions. A column without values is nothing.
    """
    places = [place for place in range(table.width) if any(row.cell(place) for row in table.rows)]
    if table.header is None:
        return column_detection.by_contents(table.rows, table.width)
    known = _known_by(questions)
    found: dict[int, Known] = {}
    for place in places or range(table.width):
        if meant := meaning(table.heading(place), known):
            found[place] = meant
    if not {target for target, _rank in found.values()} & _NAMES:
        # Then names are asked for one by one, if there is a column for them.
        found |= {
            p: m
            for p in range(table.width)
            if (m := meaning(table.heading(p), known)) and m[0] in _NAMES
        }
    found = _agreeing(table, found)
    found = _with_name(table, found, places)
    targets = _each_once(found)
    return tuple(targets.get(place, "") for place in range(table.width))


def how_many_known(row: SheetRow, questions: Sequence[Question]) -> int:
    """How many different things a row's cells name as headings."""
    known = _known_by(questions)
    meant: set[str] = set()
    for cell in row.cells:
        if cell and len(cell) <= 120 and (found := meaning(cell, known)):
            meant.add(found[0])
        elif squeezed(cell) == "name":
            meant.add("name")
    return len(meant)


def meaning(heading: str, known: Mapping[str, Known]) -> Known | None:
    """What a heading stands for, however decorated; None for nothing known."""
    for spelling in _spellings(heading):
        if spelling in known:
            return known[spelling]
    return None


def _spellings(heading: str) -> list[str]:
    """What a heading may be read as, the most faithful first."""
    plain = _ASIDE.sub(" ", heading)
    readings = [squeezed(heading), squeezed(plain)]
    parts = _OR.split(plain)
    if len(parts) > 1:
        readings += [squeezed(part) for part in parts]
    if numbered := _NUMBERED.match(plain.strip(" *:")):
        readings.append(squeezed(numbered[1] + " " + numbered[3]))
    return [reading for reading in readings if reading]


def _headings() -> dict[str, Known]:
    """Every heading we know, with our own labels in every language of the pages."""
    return _headings_where(speaks=has_app_context())


@functools.cache
def _headings_where(*, speaks: bool) -> dict[str, Known]:
    """Without an application's catalogues (``speaks``) labels are English, and cached apart."""
    del speaks
    found: dict[str, Known] = {}
    for target, lines in HEADINGS.items():
        for rank, line in enumerate(lines):
            for heading in line.split("|"):
                found.setdefault(squeezed(heading), (target, rank))
    for locale in LOCALES:
        with force_locale(locale):
            for labels in (LABELS, OWN_LABELS):
                for target, label in labels.items():
                    found.setdefault(squeezed(str(label)), (target, 0))
    return found


def _known_by(questions: Sequence[Question]) -> dict[str, Known]:
    asked = {
        squeezed(text): (f"question-{question.id}", 0)
        for question in questions
        for locale in LOCALES
        if (text := question.label.get(locale))
    }
    return {**asked, **_headings()}


def _agreeing(table: ListTable, found: dict[int, Known]) -> dict[int, Known]:
    """Without what the contents speak against; a guest beside a name is a companion."""
    targets = {target for target, _rank in found.values()}
    has_name = {"given_name", "family_name"} <= targets or "surname_first" in targets
    agreed: dict[int, Known] = {}
    for place, (target, rank) in found.items():
        name = squeezed(table.heading(place))
        # Beside a first participant: where "Teilnehmer 2" is alone, that is the one who comes.
        others = [at for at, (t, _rank) in found.items() if t == "full_name" and at < place]
        comes_along = _LATER.search(table.heading(place).strip()) and (has_name or others)
        is_guest = has_name and name in _GUESTS
        if target == "full_name" and (is_guest or comes_along):
            agreed[place] = ("companion", rank)
        elif name == "naziv" and column_detection.are_titles(table.rows, place):
            agreed[place] = ("academic_title", rank)
        elif _is_what_it_holds(table, place, target, rank, has_name=has_name):
            agreed[place] = (target, rank)
    return agreed


def _is_what_it_holds(
    table: ListTable, place: int, target: str, rank: int, *, has_name: bool
) -> bool:
    """Whether a column's contents do not speak against its heading."""
    if target in {"full_name", "surname_first"} and _reaches_over_two(table, place):
        return False
    if target == "full_name" and has_name:
        return False
    if target == "full_name" and squeezed(table.heading(place)) in _ATTENDEES:
        return column_detection.are_names(table.rows, place)
    if target == "status" and rank:
        return column_detection.are_statuses(table.rows, place)
    return target != "party" or column_detection.are_numbers(table.rows, place)


def _reaches_over_two(table: ListTable, place: int) -> bool:
    """Whether a heading stands over two columns, as a merged one does, with a name in each."""
    alone = place + 1 < table.width and not table.heading(place + 1)
    return alone and column_detection.are_halves(table.rows, place)


def _with_name(
    table: ListTable, found: dict[int, Known], places: Sequence[int]
) -> dict[int, Known]:
    """A column "Name" beside given names holds family names; by itself, both."""
    targets = {target for target, _rank in found.values()}
    if targets & {"family_name", "full_name", "surname_first"}:
        return found
    meant = "family_name" if "given_name" in targets else "full_name"
    for place in (*places, *range(table.width)):
        if meant == "full_name" and _reaches_over_two(table, place):
            continue  # which of the two is the family name has to be said
        if place not in found and "name" in _spellings(table.heading(place)):
            return {**found, place: (meant, 0)}
    return found


def _each_once(found: Mapping[int, Known]) -> dict[int, str]:
    """The best column for each, the leftmost among equals; of some there may be several."""
    best: dict[str, tuple[int, int]] = {}
    targets: dict[int, str] = {}
    for place, (target, rank) in found.items():
        if target in SEVERAL:
            targets[place] = target
        elif target not in best or rank < best[target][0]:
            best[target] = (rank, place)
    targets |= {place: target for target, (_rank, place) in best.items()}
    named = set(targets.values())
    if {"given_name", "family_name"} <= named:
        targets = {p: t for p, t in targets.items() if t not in {"full_name", "surname_first"}}
    elif "full_name" in named:  # a part of a name beside it is somebody else's: the buyer's
        parts = {"given_name", "family_name", "surname_first"}
        targets = {p: t for p, t in targets.items() if t not in parts}
    elif "surname_first" in named:
        targets = {p: t for p, t in targets.items() if t != "full_name"}
    return dict(sorted(targets.items()))


def home_of(table: ListTable, country: str) -> str:
    """Whose phones stand in a list without country codes: told by the language of its headings.

    ``country`` is the event's; it counts where the headings do not speak against it.
    """
    names = [squeezed(table.heading(place)) for place in range(table.width)]
    slovenian = sum(name in SLOVENIAN for name in names)
    german = sum(name in GERMAN for name in names)
    if slovenian > german:
        return "SI"
    return "DE" if german > slovenian and country not in _GERMAN_SPEAKING else country


def squeezed(text: str) -> str:
    """``text`` as headings are compared: letters and digits only, no case, no diacritics."""
    return "".join(char for char in fold(text) if char.isalnum() or char == "+")


def is_target(target: str, questions: Sequence[Question]) -> bool:
    """Whether a column can be ``target`` at an event with these questions."""
    return target in LABELS or question_id(target) in {question.id for question in questions}


def question_id(target: str) -> int | None:
    """The id of the question that a column answers; None for the other columns."""
    match = _QUESTION.fullmatch(target)
    return int(match[1]) if match else None


def lacking(targets: Sequence[str]) -> list[object]:
    """The labels of what every list needs and this one does not have."""
    one_column = {"full_name", "surname_first"} & set(targets)
    named = one_column or {"given_name", "family_name"} <= set(targets)
    found: list[object] = [] if named else [LABELS["given_name"], LABELS["family_name"]]
    if "email" not in targets:
        found.append(LABELS["email"])
    return found


def doubles(targets: Sequence[str]) -> list[int]:
    """The places of columns that are what an earlier one is already, where that cannot be."""
    return [
        place
        for place, target in enumerate(targets)
        if target and target not in SEVERAL and target in targets[:place]
    ]


def unused(table: ListTable, targets: Sequence[str]) -> list[int]:
    """The columns that hold values and are nothing."""
    return [
        place
        for place in range(table.width)
        if not (place < len(targets) and targets[place])
        and any(row.cell(place) for row in table.rows)
    ]
