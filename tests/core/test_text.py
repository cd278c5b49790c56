from __future__ import annotations

import pytest

from event_mgmt.core.text import fold, sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Žagar", "zagar"),
        ("ANA  Novak ", "ana novak"),
        ("Weiß", "weiss"),
        ("Đorđe Łukasz", "dorde lukasz"),
        ("Ｓｍｉｔｈ", "smith"),
        ("Jose\u0301", "jose"),
    ],
)
def test_names_are_searched_without_case_and_diacritics(text, folded):
    assert fold(text) == folded


def test_slovenian_readers_find_their_letters_after_the_plain_ones():
    names = ["Čeh", "Cvet", "Ćosić", "Dolar", "Šuštar", "Svet", "Žagar", "Zver"]

    slovenian = sorted(names, key=lambda name: sort_key("sl", name))
    german = sorted(names, key=lambda name: sort_key("de", name))

    assert slovenian == ["Cvet", "Čeh", "Ćosić", "Dolar", "Svet", "Šuštar", "Zver", "Žagar"]
    assert german == ["Čeh", "Ćosić", "Cvet", "Dolar", "Šuštar", "Svet", "Žagar", "Zver"]
