"""Which modules of a room others may import: its public surface, written down.

A room that is not named here has no sub-packages yet, and all of its modules may be imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "event_mgmt"

ASSEMBLY = {"wiring", "tables", "rooms"}
"""They put the rooms together, and see all of each."""

PUBLIC = {
    "registrations": {
        *{
            "models",
            "enums",
            "refusals",
            "rules",
            "party",
            "person_fields",
            "party_forms",
            "party_parser",
            "problems",
            "recipient_kinds",
        },
        *{"commands", "offer_commands", "anonymous_counts", "erasure"},
        *{"questions.answers", "questions.answer_text"},
        *{"people.display_names", "people.web_addresses"},
        *{"participant.queries", "lifecycle.proposal_persistence"},
        *{"mails.mail_context", "mails.last_announcements", "mails.recipients", "mails.audience"},
    },
    "registration_desk": {"imports.models", "imports.uploads"},
}
"""What every room above may import."""

NEIGHBOURS = {
    ("registrations", "registration_desk"): {
        *{"lifecycle", "changes", "people.person_matching"},
    },
    ("registrations", "demo"): {"lifecycle.persistence"},
}
"""What one room may import besides: the desk acts on the same rows, under the same locks; the
demonstration reads parties back to change them."""


def _module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {_module_of(path) for path in PACKAGE.rglob("*.py")}


def _imported(text: str) -> Iterator[str]:
    """The modules of the package that a file imports, below ``event_mgmt``."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("event_mgmt."):
            inside = str(node.module).removeprefix("event_mgmt.")
            for alias in node.names:
                full = f"{inside}.{alias.name}"
                yield full if full in MODULES else inside


def _is_in(module: str, surface: set[str]) -> bool:
    return any(module == part or module.startswith(f"{part}.") for part in surface)


def _private_imports(importer: str, text: str) -> list[str]:
    """What ``importer`` imports of other rooms' insides."""
    room = importer.partition(".")[0]
    found = []
    for module in _imported(text):
        owner, _dot, inside = module.partition(".")
        if owner == room or owner not in PUBLIC or room in ASSEMBLY:
            continue
        if not _is_in(inside, PUBLIC[owner] | NEIGHBOURS.get((owner, room), set())):
            found.append(module)
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=_module_of)
def test_a_room_imports_only_the_public_surface_of_another(path: Path) -> None:
    assert _private_imports(_module_of(path), path.read_text()) == []


def test_an_import_of_a_rooms_insides_is_found() -> None:
    text = "from event_mgmt.registrations.lifecycle import seats, transitions\n"

    assert _private_imports("messaging.planner", text) == [
        "registrations.lifecycle.seats",
        "registrations.lifecycle.transitions",
    ]
    assert _private_imports("registration_desk.commands", text) == []


@pytest.mark.parametrize("room", PUBLIC)
def test_the_public_surface_names_modules_that_exist(room: str) -> None:
    missing = [part for part in PUBLIC[room] if f"{room}.{part}" not in MODULES]

    assert missing == []
