"""The signed-in user of a request, and sessions that end everywhere at once."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from event_mgmt.accounts.models import Membership, User
from event_mgmt.accounts.policy import Grant, Viewer
from event_mgmt.accounts.rules import SECOND_FACTOR_TIMEOUT, SESSION_LIMIT
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.web.application import may_be_signed_in


class SessionUser(UserMixin):
    """A signed-in user. Its session id carries the session version; raising that ends it."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.id = user.id
        self.display_name = user.display_name
        self.email = user.email
        self.locale = user.locale
        self.is_platform_admin = user.is_platform_admin

    def get_id(self) -> str:
        """What the session cookie keeps."""
        return f"{self.user.id}:{self.user.session_version}"

    @property
    def organisations(self) -> list[Membership]:
        """The memberships, for the desk's navigation."""
        return self.user.memberships

    def viewer(self) -> Viewer:
        """The user as the policy sees them."""
        return viewer_of(self.user)


def viewer_of(user: User) -> Viewer:
    """The policy's view of ``user``."""
    return Viewer(
        user_id=user.id,
        is_platform_admin=user.is_platform_admin,
        grants={m.organisation_id: Grant(m.role, m.sees_sensitive) for m in user.memberships},
    )


def signed_in_user() -> SessionUser | None:
    """Whoever is signed in to the session of this request; visitors are spared the look."""
    if not may_be_signed_in():
        return None
    user = current_user._get_current_object()  # noqa: SLF001 - Werkzeug documents it
    return user if isinstance(user, SessionUser) else None


def account_language() -> str | None:
    """The language of whoever is signed in."""
    user = signed_in_user()
    return None if user is None else user.locale


def load_session_user(session_id: str) -> SessionUser | None:
    """The user behind a session cookie; ``None`` when that session was ended."""
    user_id, _, version = session_id.partition(":")
    if not (user_id.isdecimal() and version.isdecimal()):
        return None
    user = db.session.scalars(
        select(User)
        .where(User.id == int(user_id))
        .options(selectinload(User.memberships).joinedload(Membership.organisation))
    ).one_or_none()
    if user is None or not user.is_active or user.session_version != int(version):
        return None
    return SessionUser(user)


def start_session(user: User, *, now: datetime) -> None:
    """Sign ``user`` in, in a session that shares nothing with the one before but the language."""
    clear_session()
    session.permanent = True  # ends after PERMANENT_SESSION_LIFETIME without a request
    session["signed_in_at"] = int(now.timestamp())
    login_user(SessionUser(user))


def clear_session() -> None:
    """Forget everything that this browser's session held, but for the chosen language."""
    language = session.get("locale")
    session.clear()
    if language is not None:
        session["locale"] = language


def end_expired_session() -> None:
    """End a session that has lasted longer than SESSION_LIMIT, however busy it was."""
    began = session.get("signed_in_at")
    if began is not None and utc_now().timestamp() - began > SESSION_LIMIT.total_seconds():
        clear_session()


def remember_password_step(user: User, *, now: datetime) -> None:
    """Remember, in a fresh session, that this browser has given the right password of ``user``."""
    clear_session()
    session["second_factor"] = [SessionUser(user).get_id(), int(now.timestamp())]


def user_after_password_step(*, now: datetime) -> int | None:
    """The id of the user who has given their password and not yet their code, for ten minutes."""
    session_id, given_at = session.get("second_factor") or ("", 0)
    if now.timestamp() - given_at > SECOND_FACTOR_TIMEOUT.total_seconds():
        return None
    waiting = load_session_user(session_id)
    return waiting.id if waiting is not None else None


_login_manager = LoginManager()
_login_manager.session_protection = None
_login_manager.user_loader(load_session_user)


def init_app(app: Flask) -> None:
    """Let ``app`` know who is signed in; templates ask by ``signed_in_user``."""
    _login_manager.init_app(app, add_context_processor=False)
