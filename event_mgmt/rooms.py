"""What a room says of itself, in one declaration: everything that the rest reads through it.

A room is a folder of the package. Its ``room.py`` holds one ``ROOM``; ``wiring.ROOMS`` lists them
in floor order, the lowest first, as the import layers in ``pyproject.toml`` have them. Whoever
needs something of every room (privacy, navigation, the worker, tests) asks ``rooms_of`` and
imports no room by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import ModuleType
from typing import cast

import click
from blinker import Signal
from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select

from event_mgmt.accounts.policy import OrganisationRight, Right, Viewer
from event_mgmt.accounts.resolvers import Resolver
from event_mgmt.audit.labels import AuditLabels
from event_mgmt.audit.service import Actor
from event_mgmt.core.personal_data import Batch, DataSubject, Reach, Redact
from event_mgmt.core.personal_report import Report, ReportReader
from event_mgmt.events.models import Event
from event_mgmt.mail.freshness import LetterSource
from event_mgmt.mail.kinds import MailKind
from event_mgmt.mail.recipients import RecipientKind
from event_mgmt.tasks.kinds import AnyTaskKind
from event_mgmt.web.enum_labels import EnumLabel
from event_mgmt.web.page_cache import AnyVisitorPage
from event_mgmt.web.todo import TodoItem

Job = Callable[[datetime], object]
"""Background work that is given the database's time; the worker calls it every twenty seconds.

It commits what it does itself, and costs next to nothing while nothing is due.
"""

Listener = tuple[Signal, Callable[..., object]]
"""A signal of a lower room, and what hears it: it only writes rows, in the same transaction."""

Todo = Callable[[Viewer, Sequence[Event], datetime], Iterable[TodoItem]]
"""What waits for a viewer in these events at a moment."""


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """What a room keeps of people, how it is told of, and how it goes; it runs in the caller's
    transaction.

    ``tables`` hold data of people. ``find`` gives more of a subject than was known, and is asked
    until nothing new is found; ``found_by`` are the kinds of references, found by other rooms, to
    which its own rows belong. ``report`` is the room's part of the dossier. ``check_erasable``
    raises the refusal why somebody has to stay. ``erase`` gives how much went, by kind; rooms erase
    from the top floor down, and what they say twice is harmless. ``redact`` comes after all of
    that, and takes the subject out of the texts of others; it gives in how many places.

    Retention lets an event's data go. ``count_holdings`` counts what is kept of events, by kind and
    event. ``sensitive_events`` selects the events that hold sensitive answers, ``erase_sensitive``
    lets some of one event's go. ``holds_people`` tells whether an event (a column or an id) still
    holds people, ``count_event`` what is counted before the first of them go, ``next_people`` gives
    some of them, whom then every room erases. ``erase_rest`` lets go what an event keeps besides;
    the number is how much may go at once. What belongs to no event and was made by an instant is
    counted by ``count_eventless`` and goes by ``erase_eventless``.
    """

    tables: frozenset[str]
    addresses: Callable[[], Select[str]] | None = None
    find: Callable[[DataSubject, Reach], DataSubject] | None = None
    found_by: frozenset[str] = frozenset()
    report: Callable[[DataSubject, Reach, ReportReader], Report] | None = None
    check_erasable: Callable[[DataSubject, Actor], None] | None = None
    erase: Callable[[DataSubject, Reach, Actor, datetime], Mapping[str, int]] | None = None
    redact: Callable[[DataSubject, Reach, Redact], int] | None = None
    count_holdings: Callable[[Collection[int]], Mapping[str, Mapping[int, int]]] | None = None
    sensitive_events: Callable[[], Select[int]] | None = None
    erase_sensitive: Callable[[int, int], Batch] | None = None
    holds_people: Callable[[object], ColumnElement[bool]] | None = None
    next_people: Callable[[int, int], DataSubject] | None = None
    count_event: Callable[[int], Mapping[str, int]] | None = None
    erase_rest: Callable[[int, int], Batch] | None = None
    count_eventless: Callable[[datetime], int] | None = None
    erase_eventless: Callable[[datetime], int] | None = None


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
    ``resolvers`` find what a route's argument means, by its name (``event_id``);
    ``recipient_kinds`` say whom or what of the room mails go to, and whether it wants them,
    ``letter_sources`` what else makes a written letter stale.
    """

    name: str
    models: tuple[ModuleType, ...] = ()
    blueprints: tuple[Blueprint, ...] = ()
    views: tuple[ModuleType, ...] = ()
    visitor_pages: tuple[AnyVisitorPage, ...] = ()
    resolvers: Mapping[str, Resolver] = field(default_factory=dict)
    before_request: tuple[Callable[[], ResponseReturnValue | None], ...] = ()
    template_filters: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    commands: tuple[click.Command, ...] = ()
    mail_kinds: tuple[MailKind, ...] = ()
    recipient_kinds: tuple[RecipientKind, ...] = ()
    letter_sources: tuple[LetterSource, ...] = ()
    jobs: tuple[Job, ...] = ()
    tasks: tuple[AnyTaskKind, ...] = ()
    listeners: tuple[Listener, ...] = ()
    enum_labels: tuple[EnumLabel, ...] = ()
    audit_labels: AuditLabels | None = None
    navigation: tuple[NavigationEntry, ...] = ()
    todo: Todo | None = None
    personal_data: PersonalData | None = None


def rooms_of(app: Flask) -> tuple[Room, ...]:
    """The rooms of ``app`` in floor order, the lowest first."""
    return cast("tuple[Room, ...]", app.extensions["rooms"])


def current_rooms() -> tuple[Room, ...]:
    """The rooms of the application at work."""
    return rooms_of(current_app)


def jobs_of(app: Flask) -> list[Job]:
    """All background jobs of ``app``, from the lowest floor up."""
    return [job for room in rooms_of(app) for job in room.jobs]
