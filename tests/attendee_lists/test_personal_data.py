"""What the details of an export say of people."""

from __future__ import annotations

from event_mgmt.attendee_lists.personal_data import redacted_details, without_searches

DETAILS: dict[str, object] = {
    "purpose": "Tischkarte für Li Si",
    "criteria": {"search": "Si", "organisation": "Si GmbH", "country": "Si"},
    "columns": ["Si"],
    "rows": 3,
    "none": None,
}


def _without_si(text: str) -> str:
    return text.replace("Si", "[…]")


def test_what_staff_typed_among_details_is_looked_at_and_our_own_words_are_not() -> None:
    assert redacted_details(DETAILS, _without_si) == {
        "purpose": "Tischkarte für Li […]",
        "criteria": {"search": "[…]", "organisation": "[…] GmbH", "country": "Si"},
        "columns": ["Si"],
        "rows": 3,
        "none": None,
    }


def test_searches_are_left_out_and_the_purpose_stays() -> None:
    assert without_searches(DETAILS) == {**DETAILS, "criteria": {"country": "Si"}}
