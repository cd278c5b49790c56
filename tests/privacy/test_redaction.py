"""What counts as somebody's name in the texts of others."""

from __future__ import annotations

import pytest

from event_mgmt.privacy.redaction import REDACTED, Traces, redacted, redacted_value

HER = Traces.of(
    ["ana.kos@example.org"],
    [
        ("Ana", "Kos"),
        ("Luís", "de la Cruz"),
        ("Eva", "Žagar-Blás"),
        ("Jörg", "Müller"),
        ("Pat", "O’Brien"),
        ("Ugo", "DAngelo"),
    ],
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Tischkarte für Ana Kos", f"Tischkarte für {REDACTED}"),
        ("KOS, Ana und Begleitung", f"{REDACTED} und Begleitung"),
        ("Kos", REDACTED),
        ("luis de la cruz", REDACTED),
        ("an Ana.Kos@Example.org, bitte", f"an {REDACTED}, bitte"),
        ("Kosten der Anreise", "Kosten der Anreise"),
        ("Ana Novak", "Ana Novak"),
        ("Ana Kos’s allergies", f"{REDACTED}’s allergies"),
        ("Kos-Delegation, A.Kos", f"{REDACTED}-Delegation, A.{REDACTED}"),
        ("Tisch von Z\u030cagar-Bla\u0301s", f"Tisch von {REDACTED}"),
        ("Žagar Blás", REDACTED),
        ("Tisch Mueller, Muller", f"Tisch {REDACTED}, {REDACTED}"),
        ("Müllerei", "Müllerei"),
        ("O'Brien, OBrien und O’Briens", f"{REDACTED}, {REDACTED} und O’Briens"),
        ("D’Angelo", REDACTED),
        ("", ""),
    ],
)
def test_names_and_addresses_are_found_as_whole_words_in_any_spelling(text: str, left: str) -> None:
    assert redacted(text, HER) == left


def test_what_staff_typed_among_details_is_looked_at_and_our_own_words_are_not() -> None:
    si = Traces.of([], [("Li", "Si"), ("Pat", "Function")])
    details = {
        "purpose": "Tischkarte für Li Si",
        "criteria": {"search": "Si", "organisation": "Si GmbH", "country": "SI"},
        "columns": ["function"],
        "rows": 3,
        "none": None,
    }

    assert redacted_value(details, si) == {
        "purpose": f"Tischkarte für {REDACTED}",
        "criteria": {"search": REDACTED, "organisation": f"{REDACTED} GmbH", "country": "SI"},
        "columns": ["function"],
        "rows": 3,
        "none": None,
    }


def test_nobody_leaves_no_traces() -> None:
    nobody = Traces.of([""], [("", "")])

    assert not nobody
    assert redacted("Ana Kos", nobody) == "Ana Kos"
