"""Companions, and other things that keep nobody out."""

from __future__ import annotations

import pytest

from event_mgmt.registration_desk.imports.import_plan import RowFate
from tests.registration_desk.imports.test_dry_run import (
    SHORT,
    fates,
    in_english,  # noqa: F401 - a fixture
    planned,
)

pytestmark = pytest.mark.usefixtures("in_english")


def test_two_contacts_of_one_name_ask_for_the_address() -> None:
    rows = (
        ("Ana", "Kos", "ana@one.example", ""),
        ("Ana", "Kos", "ana@two.example", ""),
        ("Luka", "Kos", "", "Ana Kos"),
        ("Ivo", "Kos", "", "ana@two.example"),
    )

    plan = planned(*rows, header=(*SHORT, "Begleitung von"))

    assert [row.seats for row in plan.parties] == [1, 2]
    (problem,) = plan.problems
    assert (problem.row, problem.column, problem.place) == (4, "Companion of", 3)
    assert "e-mail address of the one who is meant" in problem.words


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Marko Kos", ["Marko Kos"]),
        ("Marko in Ina Kos", ["Marko Kos", "Ina Kos"]),
        ('"Marko Kos; Ina Kos"', ["Marko Kos", "Ina Kos"]),
        ("Kos, Marko", ["Marko Kos"]),
        ("nein", []),
        ("-", []),
        ("0", []),
        ("", []),
    ],
)
def test_companions_in_one_cell_are_named_one_by_one(cell: str, names: list[str]) -> None:
    plan = planned(("Ana", "Kos", "a@e.org", cell), header=(*SHORT, "Begleitung"))

    assert [person.full_name for person in plan.parties[0].party.companions] == names
    assert plan.unreadable == []


@pytest.mark.parametrize("cell", ["ja", "da", "yes", "x", "1", "2"])
def test_a_companion_without_a_name_is_asked_for(cell: str) -> None:
    plan = planned(("Ana", "Kos", "a@e.org", cell), header=(*SHORT, "Begleitung"))

    assert [(p.row, p.place) for p in plan.left_behind] == [(2, 3)]
    assert plan.parties[0].party.companions == ()


def test_people_who_are_announced_without_a_name_are_asked_for() -> None:
    rows = (("Ana", "Kos", "a@e.org", "3", "Luka Kos"),)

    plan = planned(*rows, header=(*SHORT, "Anzahl Personen", "Begleitung"))

    assert "1 more person is announced" in plan.left_behind[0].words


def test_a_row_with_neither_name_nor_address_is_nobody() -> None:
    plan = planned(("Ana", "Kos", "a@e.org", "1"), ("", "", "", "x"), header=(*SHORT, "Firma"))

    assert fates(plan) == [(2, RowFate.ENTERED), (3, RowFate.NOBODY)]
    assert plan.problems == []


def test_an_optional_text_that_is_too_long_keeps_nobody_out() -> None:
    plan = planned(("Ana", "Kos", "a@e.org", "x" * 300), header=(*SHORT, "Funktion"))

    assert plan.parties[0].party.contact.function == ""
    assert [p.column for p in plan.left_behind] == ["Function"]


@pytest.mark.parametrize(
    "written",
    [
        "Ana Kos <ana@e.org>",
        "mailto:ana@e.org",
        "ana@e.org; kos@e.org",
        " ANA@e.org ",
        "<ana@e.org>",
    ],
)
def test_addresses_are_found_in_what_people_paste(written: str) -> None:
    plan = planned(("Ana", "Kos", written), header=SHORT)

    assert plan.parties[0].email == "ana@e.org"
