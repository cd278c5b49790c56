"""Who of a party somebody was before a change, and that those checked in stay."""

from __future__ import annotations

import pytest

from event_mgmt.registrations.party import Party, Person
from event_mgmt.registrations.people.person_matching import check_keeps_checked_in, match_positions
from event_mgmt.registrations.refusals import IsCheckedIn

LUKA = Person("Luka", "Žagar")
MAJA, MANJA, UWE = Person("Maja", "Kos"), Person("Manja", "Kos"), Person("Uwe", "Maier")
MAJA_OF_A, MAJA_OF_B = (Person("Maja", "Kos", organisation=name) for name in ("A", "B"))


def party(contact: Person, *companions: Person) -> Party:
    """A party of these."""
    return Party("luka@example.org", "sl", contact, companions)


def test_whoever_is_checked_in_stays_under_the_same_name() -> None:
    before = party(LUKA, MAJA, UWE)

    check_keeps_checked_in(before, party(LUKA, MAJA), [0, 1])
    check_keeps_checked_in(before, party(LUKA, UWE, MAJA), [0, 1, 2])
    check_keeps_checked_in(before, party(UWE, MAJA), [1])
    for after in (party(LUKA, UWE), party(LUKA, MANJA, UWE), party(MAJA, LUKA, UWE)):
        with pytest.raises(IsCheckedIn):
            check_keeps_checked_in(before, after, [1])
    with pytest.raises(IsCheckedIn):
        check_keeps_checked_in(before, party(MAJA, LUKA, UWE), [0])


@pytest.mark.parametrize("here", [1, 2])
def test_of_two_with_one_name_the_one_who_is_checked_in_stays(here: int) -> None:
    before = party(LUKA, MAJA_OF_A, MAJA_OF_B)
    absent = 3 - here

    check_keeps_checked_in(before, party(LUKA, before.people[here]), [here])
    with pytest.raises(IsCheckedIn):
        check_keeps_checked_in(before, party(LUKA, before.people[absent]), [here])


@pytest.mark.parametrize("here", [1, 2])
def test_of_two_whom_nothing_tells_apart_the_one_who_is_checked_in_stays(here: int) -> None:
    before = party(LUKA, MAJA, MAJA)

    assert match_positions(before.people, [LUKA, MAJA], here=[here]) == [0, here]
    check_keeps_checked_in(before, party(LUKA, MAJA), [here])
