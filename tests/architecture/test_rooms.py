"""What the rooms declare is whole: found by walking them, none by name."""

from __future__ import annotations

import tomllib
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Table

from event_mgmt import wiring
from event_mgmt.core.database import Base
from event_mgmt.rooms import Place, Room, rooms_of
from event_mgmt.web.enum_labels import has_label

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "event_mgmt"
LONGEST_WIRING = 120


def _layers() -> list[set[str]]:
    """The floors of the house, the lowest first, as the import rules have them."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = next(c for c in rules["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [set(layer.split(" | ")) for layer in reversed(contract["layers"])]


def _tables(room: Room) -> set[str]:
    """The tables whose classes its models hold, and those between them."""
    modules = {module.__name__ for module in room.models}
    mapped = [m for m in Base.registry.mappers if m.class_.__module__ in modules]
    between = [each for module in room.models for each in vars(module).values()]
    return {mapper.local_table.name for mapper in mapped} | {
        table.name for table in between if isinstance(table, Table)
    }


def test_every_folder_with_a_room_is_listed_and_no_other() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/room.py")}

    assert {room.name for room in wiring.ROOMS} == folders


def test_every_folder_with_pages_tables_or_labels_declares_itself() -> None:
    telling = ("models.py", "*views.py", "enum_labels.py", "audit_labels.py", "mail_kinds.py")
    found = {
        path.relative_to(PACKAGE).parts[0] for name in telling for path in PACKAGE.rglob(name)
    } - {"web"}

    undeclared = sorted(name for name in found if not (PACKAGE / name / "room.py").exists())

    assert undeclared == [], "write a room.py, and its line in wiring.ROOMS"


def test_the_rooms_stand_in_the_order_of_the_import_layers() -> None:
    floor_of = {name: floor for floor, names in enumerate(_layers()) for name in names}

    floors = [floor_of[room.name] for room in wiring.ROOMS]

    assert floors == sorted(floors)


def test_the_wiring_stays_short() -> None:
    assert (PACKAGE / "wiring.py").read_text().count("\n") < LONGEST_WIRING


def test_every_table_belongs_to_one_room() -> None:
    of_rooms = list(chain.from_iterable(_tables(room) for room in wiring.ROOMS))

    assert sorted(of_rooms) == sorted(Base.metadata.tables)


def test_every_module_of_views_is_declared_by_its_room() -> None:
    declared = {module.__name__ for room in wiring.ROOMS for module in room.views}
    written = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in PACKAGE.rglob("*views.py")
    }

    assert written - declared == set()


def test_every_enumeration_of_a_room_with_labels_is_labelled_whole(sqlite_app: Flask) -> None:
    labelled = {type(label.member) for room in rooms_of(sqlite_app) for label in room.enum_labels}

    with sqlite_app.app_context():
        nameless = [
            str(member)
            for enum in labelled
            for member in enum
            if member.value and not has_label(member)
        ]

    assert nameless == []


@pytest.mark.parametrize("place", list(Place))
def test_entries_of_the_navigation_lead_to_pages_and_have_places_of_their_own(
    sqlite_app: Flask, place: Place
) -> None:
    entries = [e for room in rooms_of(sqlite_app) for e in room.navigation if e.place is place]

    assert all(entry.endpoint in sqlite_app.view_functions for entry in entries)
    assert len({entry.position for entry in entries}) == len(entries) > 0
