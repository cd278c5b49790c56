"""Addresses as people paste them into lists, without an application."""

from __future__ import annotations

import pytest

from event_mgmt.registration_desk.imports.addresses import addresses_in


@pytest.mark.parametrize(
    "cell",
    [
        "anna @example.org",
        "anna@ example.org",
        "anna @ example . org",
        "anna@example .org",
        "anna@example.org.",
        "anna@example.org,",
        "anna@example.org. Bitte anrufen",
        "anna(at)example.org",
        "anna [at] example.org",
        "anna (ät) example (punkt) org",
        "anna at example dot org",
        "mailto:anna@example.org?subject=Anmeldung",
        "MAILTO:anna%40example.org",
        "<anna@example.org>",
        "<mailto:anna@example.org>",
        "Anna Kos <anna@example.org>",
        "Anna Kos anna@example.org",
        "Kos, Anna (anna@example.org)",
        "anna@example.org#mailto:anna@example.org#",
        "'anna@example.org'",
        "„anna@example.org“",
        "\u200banna@example.org",
        "E-Mail: anna@example.org (privat)",
    ],
)
def test_an_address_is_found_in_whatever_stands_around_it(cell: str) -> None:
    assert addresses_in(cell) == ["anna@example.org"]


@pytest.mark.parametrize(
    "cell",
    [
        "anna kos@example.org",
        "Anna Kos @example.org",
        "anna@@example.org",
        "anna_at_example.org",
        "Anna Kos",
        "",
        "@",
        "a" * 700 + "@example.org",
    ],
)
def test_half_an_address_is_nobodys(cell: str) -> None:
    assert addresses_in(cell) == []


def test_an_apostrophe_is_a_part_of_an_address() -> None:
    assert addresses_in("o'brien@example.org") == ["o'brien@example.org"]


@pytest.mark.parametrize("between", ["; ", ", ", " / ", " oder ", "\n"])
def test_several_addresses_are_told_apart(between: str) -> None:
    assert addresses_in(f"a@example.org{between}b@example.org") == [
        "a@example.org",
        "b@example.org",
    ]
