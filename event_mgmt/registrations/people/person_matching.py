"""Matching people of a party before and after a change: answers follow the person."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from event_mgmt.registrations.party import Party, Person
from event_mgmt.registrations.people.name_corrections import edit_distance, is_correction
from event_mgmt.registrations.person_fields import PERSON_FIELD_NAMES
from event_mgmt.registrations.refusals import IsCheckedIn

SIMILAR_FROM: Final = 0.8
"""From here on two names are one name, written right and wrong (1 is the same)."""


def with_unshown_details(stored: Party, typed: Party, *, question_ids: Collection[str]) -> Party:
    """``typed``, completed by what the form does not show of the same people: companions' phones,
    and the answers to other questions than ``question_ids`` (ids as text).
    """
    people = [
        _completed(person, known, question_ids=question_ids, companion=position > 0)
        for position, (person, known) in enumerate(
            zip(typed.people, match_people(stored, typed), strict=True)
        )
    ]
    return replace(
        typed,
        contact=people[0],
        companions=tuple(people[1:]),
        privacy_version=stored.privacy_version,
    )


def match_people(stored: Party, wanted: Party) -> list[Person | None]:
    """For each of the people ``wanted`` who that was in the party as ``stored``; None for somebody
    new.
    """
    places = match_positions(stored.people, wanted.people)
    return [None if place is None else stored.people[place] for place in places]


def check_keeps_checked_in(stored: Party, wanted: Party, here: Collection[int]) -> None:
    """Refuse (IsCheckedIn) a change that takes out, or renames, or makes contact or companion,
    somebody who is checked in: those at the places ``here`` of the party as ``stored``.
    """
    found = match_positions(stored.people, wanted.people, here=here)
    for place in here:
        at = found.index(place) if place in found else None
        if at is None or (at == 0) != (place == 0):
            raise IsCheckedIn
        if stored.people[place].folded_name != wanted.people[at].folded_name:
            raise IsCheckedIn


def match_positions(
    stored: Sequence[Person], wanted: Sequence[Person], *, here: Collection[int] = ()
) -> list[int | None]:
    """For each of the people ``wanted`` the place among those ``stored``; None for somebody new.

    People are the same by name, wherever they stand. Whoever is left is the same if the name was
    corrected; the contact, and where nobody came or went a companion, also if the name at that
    place reads much alike. Of several the one whose name is nearest, then who has most else in
    common, then who is at one of the places ``here``: checked in.
    """
    found: dict[int, int] = {}
    stays = {at for at in range(len(wanted)) if at == 0 or len(stored) == len(wanted)}

    def pair(is_same: Callable[[int, int], bool]) -> None:
        taken = set(found.values())
        pairs = [
            (*_distance(stored[place], wanted[at]), place not in here, place != at, place, at)
            for at in range(len(wanted))
            for place in range(len(stored))
            if at not in found and place not in taken and is_same(place, at)
        ]
        for *_rank, place, at in sorted(pairs):
            if at not in found and place not in found.values():
                found[at] = place

    pair(lambda place, at: stored[place].folded_name == wanted[at].folded_name)
    pair(lambda place, at: is_correction(stored[place], wanted[at]))
    pair(lambda place, at: place == at and at in stays and _reads_alike(stored[at], wanted[at]))
    return [found.get(at) for at in range(len(wanted))]


def _distance(before: Person, after: Person) -> tuple[int, int]:
    return edit_distance(before.folded_name, after.folded_name), -_in_common(before, after)


def _in_common(before: Person, after: Person) -> int:
    details = sum(getattr(before, name) == getattr(after, name) for name in PERSON_FIELD_NAMES)
    answers = after.every_answer
    return details + sum(answers.get(k) == answer for k, answer in before.every_answer.items())


def _reads_alike(one: Person, other: Person) -> bool:
    if SequenceMatcher(None, one.folded_name, other.folded_name).ratio() >= SIMILAR_FROM:
        return True
    names = [set(person.folded_name.split()) for person in (one, other)]
    return names[0] < names[1] or names[1] < names[0]


def _completed(
    person: Person, known: Person | None, *, question_ids: Collection[str], companion: bool
) -> Person:
    if known is None:
        return person
    person = with_unasked_answers(person, known, question_ids=question_ids)
    return replace(person, phone=known.phone) if companion else person


def with_unasked_answers(
    person: Person, before: Person, *, question_ids: Collection[str]
) -> Person:
    """``person`` with the answers of ``before`` to other questions than ``question_ids``."""
    plain = {key: answer for key, answer in before.answers.items() if key not in question_ids}
    apart = {key: answer for key, answer in before.sensitive.items() if key not in question_ids}
    return replace(
        person, answers={**plain, **person.answers}, sensitive={**apart, **person.sensitive}
    )
