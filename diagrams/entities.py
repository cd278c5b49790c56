"""The tables and what leads from one to another, drawn from the models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table

from event_mgmt import wiring as _all_rooms  # noqa: F401 - their models register themselves
from event_mgmt.core.database import Base


@dataclass(frozen=True)
class Entity:
    """One table: its room, what a row of it is called, and the first sentence about it."""

    room: str
    name: str
    about: str
    table: Table


@dataclass(frozen=True)
class Reference:
    """A column that leads to a row of another table; a loose one has no foreign key."""

    table: str
    column: str
    to: str
    is_optional: bool
    is_loose: bool


def entities() -> list[Entity]:
    """All tables that have a class, by room and name."""
    found = []
    for mapper in Base.registry.mappers:
        made = mapper.class_
        room = made.__module__.split(".")[1]
        about = re.split(r"(?<!Art)[.:;]\s", (made.__doc__ or "").strip())[0].rstrip(".")
        found.append(Entity(room, made.__name__, " ".join(about.split()), made.__table__))
    return sorted(found, key=lambda entity: (entity.room, entity.name))


def references() -> list[Reference]:
    """What leads from table to table, in the order of their names."""
    found = set()
    for table in Base.metadata.tables.values():
        for column in table.columns:
            keys = {key.column.table.name for key in column.foreign_keys}
            loose = {_meant_by(column.name)} if not keys else set()
            for to in (keys or loose) - {None}:
                is_optional = bool(column.nullable)
                found.add(Reference(table.name, column.name, str(to), is_optional, not keys))
    return sorted(found, key=lambda each: (each.table, each.column))


def _meant_by(column: str) -> str | None:
    """The table that a column without a foreign key means by its name: ``rule_id``, a rule's."""
    if not column.endswith("_id"):
        return None
    word = column.removesuffix("_id")
    found = [
        entity.table.name
        for entity in entities()
        if re.sub(r"(?<!^)(?=[A-Z])", "_", entity.name).lower().split("_")[-1] == word
    ]
    return found[0] if len(found) == 1 else None


GROUPS: dict[str, tuple[str, ...]] = {
    "who hosts": ("organisations", "accounts"),
    "events": ("events",),
    "who comes": ("registrations",),
    "what goes out": ("mail", "messaging", "attendee_lists"),
    "what is kept beside": (),
}
"""Which rooms' tables stand in one picture; those of all others in the last."""


def picture(group: str) -> str:
    """The tables of a group's rooms, and what they lead to."""
    of = {entity.table.name: entity.room for entity in entities()}
    for each in references():  # a table that only joins two others stands with the first
        of.setdefault(each.table, of.get(each.to, ""))
    named = {room for rooms in GROUPS.values() for room in rooms}
    own = set(GROUPS[group]) or set(of.values()) - named
    found = [each for each in references() if of[each.table] in own]
    return "\n".join(["erDiagram", "    direction LR", *_lines(found)])


def listing() -> str:
    """A table in Markdown of all entities."""
    lines = ["| room | entity | table | what a row is |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {entity.room} | {entity.name} | `{entity.table.name}` | {entity.about} |"
        for entity in entities()
    ]
    return "\n".join(lines)


def _lines(found: list[Reference]) -> Iterator[str]:
    for each in found:
        one = "|o" if each.is_optional else "||"
        line = ".." if each.is_loose else "--"
        yield f"    {each.to} {one}{line}o{{ {each.table} : {each.column}"
