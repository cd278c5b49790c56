"""What is a correction of a party, and what brings new people: decisions without a database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from event_mgmt.core.text import name_key
from event_mgmt.registrations.party import Party, Person

MAX_TYPO_LETTERS: Final = 2
"""So many letters of one of the two names may be put right."""


def is_correction(before: Person, after: Person) -> bool:
    """Whether ``after`` is the person ``before``, at most with a slip put right.

    That is the same name, however it is spelt (``Person.folded_name``), or one of the two names
    equal and the other within two letters. All else is somebody new. Of people with one name each,
    one letter may differ, and none in a name of up to three.
    """
    if before.folded_name == after.folded_name:
        return True
    if not before.given_name and not after.given_name:  # "Eva" and "Ana" have no name in common
        return min(len(before.family_name), len(after.family_name)) > MAX_TYPO_LETTERS + 1 and (
            edit_distance(name_key(before.family_name), name_key(after.family_name)) == 1
        )
    given = (name_key(before.given_name), name_key(after.given_name))
    family = (name_key(before.family_name), name_key(after.family_name))
    return (given[0] == given[1] and _is_typo(*family)) or (
        family[0] == family[1] and _is_typo(*given)
    )


def _is_typo(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > MAX_TYPO_LETTERS:
        return False
    return edit_distance(one, other) <= MAX_TYPO_LETTERS


def edit_distance(one: str, other: str) -> int:
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


def brings_new_people(before: Party, after: Party) -> bool:
    """Whether ``after`` has another contact, or a companion whom ``before`` has not.

    In which order companions stand, and that some are gone, does not matter.
    """
    if not is_correction(before.contact, after.contact):
        return True
    return bool(new_people(before.companions, after.companions))


def new_people(known: Sequence[Person], wanted: Sequence[Person]) -> list[Person]:
    """Those of ``wanted`` who are nobody of ``known``; each of these can be one person only.

    As few as possible: a slip in one name never makes somebody else a newcomer.
    """
    owner: dict[int, int] = {}

    def finds_place(at: int, tried: set[int]) -> bool:
        for place, person in enumerate(known):
            if place in tried or not is_correction(person, wanted[at]):
                continue
            tried.add(place)
            if place not in owner or finds_place(owner[place], tried):
                owner[place] = at
                return True
        return False

    for at in range(len(wanted)):
        finds_place(at, set())
    return [person for at, person in enumerate(wanted) if at not in owner.values()]
