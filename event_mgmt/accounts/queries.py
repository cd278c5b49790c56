"""Reading users and their memberships."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from event_mgmt.accounts.models import Membership, Role, User
from event_mgmt.accounts.policy import Viewer
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.core.text import sort_key


def user(user_id: int) -> User:
    """The user with this id; Missing where there is none."""
    found = db.session.get(User, user_id)
    if found is None:
        raise Missing
    return found


def user_by_email(email: str) -> User | None:
    """The user who signs in with ``email``, in whichever case it is written."""
    return db.session.scalars(select(User).where(User.email == email.strip().lower())).one_or_none()


def first_user() -> User | None:
    """Whoever has had an account for longest; None while there is nobody."""
    return db.session.scalars(select(User).order_by(User.id).limit(1)).one_or_none()


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """The names of users by id, in one statement; those who are gone or erased are left out."""
    wanted = set(user_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(User.id, User.given_name, User.family_name, User.email).where(
            User.id.in_(wanted), User.erased_at.is_(None)
        )
    )
    return {row.id: f"{row.given_name} {row.family_name}".strip() or row.email for row in rows}


def members_of(organisation_id: int, *, locale: str) -> list[Membership]:
    """The memberships of an organisation with their users, ordered by name."""
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.user))
    )
    return sorted(
        rows, key=lambda m: sort_key(locale, m.user.family_name, m.user.given_name, m.user.email)
    )


def membership(organisation_id: int, membership_id: int) -> Membership:
    """One membership of this organisation; Missing for any other organisation's."""
    found = db.session.scalars(
        select(Membership)
        .where(Membership.id == membership_id, Membership.organisation_id == organisation_id)
        .options(joinedload(Membership.user))
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def visible_membership(organisation_id: int, _viewer: Viewer, membership_id: int) -> Membership:
    """The same, for routes; whoever sees one member of a team sees them all."""
    return membership(organisation_id, membership_id)


def notification_recipients(organisation_id: int, roles: Iterable[Role]) -> list[User]:
    """The active members of an organisation in these roles who have taken up their account."""
    return list(
        db.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(
                Membership.organisation_id == organisation_id,
                Membership.role.in_(list(roles)),
                User.is_active,
                User.password_hash.is_not(None),
            )
            .order_by(User.id)
        )
    )


def ids_of_members(organisation_ids: Collection[int]) -> Select[int]:
    """Selects the ids of those who belong to the teams of these organisations."""
    return select(Membership.user_id).where(Membership.organisation_id.in_(organisation_ids))


def memberships_of(user_id: int) -> Sequence[Membership]:
    """The teams that an account belongs to, with their organisations."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.user_id == user_id)
        .options(joinedload(Membership.organisation))
        .order_by(Membership.id)
    ).all()


@dataclass(frozen=True)
class StaffAccess:
    """How many active people an organisation has in a role, and how many see sensitive answers."""

    organisation_id: int
    role: Role
    people: int
    sees_sensitive: int


def staff_access_of(organisation_ids: Collection[int]) -> list[StaffAccess]:
    """The teams of these organisations as numbers, from the most to the least in rights."""
    sensitive = func.sum(case((Membership.sees_sensitive, 1), else_=0))
    rows = db.session.execute(
        select(Membership.organisation_id, Membership.role, func.count(), sensitive)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id.in_(organisation_ids), User.is_active)
        .group_by(Membership.organisation_id, Membership.role)
    )
    found = [StaffAccess(body, role, people, int(seeing)) for body, role, people, seeing in rows]
    return sorted(found, key=lambda staff: (staff.organisation_id, list(Role).index(staff.role)))
