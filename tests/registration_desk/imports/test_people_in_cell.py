"""Several people in one cell, without an application."""

from __future__ import annotations

import pytest

from event_mgmt.registration_desk.imports.people_in_cell import (
    NamedPeople,
    are_several,
    parts_in,
    people_in,
    single_names,
)


def apart(found: NamedPeople) -> list[str]:
    """Each person as form of address, title, given and family name, apart by bars."""
    return [
        f"{one.form_of_address}|{one.academic_title}|{one.given_name}|{one.family_name}"
        for one in found.named
    ]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Anna u. Peter Müller", ["||Anna|Müller", "||Peter|Müller"]),
        ("Anna u.Peter Müller", ["||Anna|Müller", "||Peter|Müller"]),
        ("Anna Müller & Jan Kos", ["||Anna|Müller", "||Jan|Kos"]),
        ("Anna Müller / Jan Kos", ["||Anna|Müller", "||Jan|Kos"]),
        ("Anna Müller; Jan Kos", ["||Anna|Müller", "||Jan|Kos"]),
        ("Anna Müller\nJan Kos", ["||Anna|Müller", "||Jan|Kos"]),
        ("Ana in Luka Kos", ["||Ana|Kos", "||Luka|Kos"]),
        ("Müller, Anna und Peter", ["||Anna|Müller", "||Peter|Müller"]),
        ("Müller, Anna und Kos, Jan", ["||Anna|Müller", "||Jan|Kos"]),
        ("MÜLLER Anna und Peter", ["||Anna|MÜLLER", "||Peter|MÜLLER"]),
        ("A. u. B. Müller", ["||A.|Müller", "||B.|Müller"]),
        ("Herr und Frau Schmidt", ["mr|||Schmidt", "ms|||Schmidt"]),
        ("g. in ga. Novak", ["mr|||Novak", "ms|||Novak"]),
        ("Mr & Mrs Smith", ["mr|||Smith", "ms|||Smith"]),
        ("Herr Müller und Frau Kos", ["mr|||Müller", "ms|||Kos"]),
        ("Frau Dr. Schmidt und Herr Schmidt", ["ms|Dr.||Schmidt", "mr|||Schmidt"]),
        ("Dr. Anna und Prof. Peter Müller", ["|Dr.|Anna|Müller", "|Prof.|Peter|Müller"]),
        ("Ehepaar Anna und Peter Müller", ["||Anna|Müller", "||Peter|Müller"]),
        ("Anna Müller (+ Jan Kos)", ["||Anna|Müller", "||Jan|Kos"]),
        ("Anna Müller (mit Jan Kos)", ["||Anna|Müller", "||Jan|Kos"]),
        ("Anna Müller, Begleitung: Jan Kos", ["||Anna|Müller", "||Jan|Kos"]),
        ("Herr Müller / Frau Kos", ["mr|||Müller", "ms|||Kos"]),
        ("Müller, Dr. Anna und Prof. Peter", ["|Dr.|Anna|Müller", "|Prof.|Peter|Müller"]),
        ("Jan Kos, Ina Kos, Eva Zajc", ["||Jan|Kos", "||Ina|Kos", "||Eva|Zajc"]),
    ],
)
def test_two_people_in_one_cell_are_two(cell: str, people: list[str]) -> None:
    found = people_in(cell)

    assert (apart(found), found.announced) == (people, False)


@pytest.mark.parametrize(
    "cell",
    [
        "Familie Schmidt",
        "Fam. Peter Schmidt",
        "družina Kos",
        "The Smith Family",
        "Eheleute Müller",
        "Mr & Mrs John Smith",
        "Herrn und Frau Dr. Schmidt",
        "Frau Anna und Herr Peter Müller",
        "Müller, Anna u. Jan Kos",
        "Anna, Peter und Jan Müller",
        "Anna/Peter Müller",
        "Anna Müller oder Jan Kos",
        "Müller & Kos GmbH",
        "Anna Müller & Co.",
        "Thomas & Partner",
        "Maria & Josef",
    ],
)
def test_where_nobody_can_tell_who_is_meant_nobody_is_named(cell: str) -> None:
    assert people_in(cell) == NamedPeople(is_clear=False)


def test_given_names_first_are_not_guessed_where_family_names_stand_first() -> None:
    assert not people_in("Anna u. Peter Müller", surname_first=True).is_clear
    assert apart(people_in("Kos Ana in Luka", surname_first=True)) == ["||Ana|Kos", "||Luka|Kos"]


@pytest.mark.parametrize(
    "cell",
    [
        "Anna Müller + 1",
        "Anna Müller mit Begleitung",
        "Anna Müller und Partner",
        "Anna Müller und Frau",
        "Anna Müller und zwei Kinder",
        "Anna Müller s soprogo",
        "Anna Müller & N.N.",
        "Anna Müller (+1)",
        "Anna Müller (mit Gattin)",
    ],
)
def test_whoever_comes_along_without_a_name_is_announced(cell: str) -> None:
    found = people_in(cell)

    assert (apart(found), found.announced) == (["||Anna|Müller"], True)


@pytest.mark.parametrize(
    ("cell", "person"),
    [
        ("Karl-Heinz von und zu Guttenberg", "||Karl-Heinz|von und zu Guttenberg"),
        ("José Ortega y Gasset", "||José Ortega|y Gasset"),
        ("Peter in der Au", "||Peter|in der Au"),
        ("Sophie in ’t Veld", "||Sophie|in ’t Veld"),
        ("Anna\nMüller", "||Anna|Müller"),
        ("Uwe Und", "||Uwe|Und"),
        ("U Thant", "||U|Thant"),
        ("Kim In Sook", "||Kim In|Sook"),
        ("Anna Müller (Stadt & Land)", "||Anna|Müller"),
        ("Anna \ue0007\ue000 Müller", "||Anna \ue0007\ue000|Müller"),
        ("Muhammad Ali Khan", "||Muhammad Ali|Khan"),
        ("Anna Müller c/o Kos Verlag", "||Anna|Müller"),
        ("", "|||"),
    ],
)
def test_one_person_stays_one(cell: str, person: str) -> None:
    assert apart(people_in(cell)) == [person]


def test_two_whole_names_with_a_comma_between_may_be_two_people() -> None:
    assert people_in("Anna Müller, Jan Kos").is_doubtful
    assert not people_in("Müller, Anna").is_doubtful
    assert not people_in("Weiß Jr., Jörg").is_doubtful


@pytest.mark.parametrize(
    ("given", "family", "people"),
    [
        ("Anna u. Peter", "Müller", ["||Anna|Müller", "||Peter|Müller"]),
        ("Anna und Jan", "Müller und Kos", ["||Anna|Müller", "||Jan|Kos"]),
        ("Herr und Frau", "Schmidt", ["mr|||Schmidt", "ms|||Schmidt"]),
        ("Dr. Anna & Prof. Peter", "Müller", ["|Dr.|Anna|Müller", "|Prof.|Peter|Müller"]),
        ("Anna und Partner", "Müller", ["||Anna|Müller"]),
        ("", "Familie Schmidt", []),
        ("Familie", "Schmidt", []),
        ("Anna", "Müller & Kos", []),
        ("Anna / Hanna", "Kos", []),
    ],
)
def test_so_they_are_with_given_and_family_name_apart(
    given: str, family: str, people: list[str]
) -> None:
    found = parts_in(given, family)

    assert found is not None
    assert (apart(found), found.is_clear) == (people, bool(people))


@pytest.mark.parametrize(
    ("given", "family"),
    [("Karl", "von und zu Guttenberg"), ("Peter", "in der Au"), ("Anna", "Müller/Kos"), ("", "")],
)
def test_one_name_in_two_columns_is_left_alone(given: str, family: str) -> None:
    assert parts_in(given, family) is None


def test_a_form_of_address_may_be_that_of_two() -> None:
    assert all(map(are_several, ["Herr und Frau", "Familie", "g. in ga.", "Eheleute", "Mr & Mrs"]))
    assert not any(map(are_several, ["Frau", "Herr/Frau", "Frau Dr.", "divers", ""]))


def test_single_names_are_told_from_firms() -> None:
    assert single_names("Marko und Ina") == ["Marko", "Ina"]
    assert single_names("Kos & Partner") == []
    assert single_names("Kos/Zajc") == []
