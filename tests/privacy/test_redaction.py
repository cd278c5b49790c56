"""What counts as somebody's name in the texts of others."""

from __future__ import annotations

import pytest

from event_mgmt.privacy.redaction import REDACTED, Traces, redacted

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


def test_nobody_leaves_no_traces() -> None:
    nobody = Traces.of([""], [("", "")])

    assert not nobody
    assert redacted("Ana Kos", nobody) == "Ana Kos"
