"""How columns are shared out on paper, and where words may break: rules without any paper."""

from __future__ import annotations

import random

import pytest

from event_mgmt.documents import layout
from event_mgmt.documents.layout import INSET, LANDSCAPE, PORTRAIT, Wants
from event_mgmt.documents.text_width import width_of

BREAK = "\N{ZERO WIDTH SPACE}"


def test_capitals_and_wide_letters_take_more_room_than_small_ones() -> None:
    assert width_of("WWW") > width_of("www") > width_of("iii") > 0
    assert width_of("Ž") == pytest.approx(width_of("Z"), abs=0.05)
    assert width_of("e\N{COMBINING ACUTE ACCENT}") == width_of("e")
    assert width_of("王") >= 1


def test_a_column_asks_for_its_widest_word_but_not_for_an_endless_one() -> None:
    short = layout.wants("Nr.", ["1", "22", "333"])
    heading = layout.wants("Begleitperson", ["ja", ""])
    endless = layout.wants("E-Mail", ["x" * 500])

    assert short.least == pytest.approx(width_of("333"))
    assert heading.least == pytest.approx(width_of("Begleitperson"))
    assert endless.least < width_of("x" * 30)


def test_one_long_cell_among_many_does_not_widen_its_column() -> None:
    usual = ["Metall AG"] * 99

    assert layout.wants("", [*usual, "x " * 300]).whole == layout.wants("", usual).whole


def test_an_empty_column_asks_for_its_heading() -> None:
    assert layout.wants("Funktion", ["", ""]).whole == pytest.approx(width_of("Funktion"))


def test_few_columns_stand_upright_and_many_across() -> None:
    narrow = Wants(3, 6)

    few, many = layout.arranged([narrow] * 4, [0]), layout.arranged([narrow] * 9, [0])

    assert (few.is_landscape, few.size) == (False, 9.0)
    assert many.is_landscape
    assert sum(few.parts[0].widths) == pytest.approx(PORTRAIT, abs=0.5)
    assert sum(many.parts[0].widths) == pytest.approx(LANDSCAPE, abs=0.5)


def test_letters_get_smaller_before_a_table_goes_on_two_sheets() -> None:
    found = layout.arranged([Wants(5, 12)] * 13, [0])

    assert len(found.parts) == 1
    assert found.size < 9


@pytest.mark.parametrize("seed", range(20))
def test_every_column_stands_on_a_sheet_once_the_repeated_ones_on_each(seed: int) -> None:
    chance = random.Random(seed)
    columns = []
    for _ in range(chance.randint(1, 45)):
        least = chance.uniform(1, 13)
        columns.append(Wants(least, least + chance.uniform(0, 24)))
    repeated = sorted(chance.sample(range(len(columns)), min(2, len(columns))))

    found = layout.arranged(columns, repeated)

    room = LANDSCAPE if found.is_landscape else PORTRAIT
    every = [at for part in found.parts for at in part.columns if at not in repeated]
    assert every == [at for at in range(len(columns)) if at not in repeated]
    for part in found.parts:
        assert len(set(part.columns)) == len(part.columns)
        assert sum(part.widths) == pytest.approx(room, abs=1)
        if len(found.parts) > 1:
            assert set(repeated) <= set(part.columns)
        if len(part.columns) > len(repeated) + 1:
            for at, width in zip(part.columns, part.widths, strict=True):
                assert width - INSET >= columns[at].least * found.size - 0.1


def test_a_column_gets_what_it_needs_before_another_gets_what_it_would_like() -> None:
    assert layout.distributed([Wants(5, 5), Wants(2, 10)], 10) == [5, 5]
    assert layout.distributed([Wants(5, 5), Wants(5, 5)], 5) == [2.5, 2.5]


def test_what_fits_is_left_as_it_is() -> None:
    assert layout.fitted("Ana Žagar", 200, 9) == "Ana Žagar"
    assert layout.fitted("", 5, 9) == ""


def test_a_column_measured_by_its_widest_text_holds_it() -> None:
    for number in range(1000):
        text = str(number)
        assert layout.fitted(text, width_of(text) * 9.5 + INSET, 9.5) == text


def test_an_address_breaks_after_its_signs_and_gets_no_hyphen() -> None:
    found = layout.fitted("ana.kos@example.org", 60, 9)

    assert found == f"ana.{BREAK}kos@{BREAK}example.{BREAK}org"


def test_a_part_of_an_address_that_is_still_too_wide_breaks_anywhere() -> None:
    found = layout.fitted("ana@" + "x" * 40, 60, 9)

    assert isinstance(found, str)
    assert found == f"ana@{BREAK}" + BREAK.join("x" * 40)


def test_other_long_words_are_left_to_whoever_knows_syllables_with_the_room_they_have() -> None:
    found = layout.fitted("der Donaudampfschifffahrts-Kapitän", 60, 9)

    assert [piece for piece in found if isinstance(piece, dict)] == [
        {"word": "Donaudampfschifffahrts-", "room": pytest.approx(60 - INSET, abs=0.1)}
    ]
    assert "".join(piece["word"] if isinstance(piece, dict) else piece for piece in found) == (
        "der Donaudampfschifffahrts-Kapitän"
    )


def test_only_a_row_of_half_a_page_may_go_on_overleaf() -> None:
    assert not layout.is_tall(["Wort " * 50, ""], [100, 100], 9)
    assert layout.is_tall(["Wort " * 500, ""], [100, 100], 9)
    assert layout.is_tall(["Zeile\n" * 60, ""], [100, 100], 9)
