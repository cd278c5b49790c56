"""Who may call which page: every endpoint declares it, and it is checked before the view runs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from event_mgmt.accounts import policy, sessions
from event_mgmt.accounts.policy import ANONYMOUS, EventParties, OrganisationRight, Right, Viewer
from event_mgmt.accounts.resolvers import Owner, Resolver
from event_mgmt.accounts.sessions import SessionUser
from event_mgmt.audit.service import Actor

View = Callable[..., ResponseReturnValue]

_KEY: Final = "resolvers"


def init_app(app: Flask, resolvers: Iterable[Mapping[str, Resolver]]) -> None:
    """Find what route arguments mean by ``resolvers``; let templates ask who calls and what they
    may do. ValueError for two meanings of one argument.
    """
    known: dict[str, Resolver] = {}
    for of_room in resolvers:
        if twice := known.keys() & of_room.keys():
            raise ValueError(f"two rooms say what {', '.join(sorted(twice))} means")
        known.update(of_room)
    app.extensions[_KEY] = known
    app.jinja_env.globals.update(may=may, signed_in_user=signed_in_user)


@dataclass(frozen=True)
class Policy:
    """What an endpoint demands of its caller: ``right`` is one on the thing of ``argument``."""

    name: str
    needs_sign_in: bool = True
    argument: str = ""
    right: Right | OrganisationRight | None = None
    platform: bool = False

    @property
    def event_right(self) -> Right | None:
        """The right on an event that is demanded."""
        return self.right if isinstance(self.right, Right) else None

    @property
    def is_for_people(self) -> bool:
        """Whether the page is about whoever is signed in, and so of no use to a program."""
        return self.needs_sign_in and self.right is None and not self.platform


ANYONE: Final = Policy("anyone", needs_sign_in=False)
SIGNED_IN: Final = Policy("signed_in")
PLATFORM: Final = Policy("platform", platform=True)


def on(argument: str, right: Right | OrganisationRight) -> Policy:
    """Demand ``right`` on the thing of the route's ``argument``; the view receives the thing.

    A room says in its declaration what an argument means (see ``resolvers``).
    """
    return Policy(f"{argument}:{right.scope}", argument=argument, right=right)


def on_event(right: Right) -> Policy:
    """Demand ``right`` on the event of the route's ``event_id``; the view receives ``event``."""
    return on("event_id", right)


def on_organisation(right: OrganisationRight) -> Policy:
    """Demand ``right`` on the organisation of the route's ``organisation_id``."""
    return on("organisation_id", right)


def open_to(who: Policy, *, form_checks_csrf: bool = False) -> Callable[[View], View]:
    """Declare an endpoint's policy. A thing out of sight answers exactly as a missing one.

    ``form_checks_csrf`` leaves the CSRF check to the view's form, which can then show what was
    typed again instead of an error page.
    """

    def declare(view: View) -> View:
        @functools.wraps(view)
        def checked(**values: object) -> ResponseReturnValue:
            if who.needs_sign_in:
                asks = viewer()
                if asks is ANONYMOUS:
                    return _to_sign_in()
                _enforce(who, asks, values)
            return view(**values)

        checked.policy = who  # type: ignore[attr-defined]  # functions may carry attributes
        checked.form_checks_csrf = form_checks_csrf  # type: ignore[attr-defined]  # likewise
        return checked

    return declare


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method != "POST" else None
    return redirect(url_for("accounts.login", next=wanted))


def _enforce(who: Policy, asks: Viewer, values: dict[str, object]) -> None:
    """NotFound unless ``asks`` may call; puts things in the place of the ids in ``values``."""
    if who.is_for_people and asks.is_program:
        raise NotFound
    if who.platform and not policy.may_manage_platform(asks):
        raise NotFound
    if who.right is not None:
        _resolve(who.argument, who.right, asks, values)


def _resolve(
    argument: str, right: Right | OrganisationRight, asks: Viewer, values: dict[str, object]
) -> object:
    """The thing of ``argument``, the whole before its part; NotFound where it is out of sight."""
    known: Mapping[str, Resolver] = current_app.extensions[_KEY]
    resolver = known[argument]
    within = None if resolver.within is None else _resolve(resolver.within, right, asks, values)
    id_ = values.pop(argument)
    assert isinstance(id_, int)
    found = resolver.find(id_, within, asks)
    if found is None:
        raise NotFound
    if found.owner is not None and not _is_granted(asks, right, found.owner):
        raise NotFound
    values[resolver.name] = found.thing
    return found.thing


def _is_granted(asks: Viewer, right: Right | OrganisationRight, owner: Owner) -> bool:
    """What ``asks`` may do with an event is kept for ``may``.

    TypeError for a right of another sort: two sorts have members that are called alike.
    """
    if isinstance(right, Right) and isinstance(owner, EventParties):
        g.event_rights = granted = policy.rights_on_event(asks, owner)
        return right in granted
    if isinstance(right, OrganisationRight) and isinstance(owner, int):
        return right in policy.rights_on_organisation(asks, owner)
    raise TypeError(f"{right.scope} is no right on this thing")


def identify(program: Viewer) -> None:
    """Let a program be who sent this request, whatever session came with it.

    For a room that reads tokens: before any view runs, once the token was found to be good.
    ValueError for a viewer without scopes: people sign in.
    """
    if not program.is_program:
        raise ValueError("people sign in")
    g.program = program


def viewer() -> Viewer:
    """Whoever sent this request, as the policy sees them."""
    program: Viewer | None = g.get("program")
    if program is not None:
        return program
    user = sessions.signed_in_user()
    return ANONYMOUS if user is None else user.viewer()


def current_actor() -> Actor:
    """Whoever sent this request, as the author of a change; NotFound for a visitor."""
    asks = viewer()
    if asks.token_id is not None:
        return Actor.token(asks.token_id, user_id=asks.user_id)
    if asks.user_id is None:
        raise NotFound
    return Actor.user(asks.user_id)


def signed_in_user() -> SessionUser | None:
    """Whoever is signed in; nobody where a visitor or a program asks."""
    return None if "program" in g else sessions.signed_in_user()


def session_user() -> SessionUser:
    """Whoever is signed in, on a page that is for people; NotFound for a program."""
    user = signed_in_user()
    if user is None:
        raise NotFound
    return user


def may(right: str) -> bool:
    """For templates: whether the caller has ``right`` on the event of this page."""
    return Right(right) in g.get("event_rights", frozenset())
