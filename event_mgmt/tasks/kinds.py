"""Kinds of tasks: what a room declares of the long work that it can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar

from flask import Flask, current_app

from event_mgmt.accounts.policy import Viewer
from event_mgmt.core.ids import UserId
from event_mgmt.core.sizes import MEGABYTE
from event_mgmt.tasks.arguments import Json
from event_mgmt.tasks.enums import AfterDeath

A = TypeVar("A")

_KEY: Final = "task_kinds"


class Work(Protocol):
    """What a kind's function is given beside its arguments."""

    @property
    def viewer(self) -> Viewer:
        """Who asked, with the rights of the moment at which the work began."""

    @property
    def asker_name(self) -> str:
        """The name of whoever asked, as it is printed."""

    @property
    def locale(self) -> str:
        """The language in which it was asked for."""

    @property
    def folder(self) -> Path:
        """A private place for files, gone when the task has ended."""

    @property
    def checkpoint(self) -> Mapping[str, Json] | None:
        """What an earlier attempt of a kind that resumes has kept; else None."""

    def tell(self, percent: int, code: str, **values: Json) -> None:
        """Say how far the work has come; ``code`` is one of the kind's sentences."""

    def keep(self, checkpoint: Mapping[str, Json]) -> None:
        """Remember from where another attempt may go on."""


@dataclass(frozen=True)
class Produced:
    """A result: a file in the work's folder, what it is called, and facts for its record."""

    path: Path
    name: str
    facts: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Taking:
    """Somebody takes a result: who, when, and what the result is."""

    user_id: UserId
    viewer: Viewer
    at: datetime
    sha256: str
    facts: Mapping[str, Json]


@dataclass(frozen=True)
class TaskKind(Generic[A]):
    """One kind of long work.

    ``arguments`` is a dataclass of plain values (see arguments.read). Whoever changes its fields
    gives the kind another name: rows of the version before keep the old one, which that version
    still does. ``may`` is asked when the task is asked for, when it starts, and when its result is
    taken. ``run`` raises a Refusal where a rule says no. ``sentences`` are progress by code, with
    ``%(name)s`` for values. ``record`` writes, in the transaction of the taking, that a result
    leaves the house. ``about`` says to its asker what a task is about.
    """

    name: str
    label: object
    arguments: type[A]
    run: Callable[[A, Work], Produced | None]
    may: Callable[[A, Viewer], bool]
    after_death: AfterDeath
    sentences: Mapping[str, object] = field(default_factory=dict)
    record: Callable[[A, Taking], None] | None = None
    about: Callable[[A, str], str] = lambda _arguments, _locale: ""
    prepare: Callable[[Sequence[A]], object] | None = None
    memory: int = 512 * MEGABYTE
    seconds: int = 600


AnyTaskKind = TaskKind[Any]
"""One of several kinds side by side: each has arguments of a type of its own."""


def init_app(app: Flask, kinds: Iterable[AnyTaskKind]) -> None:
    """Let ``app`` know the kinds that its rooms declare; ValueError for two of one name."""
    known: dict[str, AnyTaskKind] = app.extensions.setdefault(_KEY, {})
    for kind in kinds:
        if known.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two kinds of task are called {kind.name}")


def known_kinds() -> Mapping[str, AnyTaskKind]:
    """All kinds that this version knows, by name."""
    known: dict[str, AnyTaskKind] = current_app.extensions.get(_KEY, {})
    return known


def called(name: str) -> str:
    """What the kind is called on screen; its name where this version does not know it."""
    kind = known_kinds().get(name)
    return name if kind is None else str(kind.label)
