"""What a room says of itself, in one declaration: everything that the rest reads through it.

A room is a folder of the package. Its ``room.py`` holds one ``ROOM``; ``wiring.ROOMS`` lists them
in floor order, the lowest first, as the import layers in ``pyproject.toml`` have them. Whoever
needs something of every room (privacy, navigation, the worker, tests) asks ``rooms_of`` and
imports no room by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import ModuleType
from typing import Any, cast

import click
from blinker import Signal
from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue

from event_mgmt.accounts.access import Resolver
from event_mgmt.accounts.policy import OrganisationRight, Right, Viewer
from event_mgmt.audit.labels import AuditLabels
from event_mgmt.events.models import Event
from event_mgmt.mail.freshness import LetterSource
from event_mgmt.mail.kinds import MailKind
from event_mgmt.web.enum_labels import EnumLabel
from event_mgmt.web.page_cache import VisitorPage
from event_mgmt.web.todo import TodoItem

Job = Callable[[datetime], object]
"""Background work that is given the database's time; the worker calls it every twenty seconds.

It commits what it does itself, and costs next to nothing while nothing is due.
"""

Listener = tuple[Signal, Callable[..., object]]
"""A signal of a lower room, and what hears it: it only writes rows, in the same transaction."""

Todo = Callable[[Viewer, Sequence[Event], datetime], Iterable[TodoItem]]
"""What waits for a viewer in these events at a moment."""


class Place(StrEnum):
    """Where an entry of the navigation stands."""

    PUBLIC = "public"
    DESK = "desk"
    ORGANISATION = "organisation"
    PLATFORM = "platform"
    EVENT = "event"
    PLANNING = "planning"


@dataclass(frozen=True, kw_only=True)
class NavigationEntry:
    """One page's entry; ``position`` orders those of one place, over all rooms.

    It is shown to those with ``right``; without one, to all who see the place.
    """

    place: Place
    position: int
    endpoint: str
    label: object
    icon: str = ""
    right: Right | OrganisationRight | None = None


@dataclass(frozen=True, kw_only=True)
class Room:
    """A room's declaration. Empty fields say that it has none of these.

    ``models`` are the modules of its tables, ``views`` those whose decorators bind its pages;
    ``visitor_pages`` are answered by the page cache to whoever has no session;
    ``resolvers`` find what a route argument means (``event_id``); ``letter_sources`` say what makes
    a written letter stale.
    """

    name: str
    models: tuple[ModuleType, ...] = ()
    blueprints: tuple[Blueprint, ...] = ()
    views: tuple[ModuleType, ...] = ()
    visitor_pages: tuple[VisitorPage[Any], ...] = ()
    resolvers: Mapping[str, Resolver] = field(default_factory=dict)
    before_request: tuple[Callable[[], ResponseReturnValue | None], ...] = ()
    template_filters: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    commands: tuple[click.Command, ...] = ()
    mail_kinds: tuple[MailKind, ...] = ()
    letter_sources: tuple[LetterSource, ...] = ()
    jobs: tuple[Job, ...] = ()
    listeners: tuple[Listener, ...] = ()
    enum_labels: tuple[EnumLabel, ...] = ()
    audit_labels: AuditLabels | None = None
    navigation: tuple[NavigationEntry, ...] = ()
    todo: Todo | None = None


def rooms_of(app: Flask) -> tuple[Room, ...]:
    """The rooms of ``app`` in floor order, the lowest first."""
    return cast("tuple[Room, ...]", app.extensions["rooms"])


def current_rooms() -> tuple[Room, ...]:
    """The rooms of the application at work."""
    return rooms_of(current_app)


def jobs_of(app: Flask) -> list[Job]:
    """All background jobs of ``app``, from the lowest floor up."""
    return [job for room in rooms_of(app) for job in room.jobs]
