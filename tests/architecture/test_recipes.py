"""The recipes of CONTRIBUTING: each names all its steps, and a test that says which one is missing."""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections.abc import Collection, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from flask import Flask

from event_mgmt.accounts.policy import Right
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.settings import LOCALES
from tests.accounts.test_policy import EXPECTED
from tests.architecture.sources import ROOT, SOURCES, imports_of, nodes_of, relative, text_of
from tests.mail import samples
from tests.mail.test_every_letter import KINDS

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
RECIPES = {
    "add a field to an event": "events/test_fields.py",
    "add a field of a person": "registrations/test_person_fields.py",
    "add a rule about what may be entered": "registrations/test_one_refusal.py",
    "add a table or column about people": "privacy/test_erasing.py",
    "add a mail": "architecture/test_recipes.py",
    "write to things of a new kind": "mail/test_recipients.py",
    "add a room": "architecture/test_rooms.py",
    "add a page": "architecture/test_recipes.py",
    "add a permission": "architecture/test_recipes.py",
    "let a route name a thing": "architecture/test_permissions.py",
    "add a language": "architecture/test_recipes.py",
    "add a migration": "architecture/test_recipes.py",
    "change what may follow what, a table, or a layer": "test_diagrams.py",
    "add or raise a dependency": "architecture/test_recipes.py",
}
"""The test that tells which step of a recipe was forgotten."""

NO_TABLES = ("demo/", "gallery/")
"""Invented samples: they need not be there in every language."""

OTHERWISE_LOADED = {
    "psycopg": "SQLAlchemy loads it by the database's address",
    "tzdata": "zoneinfo reads it where the system has no zones",
}
"""Dependencies that no module imports by name, and who needs them."""

BROUGHT = {
    **dict.fromkeys(
        ("click", "blinker", "werkzeug", "jinja2", "markupsafe", "itsdangerous"), "flask"
    ),
    "idna": "email-validator",
}
"""What is imported and comes with a dependency that is named."""


def test_every_recipe_has_a_test_and_every_file_that_it_names_exists() -> None:
    recipes = dict(
        re.findall(
            r"^\*\*(.+?)\*\*[^:\n]*:(.*?)(?=^\*\*|^##)", CONTRIBUTING, re.MULTILINE | re.DOTALL
        )
    )

    assert list(recipes) == list(RECIPES)
    named = {file for text in recipes.values() for file in re.findall(r"`((?:\w+/)+\S*?)`", text)}
    assert [name for name in named if "<" not in name and not (ROOT / name).exists()] == []
    assert [test for test in RECIPES.values() if not (ROOT / "tests" / test).exists()] == []


# A permission


def _of_a_permission(rights: Collection[str]) -> Iterator[str]:
    expected = {word for words in EXPECTED.values() for word in words.split()} | {"see_sensitive"}
    sources = "".join(text_of(path) for path in SOURCES if path.name != "policy.py")
    sources += "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    for right in rights:
        if right not in expected:
            yield f"say who has {right} in EXPECTED of tests/accounts/test_policy.py"
        if f"Right.{right.upper()}" not in sources and f'may("{right}")' not in sources:
            yield f"no page demands {right}"


def test_every_permission_is_expected_of_somebody_and_demanded_somewhere() -> None:
    assert list(_of_a_permission(list(Right))) == []


def test_a_permission_without_its_steps_is_told_which() -> None:
    assert list(_of_a_permission(["see_weather"])) == [
        "say who has see_weather in EXPECTED of tests/accounts/test_policy.py",
        "no page demands see_weather",
    ]


# A language


@functools.cache
def _tables_by_language() -> list[tuple[str, set[str]]]:
    """Each table of the package whose keys are languages: where it stands, and its languages."""
    tables = []
    for path in SOURCES:
        for node in nodes_of(path) if not relative(path).startswith(NO_TABLES) else ():
            if isinstance(node, ast.Dict):
                keys = {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
                if keys >= set(LOCALES):
                    tables.append((f"event_mgmt/{relative(path)}:{node.lineno}", keys))
    return tables


def _of_a_language(locales: Collection[str]) -> Iterator[str]:
    for locale in locales:
        catalogue = f"translations/{locale}/LC_MESSAGES/messages.po"
        if not (ROOT / catalogue).exists():
            yield f"{catalogue} is missing: `make messages`"
        for place, has in _tables_by_language():
            if locale not in has:
                yield f"{place} says nothing for {locale}"


def test_every_table_by_language_has_every_language() -> None:
    assert list(_of_a_language(LOCALES)) == []


def test_a_language_without_its_steps_is_told_which() -> None:
    told = "\n".join(_of_a_language([*LOCALES, "hr"]))

    assert "translations/hr/LC_MESSAGES/messages.po is missing" in told
    files = (
        "web/locale.py",
        "web/times.py",
        "core/numbers.py",
        "registrations/mails/salutations.py",
    )
    for file in files:
        assert re.search(rf"event_mgmt/{file}:\d+ says nothing for hr", told)


# A mail


def _of_a_mail(kinds: Collection[str]) -> Iterator[str]:
    golden = ROOT / "tests" / "mail" / "golden" / "letters"
    for kind in kinds:
        if kind not in KINDS:
            yield f"add a case for {kind} to tests/mail/test_every_letter.py"
        for locale in LOCALES:
            if not list(golden.glob(f"{kind}_{locale}.*")):
                yield f"tests/mail/golden/letters has no {kind} in {locale}"


def test_every_mail_is_read_in_every_language(sqlite_app: Flask) -> None:
    assert list(_of_a_mail(mail_kinds().names - {samples.KIND})) == []


def test_a_mail_without_its_steps_is_told_which() -> None:
    assert list(_of_a_mail(["bill"])) == [
        "add a case for bill to tests/mail/test_every_letter.py",
        *(f"tests/mail/golden/letters has no bill in {locale}" for locale in LOCALES),
    ]


# A page


def _of_a_page(template: str, text: str, sources: str) -> Iterator[str]:
    if template not in sources and f'"{Path(template).stem}"' not in sources:
        yield f"no view shows templates/{template}"
    if not re.search(r"{% extends \"(layouts/|[\w/]*frame\.html)", text):
        yield f"templates/{template} extends none of templates/layouts/"
    if "frame.html" not in template + text and not re.search(r"{% block \w*title", text):
        yield f"templates/{template} has no title"


def _pages() -> Iterator[tuple[str, str]]:
    """Templates that a view shows whole: neither parts of pages, nor components, nor letters."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = path.relative_to(ROOT / "templates").as_posix()
        if path.name.startswith("_") or path.parent.name in {"components", "layouts", "mail"}:
            continue
        yield name, path.read_text()


def test_every_page_is_shown_and_stands_in_a_layout_under_a_title() -> None:
    everything = "".join(map(text_of, SOURCES))
    everything += "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))

    assert [step for name, text in _pages() for step in _of_a_page(name, text, everything)] == []


def test_a_page_without_its_steps_is_told_which() -> None:
    assert list(_of_a_page("weather/index.html", "<p>Sun</p>", "")) == [
        "no view shows templates/weather/index.html",
        "templates/weather/index.html extends none of templates/layouts/",
        "templates/weather/index.html has no title",
    ]


# A migration


def _of_a_migration(name: str, text: str) -> Iterator[str]:
    if not re.fullmatch(r"\d{4}(_[a-z0-9]+)+\.py", name):
        yield f"{name} is not called <number>_<what>.py"
    if re.search(r"^(from|import) event_mgmt", text, re.MULTILINE):
        yield f"{name} imports the package, which will have changed when it runs"
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade":
            for gone in re.findall(r"\.(drop_(?:table|column))\(", ast.unparse(node)):
                yield f"{name}: {gone}, while the version before still serves"


def test_every_migration_only_adds_and_stands_alone() -> None:
    files = sorted((ROOT / "migrations" / "versions").glob("*.py"))

    assert [step for file in files for step in _of_a_migration(file.name, file.read_text())] == []


def test_a_migration_without_its_steps_is_told_which() -> None:
    text = (
        "from event_mgmt.events.models import Event\ndef upgrade():\n    op.drop_table('events')\n"
    )

    assert list(_of_a_migration("weather.py", text)) == [
        "weather.py is not called <number>_<what>.py",
        "weather.py imports the package, which will have changed when it runs",
        "weather.py: drop_table, while the version before still serves",
    ]


# A dependency


def _of_the_dependencies(asked: Collection[str], imported: Collection[str]) -> Iterator[str]:
    pinned = re.findall(
        r"^([a-z0-9-]+)(?:\[\w+\])?==", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    for name in sorted(set(asked) - set(pinned)):
        yield f"requirements.txt does not pin {name}: `make lock`"
    for name in sorted(set(asked) - set(imported) - set(OTHERWISE_LOADED)):
        yield f"nothing imports {name}: take it from requirements.in"
    brought = {name for name, by in BROUGHT.items() if by in asked}
    for name in sorted(set(imported) - set(asked) - brought):
        yield f"requirements.in does not name {name}"


def _asked() -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)", (ROOT / "requirements.in").read_text(), re.MULTILINE))


@functools.cache
def _imported() -> set[str]:
    """The distributions that the package imports by name."""
    names = {name.partition(".")[0] for path in SOURCES for name in imports_of(path)}
    known = packages_distributions()
    others = names - sys.stdlib_module_names - {"event_mgmt", "_typeshed"}
    return {found.lower().replace("_", "-") for top in others for found in known.get(top, [top])}


def test_every_dependency_is_named_pinned_and_used() -> None:
    assert list(_of_the_dependencies(_asked(), _imported())) == []


def test_a_dependency_without_its_steps_is_told_which() -> None:
    told = list(_of_the_dependencies([*_asked(), "weather"], [*_imported(), "barometer"]))

    assert "requirements.txt does not pin weather: `make lock`" in told
    assert "nothing imports weather: take it from requirements.in" in told
    assert "requirements.in does not name barometer" in told
