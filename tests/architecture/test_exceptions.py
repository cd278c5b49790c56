"""Whoever is excused from a tool's rule says why, right beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("event_mgmt", "tests", "benchmarks", "diagrams", "migrations")
SOURCES = sorted(
    path
    for path in (*ROOT.glob("*.py"), *(p for f in FOLDERS for p in (ROOT / f).rglob("*.py")))
    if path != Path(__file__)
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

EXCUSE = re.compile(r"#\s*(noqa\b|type:\s*ignore\b|pragma:\s*no\s*cover)")
FROM_WHAT = r"noqa: [A-Z]+\d+(, [A-Z]+\d+)*|type: ignore\[[a-z-]+(,[a-z-]+)*\]|pragma: no cover"
WITH_REASON = re.compile(rf"# ({FROM_WHAT}) ( #|-) \w.{{4,}}")


def bare(text: str) -> list[str]:
    """The lines that excuse themselves without a reason, or from every rule at once."""
    return [
        line.strip()
        for line in text.splitlines()
        if EXCUSE.search(line) and not WITH_REASON.search(line)
    ]


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_exceptions_in_code_have_a_reason(path: Path) -> None:
    assert bare(path.read_text()) == []


def test_exceptions_of_templates_have_a_reason() -> None:
    off = re.compile(r"djlint:\s*off(?![^%#}]*-\s*\w)")

    assert [_relative(path) for path in TEMPLATES if off.search(path.read_text())] == []


def test_rules_that_are_off_have_a_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    ignored = re.search(r"^ignore = \[\n(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    by_file = re.search(r"per-file-ignores\]\n(.*?)^\n", project, re.DOTALL | re.MULTILINE)
    assert ignored
    assert by_file

    lines = [*ignored[1].splitlines(), *by_file[1].splitlines()]
    rules = [line for line in lines if re.search(r'"[A-Z]+[0-9]*"', line)]

    assert len(rules) > 10
    assert [line for line in rules if not re.search(r"# .*\w{4}", line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa",
        "x = 1  # noqa - because it is so",
        "x = 1  # noqa: E501",
        "x = 1  # noqa: E501, S101",
        "x = 1  # noqa: E501 - x",
        "x = 1  # type: ignore",
        "x = 1  # type: ignore[attr-defined]",
        "x = 1  # type: ignore  # because it is so",
        "if x:  # pragma: no cover",
    ],
)
def test_the_control_a_bare_exception_is_found(line: str) -> None:
    assert bare(line) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: E501 - a table is wide",
        "x = 1  # noqa: E501, S101 - a table is wide",
        "x = 1  # type: ignore[attr-defined]  # functions carry attributes",
        "if x:  # pragma: no cover - only on other systems",
        "x = 1  # a comment about a type, and why to ignore it",
    ],
)
def test_the_control_a_reason_is_enough(line: str) -> None:
    assert bare(line) == []
