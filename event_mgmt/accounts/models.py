"""Tables of users, their memberships, one-time links and sign-in throttling."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from event_mgmt.core.database import Model
from event_mgmt.core.ids import UserId
from event_mgmt.core.tokens import first_version
from event_mgmt.core.types import UtcDateTime, enum_column
from event_mgmt.organisations.models import Organisation


class Role(StrEnum):
    """What a user is in one organisation, from most to least."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    STAFF = "staff"
    DOOR = "door"


class LinkPurpose(StrEnum):
    """What a one-time link in a mail is for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word, not a password


class User(Model):
    """A person with an account. ``session_version`` rises to end all of their sessions.

    Of somebody who was erased (``erased_at``) the row stays without a name, so that nobody else
    is ever given its id and with it what the history tells of the former.
    """

    __tablename__ = "users"

    id: Mapped[UserId] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2), default="de")
    is_platform_admin: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=first_version)
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_last_step: Mapped[int | None]
    recovery_hashes: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="Membership.id"
    )

    @property
    def display_name(self) -> str:
        """The name as it stands on screens; empty for somebody whose data were erased."""
        if self.erased_at is not None:
            return ""
        return f"{self.given_name} {self.family_name}".strip() or self.email


class Membership(Model):
    """A user's role in one organisation; ``sees_sensitive`` is the right to sensitive answers."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    sees_sensitive: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()


class OneTimeLink(Model):
    """A link mailed to a user.

    What opens it is signed with SECRET_KEY over its id and ``stamp`` (a random number), so that
    neither this table nor the outbox holds anything that opens an account.
    """

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_column(LinkPurpose))
    stamp: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
