"""What the arguments of routes mean: a thing, and the event or organisation whose rights count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from event_mgmt.accounts.policy import EventParties, Viewer
from event_mgmt.core.ids import OrganisationId

T = TypeVar("T")
W = TypeVar("W")

Owner = EventParties | OrganisationId
"""Whose rights count for a thing: those of an event's hosts, or of one organisation."""


@dataclass(frozen=True)
class Resolved:
    """A thing that was found. ``owner`` is None for a part: the rights on the whole were asked."""

    thing: object
    owner: Owner | None = None


@dataclass(frozen=True)
class Resolver:
    """How the thing of an argument is found: made by ``whole`` or ``part``.

    ``name`` is what views are given it as. ``within`` is the argument that the thing is a part of,
    for a route that has both; ``find`` is given the id, what was found there, and who asks.
    """

    name: str
    find: Callable[[int, object, Viewer], Resolved | None]
    within: str | None = None


def whole(name: str, find: Callable[[int], T | None], owner: Callable[[T], Owner]) -> Resolver:
    """A thing by itself: ``find`` gives it or None, ``owner`` tells whose rights count for it."""

    def resolved(id_: int, _within: object, _viewer: Viewer) -> Resolved | None:
        thing = find(id_)
        return None if thing is None else Resolved(thing, owner(thing))

    return Resolver(name, resolved)


def part(
    name: str, *, within: str, kind: type[W], find: Callable[[W, Viewer, int], T | None]
) -> Resolver:
    """A part of what the argument ``within`` means, which is a ``kind``.

    ``find`` gives what the viewer may see of it: None, or Missing, where that is nothing. It is
    asked only once the viewer is known to have the right on the whole.
    """

    def resolved(id_: int, of: object, viewer: Viewer) -> Resolved | None:
        assert isinstance(of, kind)
        thing = find(of, viewer, id_)
        return None if thing is None else Resolved(thing)

    return Resolver(name, resolved, within)
