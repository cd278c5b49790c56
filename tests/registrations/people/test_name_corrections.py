"""What is a correction of a party, and what brings new people."""

from __future__ import annotations

import pytest

from event_mgmt.registrations.party import Party, Person
from event_mgmt.registrations.people.name_corrections import (
    brings_new_people,
    edit_distance,
    is_correction,
)

LUKA = Person("Luka", "Žagar")
MAJA, MANJA, UWE = Person("Maja", "Kos"), Person("Manja", "Kos"), Person("Uwe", "Maier")


def party(contact: Person, *companions: Person) -> Party:
    """A party of these."""
    return Party("luka@example.org", "sl", contact, companions)


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        (("Jürgen", "Müller"), ("Juergen", "Mueller"), True),
        (("Luka", "Žagar"), ("luka", "ZAGAR"), True),
        (("", "Madonna"), ("", "Madona"), True),
        (("", "Eva"), ("", "Ana"), False),
        (("", "Suharto"), ("", "Sukarno"), False),
        (("Žagar", "Luka"), ("Luka", "Žagar"), True),
        (("Luka", "Žagar"), ("Luka", "Žager"), True),
        (("Luka", "Žagar"), ("Lkua", "Žagar"), True),
        (("Luka", "Žagar"), ("Luka", "Žagarič"), True),
        (("Luka", "Žagar"), ("Luka", "Žagarinc"), False),
        (("Luka", "Žagar"), ("Lukas", "Žager"), False),
        (("Luka", "Žagar"), ("Ana", "Žagar"), False),
        (("Luka", "Žagar"), ("Luka", "Novak"), False),
        (("Tom", "Li"), ("Tom", "Wu"), True),
        (("Madonna", ""), ("Madona", ""), True),
        (("Madonna", ""), ("Maradona", ""), False),
    ],
)
def test_a_correction_leaves_one_name_and_at_most_two_letters_of_the_other(
    before: tuple[str, str], after: tuple[str, str], is_same: bool
) -> None:
    assert is_correction(Person(*before), Person(*after)) is is_same
    assert is_correction(Person(*after), Person(*before)) is is_same


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [("", "", 0), ("", "ab", 2), ("kos", "ksom", 2), ("anton", "atnon", 1), ("abc", "xyz", 3)],
)
def test_letters_are_counted_with_neighbours_exchanged_as_one(
    one: str, other: str, letters: int
) -> None:
    assert edit_distance(one, other) == letters


def test_another_order_of_companions_and_fewer_of_them_bring_nobody_new() -> None:
    before = party(LUKA, MAJA, UWE)

    assert not brings_new_people(before, party(LUKA, UWE, MAJA))
    assert not brings_new_people(before, party(LUKA, UWE))
    assert not brings_new_people(before, party(LUKA))


def test_one_more_or_another_companion_or_contact_is_somebody_new() -> None:
    before = party(LUKA, MAJA)

    assert brings_new_people(before, party(LUKA, MAJA, UWE))
    assert brings_new_people(before, party(LUKA, UWE))
    assert brings_new_people(before, party(UWE, MAJA))
    assert brings_new_people(before, party(MAJA, LUKA))
    assert brings_new_people(before, party(LUKA, MAJA, MAJA))


def test_of_two_alike_each_is_found_whatever_the_order() -> None:
    """Maja may be Manja put right, so that taking her first would make a newcomer of Majda."""
    before = party(LUKA, MAJA, MANJA)
    wanted = (Person("Maja", "Kos"), Person("Ma", "Kos"))

    assert not brings_new_people(before, party(LUKA, *wanted))
    assert not brings_new_people(before, party(LUKA, *reversed(wanted)))
