"""Numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from event_mgmt.core.numbers import Ambiguous, NotANumber, format_number, parse
from event_mgmt.settings import LOCALES

EVERYWHERE = [
    ("0", 0), ("7", 7), ("007", 7), ("1200", 1200), ("-5", -5), ("\u22125", -5), ("–5", -5), ("+5", 5),
    (" 12 ", 12), ("1 200", 1200), ("1\u00a0200", 1200), ("1\u202f200", 1200), ("12 000 000", 12_000_000),
    ("1'200", 1200), ("1\u2019200", 1200), ("1'200.50", 1200.5), ("1'200,50", 1200.5), ("1 200,5", 1200.5),
    ("1'200,500", 1200.5), ("1.200,50", 1200.5), ("1,200.50", 1200.5), ("1.200.000", 1_200_000),
    ("1,200,000", 1_200_000), ("1.200.000,75", 1_200_000.75), ("1,200,000.75", 1_200_000.75),
    ("1,5", 1.5), ("1.5", 1.5), ("1.2", 1.2), ("1,25", 1.25), ("1.2000", 1.2), ("0,125", 0.125),
    ("0.125", 0.125), ("1234,567", 1234.567), ("1234.567", 1234.567), (",5", 0.5), (".5", 0.5),
    ("5,", 5), ("1.200,-", 1200), ("1200,–", 1200), ("1.5E3", 1500), ("4,91511E+12", 4_911_511_000_000 + 3_599_000_000),
    ("１２", 12), ("٣", 3), ("12,0", 12), ("100.00", 100),
]  # fmt: skip

NONE_OF_THEM = [
    "", "-", "abc", "12a", "1 2", "1 20", "1.20.3", "1,2,3", "1.2,3.4", "12.34.567", "1..2", "1,,2", "1.,2",
    "nan", "inf", "1e400", "0x10", "1_000", "5 km", "1/2", "1:2", "--5", "5-", "1'20", "1.2'000", "12 34,5",
    "1\n2", "1" * 61, "1.200,50,1", "½",
]  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("typed", "number"), EVERYWHERE)
def test_what_can_be_read_in_one_way_only_is_read_so_by_everybody(typed, number, locale):
    assert parse(typed, locale) == number


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("typed", NONE_OF_THEM)
def test_what_is_no_number_is_refused(typed, locale):
    with pytest.raises(NotANumber) as refused:
        parse(typed, locale)
    assert not isinstance(refused.value, Ambiguous)


@pytest.mark.parametrize(
    ("typed", "locale", "number"),
    [
        ("1.200", "de", 1200),
        ("1.200", "sl", 1200),
        ("1,200", "en", 1200),
        ("-999.999", "de", -999_999),
        ("100.000", "sl", 100_000),
    ],
)
def test_thousands_are_set_apart_as_the_readers_language_does(typed, locale, number):
    assert parse(typed, locale) == number


@pytest.mark.parametrize(
    ("typed", "locale", "large", "small"),
    [
        ("1,200", "de", "1200", "1,2"),
        ("1,200", "sl", "1200", "1,2"),
        ("1.200", "en", "1200", "1.2"),
        ("1.234", "en", "1234", "1.2340"),
        ("12,345", "de", "12345", "12,3450"),
        ("1,000", "de", "1000", "1"),
    ],
)
def test_what_two_people_would_read_differently_is_asked_back(typed, locale, large, small):
    with pytest.raises(Ambiguous) as asked:
        parse(typed, locale)
    assert (asked.value.large, asked.value.small) == (large, small)
    assert parse(large, locale) != parse(small, locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_whole_number_settles_which_reading_was_meant(locale):
    assert parse("1.200", locale, whole=True) == 1200
    assert parse("1,200", locale, whole=True) == 1200
    assert parse("3,0", locale, whole=True) == 3
    with pytest.raises(NotANumber):
        parse("1,5", locale, whole=True)


def test_a_whole_number_may_still_be_ambiguous():
    with pytest.raises(Ambiguous):
        parse("1,000", "de", whole=True)
    assert parse("1.000", "de", whole=True) == 1000


@pytest.mark.parametrize(
    ("number", "locale", "shown"),
    [
        (1200, "de", "1.200"),
        (1200, "sl", "1.200"),
        (1200, "en", "1,200"),
        (1.5, "de", "1,5"),
        (1.5, "en", "1.5"),
        (1234567.25, "sl", "1.234.567,25"),
        (1.234, "de", "1,2340"),
        (0.125, "de", "0,125"),
        (-1200, "de", "\u22121.200"),
        (1e-7, "de", "0,0000001"),
        (10**12, "en", "1,000,000,000,000"),
    ],
)
def test_a_number_is_shown_as_the_reader_writes_it(number, locale, shown):
    assert format_number(number, locale) == shown


_NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**6), 10**6, places=3).map(float),
    st.floats(-(10**12), 10**12, allow_nan=False),
)


@given(_NUMBERS, st.sampled_from(LOCALES), st.booleans())
def test_what_is_shown_can_be_sent_again(number, locale, grouped):
    shown = format_number(number, locale, grouped=grouped)
    if len(shown) <= 60:
        assert parse(shown, locale) == number


@given(st.decimals(-(10**6), 10**6, places=3).map(float), st.sampled_from(LOCALES))
def test_a_number_from_a_list_without_thousands_is_the_same_in_every_language(number, locale):
    for reader in LOCALES:
        assert parse(format_number(number, locale, grouped=False), reader) == number
