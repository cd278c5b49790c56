from __future__ import annotations

import pytest

from event_mgmt.registrations.party import many_lines, one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ana Novak", "Ana Novak"),
        ("  Ana   Novak ", "Ana Novak"),
        ("Ana\r\nBcc: all@example.org", "Ana Bcc: all@example.org"),
        ("No\x00vak\u202e", "Novak"),
        ("Ana\N{NO-BREAK SPACE}Novak", "Ana Novak"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_a_line_keeps_its_letters_and_single_spaces_alone(typed, kept):
    assert one_line(typed) == kept


def test_a_message_keeps_its_line_breaks():
    assert many_lines("Eins\r\n\x07zwei\n\n drei \u202e") == "Eins\nzwei\n\n drei"
