"""Who a row of a list names, and what is asked back."""

from __future__ import annotations

import pytest
from flask import Flask

from event_mgmt.registration_desk.imports.import_plan import RowFate
from event_mgmt.registrations.enums import Status
from tests.registration_desk.imports.reading_files import tried

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def in_english(sqlite_app: Flask):
    with sqlite_app.test_request_context("/?lang=en"):
        yield


def named(cell: str):
    return tried(f'Name;E-Mail\n"{cell}";anna@example.org\n'.encode())


def test_a_couple_in_one_cell_comes_as_two_which_the_page_says() -> None:
    found = named("Anna u. Peter Müller")

    assert found.names == ["Anna|Müller", "Peter|Müller"]
    assert [row.fate for row in found.plan.rows] == [RowFate.ENTERED, RowFate.COMPANION]
    assert found.plan.rows[0].hint == "“Anna u. Peter Müller” is read as 2 people."
    assert found.plan.parties[0].seats == 2


@pytest.mark.parametrize("cell", ["Familie Schmidt", "Mr & Mrs John Smith", "Kos & Partner"])
def test_whoever_cannot_be_told_apart_is_asked_for_once(cell: str) -> None:
    found = named(cell)

    assert found.names == []
    (problem,) = found.plan.problems
    assert (problem.row, problem.place) == (2, 0)
    assert problem.words.startswith(f"“{cell}” is more than one person, or may be.")


def test_somebody_who_comes_along_without_a_name_keeps_nobody_out() -> None:
    found = named("Anna Müller + 1")

    assert found.names == ["Anna|Müller"]
    assert [problem.place for problem in found.plan.left_behind] == [0]


@pytest.mark.parametrize(
    ("row", "names", "asked"),
    [
        ("Herr und Frau;;Schmidt", ["|Schmidt", "|Schmidt"], 0),
        ("Herr und Frau;Anna und Peter;Schmidt", ["Anna|Schmidt", "Peter|Schmidt"], 0),
        ("Herr und Frau;Peter;Schmidt", ["Peter|Schmidt"], 1),
        ("Familie;;Schmidt", [], 1),
    ],
)
def test_the_form_of_address_may_say_that_they_are_two(
    row: str, names: list[str], asked: int
) -> None:
    found = tried(f"Anrede;Vorname;Nachname;E-Mail\n{row};a@example.org\n".encode())

    assert found.names == names
    assert len(found.plan.problems + found.plan.left_behind) == asked


@pytest.mark.parametrize("cell", ["N.N.", "n. n.", "TBA", "noch offen", "wird noch benannt"])
def test_a_contact_whose_name_is_not_known_yet_is_asked_for(cell: str) -> None:
    found = named(cell)

    assert found.names == []
    assert [problem.words for problem in found.plan.problems] == [
        "Please enter a name; a single one is enough."
    ]


def test_a_name_of_which_half_is_not_known_is_the_other_half() -> None:
    assert named("Anna N.N.").names == ["|Anna"]
    assert named("Maria Offen").names == ["Maria|Offen"]
    assert named("N.N., GZS").names == named("Vertreter N.N.").names == []


@pytest.mark.parametrize("cell", ["N.N.", "N. N.", "TBA", "?", "Ana Zajc + 1"])
def test_no_seat_is_held_for_a_companion_without_a_name_but_the_name_is_asked_for(
    cell: str,
) -> None:
    found = tried(f"Name;E-Mail;Begleitung\nAna Kos;a@example.org;{cell}\n".encode())

    assert found.names[0] == "Ana|Kos"
    assert all("?" not in name and "N." not in name for name in found.names)
    assert [problem.place for problem in found.plan.left_behind] == [2]


@pytest.mark.parametrize("cell", ["Marko und Ina", "Marko & Ina", "Marko in Ina"])
def test_companions_may_have_one_name_each(cell: str) -> None:
    found = tried(f"Name;E-Mail;Begleitung\nAna Kos;a@example.org;{cell}\n".encode())

    assert found.names == ["Ana|Kos", "|Marko", "|Ina"]


def test_which_name_stands_first_is_asked_where_a_title_or_the_address_speaks_for_it() -> None:
    lines = "Müller Anna, Dr.;a@example.org\nKovač Maja;maja.kovac@example.org\nIvo Kos;i@e.org\n"
    found = tried(f"Name;E-Mail\n{lines}".encode())

    assert [(doubt.row, doubt.place) for doubt in found.plan.doubts] == [(2, 0), (3, 0)]
    assert found.plan.doubts[0].words.endswith("write “Müller, Anna”.")
    assert found.plan.problems == found.plan.left_behind == []
    assert len(found.names) == 3


def test_a_name_at_birth_is_told_and_never_an_organisation() -> None:
    found = named("Ana Novak (roj. Kos)")

    assert (found.names, found.each("organisation")) == (["Ana|Novak"], [""])
    assert found.plan.rows[0].hint == "“roj. Kos” behind the name is not used."


def test_what_stands_in_brackets_may_say_that_somebody_comes_along_or_does_not_come() -> None:
    assert named("Ana Kos (GZS)").each("organisation") == ["GZS"]
    assert named("Ana Kos (abgesagt)").plan.parties[0].wish is Status.CANCELLED
    with_guest = named("Ana Kos (+1)")
    assert with_guest.each("organisation") == [""]
    assert len(with_guest.plan.left_behind) == 1


def test_middle_names_and_suffixes_of_address_books_are_kept() -> None:
    found = tried(
        b"First Name,Middle Name,Last Name,Name Prefix,Name Suffix,E-mail 1 - Value\n"
        b"Anna,Maria,Kos,Dr.,MBA,a@example.org\nJan,,Kos,,Jr.,j@example.org\n"
    )

    assert found.people == ["|Dr. MBA|Anna Maria|Kos", "||Jan|Kos Jr."]
    assert found.unused == []


def test_of_several_addresses_the_others_are_told() -> None:
    found = tried(b"Name;E-Mail\nAna Kos;a@example.org / b@example.org\n")

    assert found.plan.parties[0].email == "a@example.org"
    assert "“b@example.org” is not used" in found.plan.rows[0].hint


@pytest.mark.parametrize(
    "cell", ["1. Anna Müller", "- Anna Müller", "• Anna Müller", "Anna Müller*"]
)
def test_the_signs_of_a_written_list_are_no_part_of_a_name(cell: str) -> None:
    assert named(cell).names == ["Anna|Müller"]


@pytest.mark.parametrize("row", ["Tehnika d.o.o.;;a@e.org", ";Müller GmbH;a@e.org"])
def test_an_organisation_in_a_persons_place_is_asked_about_and_comes_all_the_same(row: str) -> None:
    found = tried(f"Vorname;Nachname;E-Mail\n{row}\n".encode())

    assert len(found.names) == 1
    (doubt,) = found.plan.doubts
    assert "looks like an organisation" in doubt.words


def test_a_companion_may_name_any_of_a_couple_or_both() -> None:
    found = tried(
        "Name;E-Mail;Begleitung von\nAnna u. Peter Müller;a@e.org;\n"
        "Luka Müller;;Anna u. Peter Müller\nIna Müller;;Peter Müller\n".encode()
    )

    assert found.plan.problems == []
    assert found.plan.parties[0].seats == 4


def test_a_family_in_the_companions_place_is_asked_for() -> None:
    found = tried(b"Name;E-Mail;Begleitung\nAna Kos;a@e.org;Familie\n")

    assert found.names == ["Ana|Kos"]
    assert len(found.plan.left_behind) == 1


def test_a_name_of_which_a_letter_is_broken_is_asked_for() -> None:
    lines = "Name;E-Mail\nJörg Müller;j@e.org\nEva Weiß;e@e.org\n".encode()
    found = tried(lines + b"Ren\xe9 Kos;r@e.org\n")

    assert found.names == ["Jörg|Müller", "Eva|Weiß"]
    assert "a letter of this is broken" in found.plan.problems[0].words
