"""Names are the field's own terms, each with one meaning."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "event_mgmt"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())

NOT_TERMS: Final = {
    "afresh": "again",
    "anew": "again",
    "arriving": "check-in, arrivals",
    "asking": "questions",
    "astray": "too far ahead, misplaced",
    "carrier": "transport",
    "carriers": "transports",
    "courier": "deliverer",
    "crowd": "connections",
    "deed": "action",
    "deeds": "actions, audit",
    "drawn": "rendered, cached page, chart",
    "entering": "create",
    "evenness": "regularity",
    "foresee": "forecast, preview",
    "foreseen": "forecast, preview",
    "ground": "locked pool, reason",
    "grounds": "reasons",
    "kept": "saved, stored, counted, cached",
    "lately": "recent",
    "leaf": "date badge",
    "manner": "context",
    "mend": "correct",
    "mended": "corrected",
    "mends": "corrections",
    "oddity": "penalty",
    "shelf": "store",
    "shelves": "stores",
    "sight": "visible, access",
    "spoken": "language, form of address",
    "standing": "status",
    "strangeness": "implausibility",
    "taught": "registered",
    "teach": "register, declare",
    "telling": "notifications",
    "told": "notified, announced, reported",
    "uncovered": "without hidden",
    "ways": "navigation, layouts, keys",
    "whens": "times",
}
"""Words that had a meaning of this program's own, each with the terms that say it. A part of a name
is compared as a whole, so that "background" and "signed_in" are none of them."""

SAME_MEANING: Final = {
    "Meta": "WTForms finds a form's settings in an inner class of this name",
}
"""Names that several classes share since they mean the same."""


def parts_of(name: str) -> set[str]:
    """``CamelCase`` and ``snake_case`` as their words, in lower case."""
    return {part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def names_in(path: Path) -> Iterator[str]:
    """The module's own name, and those of all its classes and functions."""
    yield path.parent.name if path.stem == "__init__" else path.stem
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name


def refused(name: str) -> list[str]:
    """What to write instead, for each part of ``name`` that is no term."""
    return [f"{name}: not {p!r} but {NOT_TERMS[p]}" for p in parts_of(name) if p in NOT_TERMS]


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_modules_classes_and_functions_are_called_by_terms(path: Path) -> None:
    assert [line for name in names_in(path) for line in refused(name)] == []


def test_templates_are_called_by_terms() -> None:
    names = {part for path in TEMPLATES for part in path.relative_to(ROOT).with_suffix("").parts}

    assert [line for name in sorted(names) for line in refused(name)] == []


def test_the_control_a_name_of_the_old_kind_is_refused() -> None:
    assert refused("KeptNumber") == ["KeptNumber: not 'kept' but saved, stored, counted, cached"]
    assert refused("_teach_all") == ["_teach_all: not 'teach' but register, declare"]
    assert refused("background_keeper") == []


def test_no_two_classes_of_the_package_share_a_name() -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                homes[node.name].add(_relative(path))

    shared = {name: sorted(found) for name, found in homes.items() if len(found) > 1}

    assert {name: found for name, found in shared.items() if name not in SAME_MEANING} == {}
