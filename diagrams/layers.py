"""The drawn house: the layers that import-linter keeps, with what each room says of itself."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "event_mgmt"
WIDTH = 116


def layers() -> list[list[str]]:
    """The rooms and modules of each layer, the highest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    [found] = [each["layers"] for each in contracts if each.get("containers") == ["event_mgmt"]]
    return [[name.strip() for name in layer.split("|")] for layer in found]


def house() -> str:
    """One box per layer; calls go down, never up."""
    rows = [list(_rows(layer)) for layer in layers()]
    line = "+" + "-" * (WIDTH - 2) + "+"
    lines = [line]
    for row in rows:
        lines += [f"| {text:<{WIDTH - 4}} |" for text in row] + [line]
    return "\n".join(lines)


def _rows(layer: list[str]) -> Iterator[str]:
    for name in layer:
        text = f"{name:<20}{about(name)}"
        yield text if len(text) <= WIDTH - 4 else text[: WIDTH - 5].rpartition(" ")[0] + " …"


def about(name: str) -> str:
    """The first sentence of a room's or a module's own words."""
    path = PACKAGE / f"{name}.py"
    path = path if path.is_file() else PACKAGE / name / "__init__.py"
    words = " ".join(
        (ast.get_docstring(ast.parse(path.read_text())) or "").split("\n\n")[0].split()
    )
    return words.partition(". ")[0].rstrip(".:").replace("``", "")
