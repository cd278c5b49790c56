"""The glossary names what there is."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs/glossary.md"
CELLS = 5


def _rows() -> list[list[str]]:
    """The rows of the table below its head, as cells."""
    lines = [line for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _exists(module: str) -> bool:
    path = ROOT.joinpath("event_mgmt", *module.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def test_every_module_of_the_glossary_exists() -> None:
    modules = [name for row in _rows() for name in re.findall(r"`([\w.]+)`", row[2])]

    assert len(modules) == len(_rows())
    assert [name for name in modules if not _exists(name)] == []


def test_the_control_a_module_that_is_gone_is_noticed() -> None:
    assert not _exists("mail.letterbox")


def test_every_row_is_whole_and_every_term_stands_once() -> None:
    rows = _rows()
    terms = [term for row in rows for term in row[0].split(", ")]

    assert [row for row in rows if len(row) != CELLS or not all(row)] == []
    assert sorted(terms) == sorted(set(terms))


def test_the_docs_lead_to_the_glossary() -> None:
    pages = ("docs/architecture.md", "docs/README.md", "README.md", "CONTRIBUTING.md")

    assert [page for page in pages if "glossary.md" not in (ROOT / page).read_text()] == []
