"""Phone numbers as people write them."""

from __future__ import annotations

import pytest

from event_mgmt.core.phones import phone_of

READ = [
    ("+49 211 5550101", "", "+492115550101"), ("0211 5550101", "DE", "+492115550101"),
    ("0211 – 5550101", "DE", "+492115550101"), ("(0211) 5550101", "DE", "+492115550101"),
    ("+49 (0)211 / 55 50-101", "", "+492115550101"), ("+49-211-5550101 (Zentrale)", "", "+492115550101"),
    ("Tel.: +49 211 5550101", "", "+492115550101"), ("\u202a+49 211 5550101\u202c", "", "+492115550101"),
    ("'+49 211 5550101", "", "+492115550101"), ("tel:+49-211-5550101", "", "+492115550101"),
    ("0211 5550101-23", "DE", "+49211555010123"), ("+49 211 123-0", "", "+492111230"),
    ("00386 41 555 012", "", "+38641555012"), ("041 555 012", "SI", "+38641555012"),
    ("+386 (0)41 555 012", "", "+38641555012"), ("041/555-012", "SI", "+38641555012"),
    ("0049 (0) 221 / 12345-67", "", "+492211234567"), ("0049(0)221/123 45 67", "", "+492211234567"),
    ("+49 33201 / 123456", "", "+4933201123456"), ("033201 / 123456", "DE", "+4933201123456"),
    ("00386 1 / 234 56 78", "", "+38612345678"), ("++49 221 12345", "", "+4922112345"),
    ("491511234567", "DE", "+491511234567"), ("1511234567", "DE", "+491511234567"),
    ("4.91511234567E+11", "DE", "+491511234567"), ("４９ 211 5550101", "DE", "+492115550101"),
]  # fmt: skip

EXTENSIONS = [
    "ext. 6", "ext 6", "Ext.6", "extension 6", ";ext=6", ", ext. 6", "DW 6", "DW: 6", "dw6", "Durchwahl 6",
    ", Durchwahl 6", "(DW 6)", "Nst. 6", "Nebenstelle 6", "App. 6", "Kl. 6", "Klappe 6", "int. 6", "int 6",
    "interna 6", "x6", "x 6", "#6",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "country", "number"), READ)
def test_a_number_is_read_where_a_person_could_read_it(typed, country, number):
    assert phone_of(typed, country) == number


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_an_extension_survives_and_reads_back(extension):
    found = phone_of(f"+49 211 123-45 {extension}")

    assert found == "+4921112345 ext. 6"
    assert phone_of(found) == found


@pytest.mark.parametrize("typed", ["", " ", "-", "–", "n/a", "k. A.", "k.A.", "keine Angabe", "/"])
def test_that_there_is_none_can_be_said(typed):
    assert phone_of(typed, "DE") == ""


@pytest.mark.parametrize(
    "typed",
    [
        "abc", "12", "+49", "0211 5550101 / 0151 1234567", "0211 5550101 oder 0151 1234567",
        "+386 41 555 012, +386 41 555 013", "4,91511E+12", "0800 FLOWERS",
        "+49 (0) 221 / 12345 - 67 / 68", "0221 12345-67/68", "0049 221 1234567 / 1234568",
        "1" * 101, "+" * 90,
    ],
)  # fmt: skip
def test_what_nobody_could_tell_is_not_guessed(typed):
    assert phone_of(typed, "DE") is None


def test_a_number_without_any_country_is_not_guessed():
    assert phone_of("0211 5550101") is None
