"""Arguments of tasks: a dataclass of plain values, as JSON in the row, checked on the way back."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import TypeAlias, TypeVar

A = TypeVar("A")

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


class UnreadableArguments(Exception):
    """Stored arguments that the declared type does not have."""


def as_json(arguments: object) -> dict[str, Json]:
    """A dataclass of plain values (see ``read``) as a row keeps it.

    Raises Unreadable when they are not what their own type declares.
    """
    assert dataclasses.is_dataclass(arguments)
    assert not isinstance(arguments, type)
    stored = {name: _plain(value) for name, value in vars(arguments).items()}
    read(type(arguments), stored)
    return stored


def read(wanted: type[A], stored: object) -> A:
    """The ``wanted`` dataclass from its JSON; Unreadable where anything is amiss.

    Its fields are int, str, bool, any of these or None, tuples of one of them, and mappings from
    words to them. Neither more nor fewer fields than declared: nothing is guessed.
    """
    declared = _fields(wanted)
    if not isinstance(stored, Mapping) or set(stored) != set(declared):
        raise UnreadableArguments(f"{wanted.__name__} has other fields")
    return wanted(**{name: _read(kind, stored[name], name) for name, kind in declared.items()})


def _fields(wanted: type[object]) -> dict[str, object]:
    assert dataclasses.is_dataclass(wanted)
    hints = typing.get_type_hints(wanted)
    return {field.name: hints[field.name] for field in dataclasses.fields(wanted)}


def _plain(value: object) -> Json:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if value is None:
        return None
    if isinstance(value, str | int) and type(value) in {str, int, bool}:
        return value
    raise UnreadableArguments(f"{type(value).__name__} is no plain value")


def _read(kind: object, value: object, name: str) -> object:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in {types.UnionType, typing.Union}:
        if value is None and type(None) in inner:
            return None
        (kind,) = (each for each in inner if each is not type(None))
        return _read(kind, value, name)
    if origin is tuple and isinstance(value, list):
        return tuple(_read(inner[0], each, name) for each in value)
    if origin is not None and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {str(key): _read(inner[1], each, name) for key, each in value.items()}
    if kind in {int, str, bool} and type(value) is kind:
        return value
    raise UnreadableArguments(f"{name} is of another type")
