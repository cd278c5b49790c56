"""Who registers, as plain values: a person, and the party of a contact with companions."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import SequenceMatcher
from typing import Any, Final

from event_mgmt.core.text import name_key

LIMITS: Final[Mapping[str, int]] = {
    "form_of_address": 20,
    "academic_title": 40,
    "given_name": 100,
    "family_name": 100,
    "function": 160,
    "organisation": 200,
    "country": 2,
    "phone": 40,
    "email": 254,
    "message": 2000,
}
"""How many characters each field takes; the columns' own widths."""

ALIKE: Final = 0.8
"""From here on two names are one name, written right and wrong (1 is the same)."""

_KEPT_CONTROLS: Final = frozenset("\n\t")


def one_line(text: str) -> str:
    """``text`` without control and direction characters, in one line with single spaces."""
    return " ".join(_printable(text).split())


def many_lines(text: str) -> str:
    """``text`` without control and direction characters, its line breaks kept."""
    return _printable(text.replace("\r\n", "\n")).strip()


def _printable(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():  # nearly always, and then there is nothing to look for
        return composed
    return "".join(
        " " if c in "\r\x0b\x0c" else c
        for c in composed
        if c in _KEPT_CONTROLS or c in "\r\x0b\x0c" or unicodedata.category(c) not in {"Cc", "Cf"}
    )


@dataclass(frozen=True)
class Person:
    """One body. ``answers`` and ``sensitive`` are {question id as text: answer}."""

    given_name: str
    family_name: str
    form_of_address: str = ""
    academic_title: str = ""
    function: str = ""
    organisation: str = ""
    country: str = ""
    phone: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    sensitive: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in PERSON_FIELDS:
            object.__setattr__(self, name, one_line(getattr(self, name)))

    @property
    def full_name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def every_answer(self) -> dict[str, Any]:
        """All answers, the sensitive ones among them."""
        return {**self.answers, **self.sensitive}

    @property
    def folded_name(self) -> str:
        """The name as people are compared by it."""
        return name_key(self.full_name)


PERSON_FIELDS: Final = tuple(f.name for f in fields(Person) if f.name in LIMITS)
"""The plain text fields of a person, in the order in which they are shown."""


@dataclass(frozen=True)
class Party:
    """A contact with companions, and what goes with all of them.

    ``locale`` is the language in which the contact is written to; ``privacy_version`` names the
    privacy notice that was shown.
    """

    email: str
    locale: str
    contact: Person
    companions: tuple[Person, ...] = ()
    message: str = ""
    shares_name: bool = False
    privacy_version: str = ""

    def __post_init__(self) -> None:
        # An address is compared without case: no provider in use tells two people apart by it.
        object.__setattr__(self, "email", one_line(self.email).lower())
        object.__setattr__(self, "message", many_lines(self.message))

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, the contact first."""
        return (self.contact, *self.companions)

    @property
    def seats(self) -> int:
        """How many seats the party needs."""
        return 1 + len(self.companions)


def kept(stored: Party, typed: Party, *, asked: Collection[str]) -> Party:
    """``typed``, completed by what the form does not show of the same people: companions' phones,
    and the answers to other questions than ``asked`` (ids as text).
    """
    people = [
        _completed(person, known, asked=asked, companion=position > 0)
        for position, (person, known) in enumerate(
            zip(typed.people, known_people(stored, typed), strict=True)
        )
    ]
    return replace(
        typed,
        contact=people[0],
        companions=tuple(people[1:]),
        privacy_version=stored.privacy_version,
    )


def known_people(stored: Party, wanted: Party) -> list[Person | None]:
    """For each of the people ``wanted`` who that was in the party as ``stored``; None for somebody
    new.
    """
    places = known_places(stored.people, wanted.people)
    return [None if place is None else stored.people[place] for place in places]


def known_places(stored: Sequence[Person], wanted: Sequence[Person]) -> list[int | None]:
    """For each of the people ``wanted`` the place among those ``stored``; None for somebody new.

    People are the same by name, wherever they stand. Whoever is left is the same if the name was
    corrected; the contact, and where nobody came or went a companion, also if the name at that
    place reads much alike. Of several the one who has most else in common.
    """
    left = dict(enumerate(stored))
    found: dict[int, int] = {}
    stays = {at for at in range(len(wanted)) if at == 0 or len(stored) == len(wanted)}

    def pair(is_same: Callable[[int, Person, int, Person], bool]) -> None:
        for at, one in enumerate(wanted):
            same = (
                []
                if at in found
                else [p for p, known in left.items() if is_same(p, known, at, one)]
            )
            if same:
                best = min(same, key=lambda p: (-_in_common(left[p], one), p != at, p))
                left.pop(best)
                found[at] = best

    pair(lambda _place, known, _at, one: known.folded_name == one.folded_name)
    pair(lambda _place, known, _at, one: is_correction(known, one))
    pair(lambda place, known, at, one: place == at and at in stays and _reads_alike(known, one))
    return [found.get(at) for at in range(len(wanted))]


def _in_common(before: Person, after: Person) -> int:
    details = sum(getattr(before, name) == getattr(after, name) for name in PERSON_FIELDS)
    answers = after.every_answer
    return details + sum(answers.get(k) == answer for k, answer in before.every_answer.items())


LETTERS_OF_A_CORRECTION: Final = 2
"""So many letters of one of the two names may be put right."""


def is_correction(before: Person, after: Person) -> bool:
    """Whether ``after`` is the person ``before``, at most with a slip put right.

    That is the same name, however it is spelt (see ``Person.folded_name``); or one of the two
    names equal and the other within two letters. All else is somebody new.
    """
    if before.folded_name == after.folded_name:
        return True
    given, family = (
        (name_key(getattr(before, name)), name_key(getattr(after, name)))
        for name in ("given_name", "family_name")
    )
    return (given[0] == given[1] and _is_slip(*family)) or (
        family[0] == family[1] and _is_slip(*given)
    )


def _is_slip(one: str, other: str) -> bool:
    return letters_apart(one, other) <= LETTERS_OF_A_CORRECTION


def letters_apart(one: str, other: str) -> int:
    """How many letters must be put in, taken out, replaced, or exchanged with their neighbour to
    make ``other`` of ``one`` (optimal string alignment distance).
    """
    earlier: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, wanted in enumerate(other, start=1):
            steps = [last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted)]
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                steps.append(earlier[j - 2] + 1)
            row.append(min(steps))
        earlier, last = last, row
    return last[-1]


def _reads_alike(one: Person, other: Person) -> bool:
    if SequenceMatcher(None, one.folded_name, other.folded_name).ratio() >= ALIKE:
        return True
    names = [set(person.folded_name.split()) for person in (one, other)]
    return names[0] < names[1] or names[1] < names[0]


def _completed(
    person: Person, known: Person | None, *, asked: Collection[str], companion: bool
) -> Person:
    if known is None:
        return person
    person = with_unasked(person, known, asked=asked)
    return replace(person, phone=known.phone) if companion else person


def with_unasked(person: Person, before: Person, *, asked: Collection[str]) -> Person:
    """``person`` with the answers given ``before`` to other questions than ``asked`` (ids as text)."""
    plain = {key: answer for key, answer in before.answers.items() if key not in asked}
    apart = {key: answer for key, answer in before.sensitive.items() if key not in asked}
    return replace(
        person, answers={**plain, **person.answers}, sensitive={**apart, **person.sensitive}
    )
