"""The team of an organisation: invite, change, block and remove members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from event_mgmt.accounts import one_time_links, queries
from event_mgmt.accounts.models import LinkPurpose, Membership, Role, User
from event_mgmt.accounts.refusals import AlreadyMember, MemberOfOtherOrganisation, MemberRefusal
from event_mgmt.accounts.rules import MembershipObstacle, membership_obstacle
from event_mgmt.accounts.service import normalised_email, send_invitation
from event_mgmt.audit.service import Actor, record
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.mail.outbox import MessageDraft, enqueue
from event_mgmt.organisations.models import Organisation


@dataclass(frozen=True)
class Invitation:
    """Whom to ask into a team, as what, and in which language to write to them."""

    email: str
    role: Role
    locale: str
    sees_sensitive: bool = False


@transactional
def invite(organisation_id: int, invitation: Invitation, *, by: Actor, now: datetime) -> Membership:
    """Add somebody to the team and tell them by mail.

    Who has no account gets a link to take one up; who works for another organisation is simply
    told. Raises AlreadyMember, Missing, and MemberRefusal where administrators name themselves.
    """
    _lock(organisation_id)
    email = normalised_email(invitation.email)
    user = queries.user_by_email(email)
    if user is not None and user.id == by.user_id:
        raise MemberRefusal(MembershipObstacle.OWN)
    if user is None:
        user = _new_user(email, invitation.locale, now=now)
    if any(m.organisation_id == organisation_id for m in user.memberships):
        raise AlreadyMember
    if not user.is_active and not user.memberships:
        user.is_active = True  # left every team before, and now comes back
    membership = Membership(
        organisation_id=organisation_id,
        role=invitation.role,
        sees_sensitive=invitation.sees_sensitive,
    )
    user.memberships.append(membership)
    db.session.flush()
    _tell(membership, user, by=by, now=now)
    facts = {"role": membership.role.value, "sees_sensitive": membership.sees_sensitive}
    _record("member_invited", membership, by=by, now=now, changes={"email": email, **facts})
    return membership


def _new_user(email: str, locale: str, *, now: datetime) -> User:
    user = User(email=email, given_name="", family_name="", locale=locale, created_at=now)
    db.session.add(user)
    db.session.flush()
    return user


def _tell(membership: Membership, user: User, *, by: Actor, now: datetime) -> None:
    if user.password_hash is None:
        facts = {"organisation_id": membership.organisation_id, "inviter_id": by.user_id}
        send_invitation(user, now=now, **facts)
        return
    enqueue(
        MessageDraft(
            key=f"team_joined:{membership.id}:{now.isoformat()}",
            kind="team_joined",
            to_address=user.email,
            to_name=user.display_name,
            locale=user.locale,
            facts={"membership_id": membership.id, "inviter_id": by.user_id},
        ),
        now=now,
    )


@transactional
def invite_again(organisation_id: int, membership_id: int, *, by: Actor, now: datetime) -> None:
    """Mail a new link to somebody who has not taken up their account; the old link opens no more.

    Raises Missing for a member who has, or who is not of this organisation.
    """
    membership = queries.membership(organisation_id, membership_id)
    if membership.user.password_hash is not None or not membership.user.is_active:
        raise Missing
    _tell(membership, membership.user, by=by, now=now)
    _record("member_invited_again", membership, by=by, now=now)


@transactional
def change(
    organisation_id: int,
    membership_id: int,
    *,
    role: Role,
    sees_sensitive: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Give a member another role, or the right to sensitive answers.

    Raises MemberRefusal (one's own place, the last administrator) and Missing.
    """
    membership = _guarded(organisation_id, membership_id, becomes=role, by=by)
    before = {"role": membership.role.value, "sees_sensitive": membership.sees_sensitive}
    membership.role = role
    membership.sees_sensitive = sees_sensitive
    after = {"role": role.value, "sees_sensitive": sees_sensitive}
    changes = {k: [before[k], after[k]] for k in before if before[k] != after[k]}
    if changes:
        _record("member_changed", membership, by=by, now=now, changes=changes)


@transactional
def remove(organisation_id: int, membership_id: int, *, by: Actor, now: datetime) -> None:
    """Take somebody out of the team; who is in no team any more cannot sign in.

    Raises MemberRefusal (oneself, the last administrator) and Missing.
    """
    membership = _guarded(organisation_id, membership_id, becomes=None, by=by)
    user = membership.user
    _record("member_removed", membership, by=by, now=now, changes={"name": user.display_name})
    user.memberships.remove(membership)
    db.session.flush()
    if not user.memberships and not user.is_platform_admin:
        _block(user, now=now)


@transactional
def set_active(
    organisation_id: int, membership_id: int, *, active: bool, by: Actor, now: datetime
) -> None:
    """Block a member's account, or open it again. A blocked one's sessions and links end.

    Raises MemberRefusal (oneself, the last administrator), MemberOfOtherOrganisation and Missing.
    """
    becomes = None if not active else Role.ADMINISTRATOR
    membership = _guarded(organisation_id, membership_id, becomes=becomes, by=by)
    user = membership.user
    if user.is_active is active:
        return
    if len(user.memberships) > 1 or user.is_platform_admin:
        raise MemberOfOtherOrganisation
    if active:
        user.is_active = True
    else:
        _block(user, now=now)
    _record("member_opened" if active else "member_blocked", membership, by=by, now=now)


def _block(user: User, *, now: datetime) -> None:
    user.is_active = False
    user.session_version += 1
    for purpose in LinkPurpose:
        one_time_links.void(user.id, purpose, now=now)


def _guarded(
    organisation_id: int, membership_id: int, *, becomes: Role | None, by: Actor
) -> Membership:
    """The membership, after the organisation was locked and the rules have agreed."""
    _lock(organisation_id)
    membership = queries.membership(organisation_id, membership_id)
    fault = membership_obstacle(
        is_own=by.user_id == membership.user_id,
        was=membership.role,
        becomes=becomes,
        other_administrators=_other_administrators(membership),
    )
    if fault is not None:
        raise MemberRefusal(fault)
    return membership


def _other_administrators(membership: Membership) -> int:
    # Who was invited and has not come yet cannot stand in for somebody who has.
    query = (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == membership.organisation_id,
            Membership.id != membership.id,
            Membership.role == Role.ADMINISTRATOR,
            User.is_active,
        )
    )
    if membership.user.password_hash is not None:
        query = query.where(User.password_hash.is_not(None))
    return db.session.scalar(query) or 0


def _lock(organisation_id: int) -> None:
    # Two administrators who demote each other at the same moment come one after the other.
    query = select(Organisation.id).where(Organisation.id == organisation_id)
    if db.session.scalar(query.with_for_update()) is None:
        raise Missing


def _record(
    action: str,
    membership: Membership,
    *,
    by: Actor,
    now: datetime,
    changes: Mapping[str, object] | None = None,
) -> None:
    record(
        action,
        by=by,
        now=now,
        subject="user",
        subject_id=membership.user_id,
        organisation_id=membership.organisation_id,
        changes=changes,
    )
