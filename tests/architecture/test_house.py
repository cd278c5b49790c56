"""The walls of the house, kept by reading the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "event_mgmt"
SOURCES = sorted(PACKAGE.rglob("*.py"))
VIEWS = [path for path in SOURCES if path.stem == "views" or path.stem.endswith("_views")]

MAY_COMMIT = {"core/database.py", "mail/queue.py", "mail/delivery.py"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def _relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, node.func.attr


def _long_functions(text: str) -> list[str]:
    return [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_only_the_unit_of_work_and_the_delivery_commit(path: Path) -> None:
    if _relative(path) in MAY_COMMIT:
        return

    commits = [line for line, name in _calls(ast.parse(path.read_text())) if name == "commit"]

    assert commits == []


def _bound_views(text: str) -> list[str]:
    """The functions that a decorator of a blueprint binds to an address, or a call elsewhere."""
    by_call = re.findall(r"\b(add_url_rule)\(", text)
    by_decorator = re.findall(r"^@\w*bp\.(?:get|post|route)\(", text, re.MULTILINE)
    return by_call + by_decorator


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_views_are_bound_by_decorators_in_modules_of_views(path: Path) -> None:
    bound = _bound_views(path.read_text())

    assert "add_url_rule" not in bound
    assert path in VIEWS or bound == []


def test_a_view_that_is_bound_is_found() -> None:
    """The control of the test above."""
    assert _bound_views('@bp.get("/x")\ndef x(): ...') != []
    assert _bound_views('bp.add_url_rule("/x", "x", view)') == ["add_url_rule"]


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_views_are_imported_by_their_rooms_declaration_alone(path: Path) -> None:
    if path.name == "room.py":
        return

    imported = re.findall(r"import .*\bviews\b|from .*views import", path.read_text())

    assert imported == []


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_declarations_of_rooms_are_imported_by_the_wiring_alone(path: Path) -> None:
    if path.name == "wiring.py":
        return

    imported = re.findall(r"import .*\broom\b|from .*\.room import", path.read_text())

    assert imported == []


def test_days_are_asked_for_by_fields_that_know_which_years_are_meant() -> None:
    plain = re.compile(r"\b(DateField|DateTimeField|DateTimeLocalField|MonthField|WeekField)\b")

    found = [_relative(path) for path in SOURCES if plain.search(path.read_text())]

    assert found == ["web/forms.py"]


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_files_and_functions_stay_readable(path: Path) -> None:
    text = path.read_text()

    assert text.count("\n") <= LONGEST_FILE, "which room is missing?"
    assert _long_functions(text) == []


def test_tests_and_benchmarks_stay_readable_too() -> None:
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for folder in ("tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    }

    assert [name for name, text in texts.items() if text.count("\n") > LONGEST_FILE] == []
    assert {name: long for name, text in texts.items() if (long := _long_functions(text))} == {}


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_only_the_clock_asks_for_the_time(path: Path) -> None:
    if _relative(path) == "core/clock.py":
        return

    asked = re.findall(r"datetime\.(?:now|utcnow|today)\(|date\.today\(", path.read_text())

    assert asked == []


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_services_are_given_the_time_instead_of_asking_for_it(path: Path) -> None:
    if path.stem not in {"service", "rules", "queries", "planner"}:
        return

    assert "utc_now" not in path.read_text()


def test_every_endpoint_declares_who_may_call_it(sqlite_app: Flask) -> None:
    undeclared = [
        endpoint
        for endpoint, view in sqlite_app.view_functions.items()
        if endpoint != "static" and not hasattr(view, "policy")
    ]

    assert undeclared == []


def test_pages_of_one_event_demand_a_right_on_that_event(sqlite_app: Flask) -> None:
    loose = [
        rule.endpoint
        for rule in sqlite_app.url_map.iter_rules()
        if "event_id" in rule.arguments
        and sqlite_app.view_functions[rule.endpoint].policy.event_right is None
    ]

    assert loose == []


def test_templates_carry_no_inline_script_or_style() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:src=|nonce=))")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "templates").rglob("*.html")
        if "mail" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if inline.search(line)
    ]

    assert found == []


def test_the_repository_names_no_folder_of_the_machine_it_was_written_on() -> None:
    files = [
        path
        for folder in ("event_mgmt", "templates", "tests", "docs", "migrations", "benchmarks")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".md", ".txt", ".js", ".css"}
    ]
    telling = (f"{ROOT}/", f"{Path.home()}/")

    found = [
        str(path.relative_to(ROOT))
        for path in files
        if any(word in path.read_text(errors="replace") for word in telling)
    ]

    assert found == []
