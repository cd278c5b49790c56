"""The package's sources, read and parsed once for all who look at them."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "event_mgmt"
SOURCES = tuple(sorted(PACKAGE.rglob("*.py")))


@functools.cache
def text_of(path: Path) -> str:
    return path.read_text()


@functools.cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file: walking a tree again and again takes longer than parsing it."""
    return tuple(ast.walk(ast.parse(text_of(path))))


def relative(path: Path) -> str:
    """The path below the package: ``events/rules.py``."""
    return path.relative_to(PACKAGE).as_posix()


def imports_of(path: Path) -> list[str]:
    """What a file imports, by full names: ``flask.request`` for ``from flask import request``."""
    return list(_imported(nodes_of(path)))


def imports_in(text: str) -> list[str]:
    """As ``imports_of``, for a text."""
    return list(_imported(tuple(ast.walk(ast.parse(text)))))


def _imported(nodes: tuple[ast.AST, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def stands_in(name: str, modules: set[str]) -> bool:
    """Whether a full name is one of ``modules`` or lies in it."""
    return any(name == module or name.startswith(f"{module}.") for module in modules)
