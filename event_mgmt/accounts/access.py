"""Who may call which page: every endpoint declares it, and it is checked before the view runs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from event_mgmt.accounts import policy
from event_mgmt.accounts.policy import ANONYMOUS, OrganisationRight, Right, Viewer
from event_mgmt.accounts.sessions import SessionUser
from event_mgmt.audit.service import Actor

View = Callable[..., Any]
Resolver = Callable[[int], Any]
"""What a number in an address means: the thing itself, or None."""

_KEY: Final = "resolvers"


def init_app(app: Flask, resolvers: Mapping[str, Resolver]) -> None:
    """Find what route arguments mean by ``resolvers``; let templates ask what the caller may do."""
    app.extensions[_KEY] = resolvers
    app.jinja_env.globals["may"] = may


@dataclass(frozen=True)
class Policy:
    """What an endpoint demands of its caller."""

    name: str
    needs_sign_in: bool = True
    event_right: Right | None = None
    organisation_right: OrganisationRight | None = None
    platform: bool = False


ANYONE: Final = Policy("anyone", needs_sign_in=False)
SIGNED_IN: Final = Policy("signed_in")
PLATFORM: Final = Policy("platform", platform=True)


def on_event(right: Right) -> Policy:
    """Demand ``right`` on the event of the route's ``event_id``; the view receives ``event``."""
    return Policy(f"event:{right}", event_right=right)


def on_organisation(right: OrganisationRight) -> Policy:
    """Demand ``right`` on the organisation of the route's ``organisation_id``."""
    return Policy(f"organisation:{right}", organisation_right=right)


def open_to(who: Policy, *, form_checks_csrf: bool = False) -> Callable[[View], View]:
    """Declare an endpoint's policy. A thing out of sight answers exactly as a missing one.

    ``form_checks_csrf`` leaves the CSRF check to the view's form, which can then show what was
    typed again instead of an error page.
    """

    def declare(view: View) -> View:
        @functools.wraps(view)
        def checked(**values: Any) -> Any:
            if who.needs_sign_in and not current_user.is_authenticated:
                return _to_sign_in()
            _enforce(who, values)
            return view(**values)

        checked.policy = who  # type: ignore[attr-defined]
        checked.form_checks_csrf = form_checks_csrf  # type: ignore[attr-defined]
        return checked

    return declare


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method != "POST" else None
    return redirect(url_for("accounts.login", next=wanted))


def _enforce(who: Policy, values: dict[str, Any]) -> None:
    if who is ANYONE:
        return
    asks = viewer()
    if who.platform and not policy.may_manage_platform(asks):
        raise NotFound
    if who.organisation_right is not None:
        granted = policy.rights_on_organisation(asks, values["organisation_id"])
        if who.organisation_right not in granted:
            raise NotFound
    if who.event_right is not None:
        resolve: Resolver = current_app.extensions[_KEY]["event_id"]
        values["event"] = event = resolve(values.pop("event_id"))
        g.event_rights = policy.rights_on_event(asks, event.parties()) if event else frozenset()
        if who.event_right not in g.event_rights:
            raise NotFound


def viewer() -> Viewer:
    """Whoever sent this request, as the policy sees them."""
    return current_user.viewer() if current_user.is_authenticated else ANONYMOUS


def current_actor() -> Actor:
    """Whoever is signed in, as the author of a change."""
    return Actor.user(current_user.id)


def session_user() -> SessionUser:
    """Whoever is signed in, on a page that demands it."""
    user: SessionUser = current_user
    return user


def may(right: str) -> bool:
    """For templates: whether the caller has ``right`` on the event of this page."""
    return Right(right) in g.get("event_rights", frozenset())
