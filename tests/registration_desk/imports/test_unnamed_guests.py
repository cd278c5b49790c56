"""What stands where a name is not known yet, without an application."""

from __future__ import annotations

import pytest

from event_mgmt.registration_desk.imports.unnamed_guests import (
    is_awaited,
    is_open,
    is_open_part,
    names_somebody,
)


@pytest.mark.parametrize(
    "name",
    [
        *("N.N.", "n. n.", "N. N.", "NN", "(N.N.)", "TBA", "t.b.a.", "tbd", "offen", "noch offen"),
        *("wird noch benannt", "Name folgt", "še ni znano", "ime sledi", "to be announced", "x"),
        *("?", "-", "Teilnehmer 1", "Gast 2", "Platzhalter", "1 Vertreter der GZS", "udeleženec 3"),
    ],
)
def test_a_name_that_is_not_known_yet_names_nobody(name: str) -> None:
    assert is_open(name)
    assert not names_somebody(name)


@pytest.mark.parametrize(
    "name", ["Maria Offen", "Peter Gast", "Nan Ng", "Anna N.", "B. Müller", "Nana", "明"]
)
def test_names_that_only_look_like_it_are_names(name: str) -> None:
    assert not is_open(name)
    assert names_somebody(name)


def test_as_a_part_of_a_name_only_what_is_never_one_counts() -> None:
    assert is_open_part("N.N.")
    assert is_open_part("TBA")
    assert not is_open_part("Offen")
    assert not is_open_part("Ng")


def test_nothing_to_say_is_told_from_somebody_who_is_awaited() -> None:
    assert is_awaited("TBA")
    assert is_awaited("?")
    assert not is_awaited("-")
    assert not is_awaited("")
