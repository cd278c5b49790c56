"""What docstrings and docs name is there: a rename leaves no word behind."""

from __future__ import annotations

import ast
import builtins
import functools
import keyword
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, ROOT, SOURCES, nodes_of, relative

OTHERS = frozenset(
    {
        "ps",
        "PostgreSQL",
        "JavaScript",
        "LibreOffice",
        "OpenStreetMap",
        "WhiteNoise",
        "OpenType",
        "CommonMark",
    }
)
"""Names of other houses."""

_QUOTED = re.compile(r"``([A-Za-z_][\w.]*+)(?!/)[^`]*``")
_CLASS = re.compile(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b")
_FILE = re.compile(r"`([\w./-]+/[\w.-]+\.(?:py|html|md|toml|js|css|yml))(?:::\w+)?`")
_ENDINGS = frozenset({"py", "toml", "html", "md", "txt", "pdf", "exe", "env"})
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FOLDERS = (ROOT, PACKAGE, *(ROOT / name for name in ("tests", "docs", "templates")))


@functools.cache
def _known() -> frozenset[str]:
    """Every name that the package defines, imports or uses."""
    known = {*dir(builtins), *keyword.kwlist, *OTHERS}
    for path in SOURCES:
        known.update(path.relative_to(ROOT).with_suffix("").parts)
        for node in nodes_of(path):
            known.update(_named_by(node))
    return frozenset(known)


def _named_by(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name):
            return (name,)
        case ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
            return (name,)
        case ast.alias():
            return (*node.name.split("."), node.asname or "")
        case ast.Constant(value=str(text)) if len(text) < 60:
            return re.findall(r"\w+", text)
    return ()


def _strangers(docstring: str, known: frozenset[str]) -> Iterator[str]:
    for name in _QUOTED.findall(docstring):
        parts = name.strip(".").split(".")
        if parts[-1] not in _ENDINGS and not set(parts) <= known:
            yield name
    yield from (name for name in _CLASS.findall(docstring) if name not in known)


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_docstrings_name_what_there_is(path: Path) -> None:
    docstrings = (
        node.value.value
        for node in nodes_of(path)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )

    assert [name for text in docstrings for name in _strangers(text, _known())] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_name_files_that_exist(path: Path) -> None:
    if path.name == "CHANGELOG.md":  # tells of what was
        return

    named = _FILE.findall(path.read_text())

    assert [
        name
        for name in named
        if not name.startswith("build/") and not any((folder / name).exists() for folder in FOLDERS)
    ] == []


def test_a_name_that_is_gone_is_found() -> None:
    text = "As ``rules.check_weather`` and ``rules.check_times`` say; refuses with RainedOff."

    assert list(_strangers(text, _known())) == ["rules.check_weather", "RainedOff"]
