"""Flask, spared what it would work out anew for every request and never differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

P = ParamSpec("P")
R = TypeVar("R")


class Sessions(SecureCookieSessionInterface):
    """Signed session cookies, exactly as Flask's own; one signer for the application's life."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer, made at the first request."""
        kept: URLSafeTimedSerializer | None = app.extensions.get("session_signer")
        if kept is None:
            kept = app.extensions["session_signer"] = super().get_signing_serializer(app)
        return kept


def may_be_signed_in() -> bool:
    """Whether somebody signed in to this session, which may have ended since.

    Spares visitors the look for a user: Flask-Login keeps the user's id under this name.
    """
    return "_user_id" in session


class Application(Flask):
    """The application's class."""

    session_interface = Sessions()

    def ensure_sync(self, func: Callable[P, R]) -> Callable[P, R]:
        """No view and no hook of this house is a coroutine: nothing to look for."""
        return func
