"""Countries: which there are, and what people write for them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from babel import Locale

from event_mgmt.core.countries import codes, country_code_of, country_names, name_of
from event_mgmt.settings import LOCALES

NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
_CASES = list(
    csv.DictReader(
        Path(__file__).with_name("country_cases.csv").read_text(encoding="utf-8").splitlines(),
        delimiter=";",
    )
)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_list_holds_countries_and_nothing_else(locale):
    names = country_names(locale)

    assert names.keys() == codes()
    assert len(names) == 250
    assert not NO_COUNTRIES & names.keys()
    assert "XK" in names
    assert not [name for name in names.values() if "seudo" in name or "sevdo" in name]


def test_every_code_of_the_unicode_table_is_a_country_or_known_not_to_be_one():
    cldr = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha()}

    assert cldr == codes() | NO_COUNTRIES


@pytest.mark.parametrize("locale", LOCALES)
def test_every_name_on_the_list_is_understood_however_it_is_typed(locale):
    for code, name in country_names(locale).items():
        assert country_code_of(name) == code
        assert country_code_of(name.upper()) == code
        assert country_code_of(f"  {name.lower()} ") == code
        assert country_code_of(f"{name} ({code})") == code
        assert country_code_of(code.lower()) == code


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["written"])
def test_a_country_is_understood_as_people_write_it(case):
    assert country_code_of(case["written"]) == (case["code"] or None)


def test_a_stored_code_that_is_no_country_is_still_shown():
    assert name_of("EU", "de") == "Europäische Union"
    assert name_of("XA", "de") == "XA"
    assert name_of("QQ", "sl") == "QQ"
    assert name_of("", "en") == ""


def test_a_country_stands_where_a_reader_looks_for_it():
    german = list(country_names("de").values())
    slovenian = list(country_names("sl").values())

    assert german.index("Honduras") < german.index("Hongkong") < german.index("Indien")
    assert german.index("Oman") < german.index("Österreich") < german.index("Pakistan")
    assert slovenian.index("Ciper") < slovenian.index("Čad") < slovenian.index("Danska")
