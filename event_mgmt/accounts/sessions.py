"""The signed-in user of a request, and sessions that end everywhere at once."""

from __future__ import annotations

from flask_login import LoginManager, UserMixin
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from event_mgmt.accounts.models import Membership, User
from event_mgmt.accounts.policy import Grant, Viewer
from event_mgmt.core.database import db


class SignedIn(UserMixin):
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


def load(session_id: str) -> SignedIn | None:
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
    return SignedIn(user)


login_manager = LoginManager()
login_manager.session_protection = None
login_manager.user_loader(load)
