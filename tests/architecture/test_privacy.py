"""Privacy walks the rooms: each says what it keeps of people, and privacy knows none by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from flask import Flask

from event_mgmt.core.personal_data import DataSubject
from event_mgmt.privacy import erasure
from event_mgmt.rooms import PersonalData, Room, rooms_of
from event_mgmt.wiring import ROOMS
from tests.builders import an_event
from tests.privacy import people

PRIVACY = Path(__file__).resolve().parents[2] / "event_mgmt" / "privacy"

COMMON: Final = {"core", "documents", "privacy", "resources", "rooms", "settings", "web"}
"""They hold nobody's data: what all rooms stand on, and the registry itself."""

ALLOWED: Final = {
    "accounts.access": "views declare who may call them",
    "accounts.policy": "the rights that they demand",
    "accounts.queries.names_of": "who acted: history and exports say it by name",
    "accounts.queries.StaffAccess": "papers count staff, and name none",
    "accounts.queries.staff_access_of": "papers count staff, and name none",
    "audit.labels": "what its own actions are called",
    "audit.service": "its own actions are recorded",
    "events.enums": "an event's state and what co-hosts see, for pages and papers about an event",
    "events.models": "hosts and clocks are an event's; it holds nothing of guests",
    "events.rules": "when an event's clocks run out",
    "organisations.models": "the body over whose events a page is",
    "organisations.queries": "the body over whose events a page is",
}
"""All that privacy may import of rooms; a name after a module allows that name alone."""

EXEMPT: Final = {
    (
        "check_in",
        "report",
    ): "arrivals are told of with the attendee, whose time of arrival they are",
    ("check_in", "erase"): "actions name nobody: of whoever is erased a number is left",
    ("files", "report"): "uploads and results are told of by the room whose purpose they serve",
    ("registration_desk", "report"): "lists wait a day to be imported; nobody is looked up in them",
}
"""What a room with tables of people does not declare, and why."""


def _imports(text: str) -> Iterator[str]:
    """What a file imports of the package, each name by itself, below ``event_mgmt``."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("event_mgmt"):
            inside = str(node.module).removeprefix("event_mgmt").lstrip(".")
            yield from (f"{inside}.{alias.name}".lstrip(".") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (
                alias.name.removeprefix("event_mgmt.")
                for alias in node.names
                if alias.name.startswith("event_mgmt.")
            )


def _is_allowed(imported: str) -> bool:
    module, _dot, _name = imported.rpartition(".")
    return imported.partition(".")[0] in COMMON or bool({imported, module} & ALLOWED.keys())


def _rooms_named(text: str) -> list[str]:
    return [imported for imported in _imports(text) if not _is_allowed(imported)]


@pytest.mark.parametrize("path", sorted(PRIVACY.rglob("*.py")), ids=lambda path: path.name)
def test_privacy_imports_no_room_with_data_by_name(path: Path) -> None:
    assert _rooms_named(path.read_text()) == [], "let the room declare it in its PersonalData"


@pytest.mark.parametrize(
    "line",
    [
        "from event_mgmt.registrations.models import Attendee",
        "from event_mgmt.registrations import models",
        "from event_mgmt.accounts import queries",
        "from event_mgmt.accounts.queries import user_by_email",
        "from event_mgmt.accounts.models import User",
        "from event_mgmt import messaging",
        "import event_mgmt.tasks.queries",
    ],
)
def test_an_import_of_a_room_is_found(line: str) -> None:
    """The control of the test above."""
    assert len(_rooms_named(line)) == 1


def test_all_that_is_allowed_is_needed() -> None:
    imported = {each for path in PRIVACY.rglob("*.py") for each in _imports(path.read_text())}
    used = imported | {each.rpartition(".")[0] for each in imported}

    assert ALLOWED.keys() - used == set()


def _undeclared(room: Room) -> list[str]:
    """What is missing of the declaration of a room that keeps data of people."""
    data = room.personal_data
    if data is None or not data.tables:
        return []
    hooks = {
        "find": data.find or data.found_by,
        "report": data.report,
        "erase": data.erase,
    }
    return [
        f"{room.name}.{name}"
        for name, hook in hooks.items()
        if not hook and (room.name, name) not in EXEMPT
    ]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_with_tables_of_people_is_found_reported_and_erased(room: Room) -> None:
    assert _undeclared(room) == [], "declare it in the room's PersonalData, or say here why not"


def test_a_room_that_declares_nothing_is_named() -> None:
    """The control of the test above."""
    silent = Room(name="silent", personal_data=PersonalData(tables=frozenset({"guests"})))

    assert _undeclared(silent) == ["silent.find", "silent.report", "silent.erase"]


def test_what_is_exempt_is_declared_nowhere() -> None:
    by_name = {room.name: room.personal_data for room in ROOMS}

    needless = [
        f"{room}.{name}" for room, name in EXEMPT if getattr(by_name[room], name) is not None
    ]

    assert needless == []


def test_what_rooms_are_found_by_is_found(sqlite_app: Flask, now: datetime) -> None:
    event = an_event()
    people.questions_for(event)
    people.registered(event, now=now)
    people.with_account(now=now)

    subject = erasure.find(people.ADDRESS, erasure.reach_of(None))

    assert _kinds(subject) >= {
        kind
        for room in rooms_of(sqlite_app)
        if room.personal_data
        for kind in room.personal_data.found_by
    }


def _kinds(subject: DataSubject) -> set[str]:
    return {reference.kind for reference in subject.references}
