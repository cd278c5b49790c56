"""Templates ask view models what holds; they compare no statuses.

A status that is compared in a template is a rule that no test of rules reaches: the view model says
``may_cancel``, ``is_coming``, ``is_draft`` instead.
"""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
COMPARES_A_STATUS = re.compile(
    r"""(?<!\bfor\ )\b(?:status|state|phase|visibility|waiting_list|tab)(?:\.value)?\s*
        (?:==|!=|\bnot\s+in\b|\bin\b)\s*[\(\[]?\s*['"]
      | ['"][\w.]*(?:status|state)(?:\.value)?['"]\s*,\s*['"](?:equalto|eq|ne|in)['"]""",
    re.VERBOSE,
)


def compared(text: str) -> list[str]:
    return [found.group() for found in COMPARES_A_STATUS.finditer(text)]


def test_no_template_compares_a_status():
    found = {
        str(path.relative_to(TEMPLATES)): hits
        for path in TEMPLATES.rglob("*.html")
        if (hits := compared(path.read_text()))
    }

    assert not found, "Give the view model a property that says so, such as may_publish."


@pytest.mark.parametrize(
    "text",
    [
        "{% if event.status.value == 'draft' %}",
        "{% if mail.state == 'failed' %}",
        "{% if row.status.value != 'offered' %}",
        "{% if row.status in ('confirmed', 'offered') %}",
        "{% if message.state.value not in ['queued'] %}",
        "{{ partners | selectattr('status.value', 'equalto', 'accepted') }}",
    ],
)
def test_a_comparison_is_found(text: str):
    assert compared(text)
