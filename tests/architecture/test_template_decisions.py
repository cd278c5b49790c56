"""Templates ask what may be done; they do not decide it from a status.

A status that is compared in a template is a rule that no test of rules reaches: the view model says
``may_cancel``, ``is_coming``, ``held_until`` instead.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("registrations", "registration_desk")
TEMPLATES = sorted(path for room in ROOMS for path in (ROOT / "templates" / room).glob("*.html"))

COMPARED = re.compile(r"\b(?:status|state)(?:\.value)?\s*(?:==|!=|(?:not\s+)?in\b)")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_compares_no_status(path: Path) -> None:
    lines = path.read_text().splitlines()

    assert [number for number, line in enumerate(lines, 1) if COMPARED.search(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "{% if registration.status == 'confirmed' %}",
        "{% if row.status.value != 'offered' %}",
        "{% if event.status in ('cancelled', 'postponed') %}",
        "{% if mail.state == 'failed' %}",
    ],
)
def test_a_comparison_is_found(line: str) -> None:
    assert COMPARED.search(line)
