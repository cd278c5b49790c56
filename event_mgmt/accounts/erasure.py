"""Taking a person out of their account; its id stays, so that nobody else inherits what it did."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select

from event_mgmt.accounts import queries
from event_mgmt.accounts.authentication import account_key
from event_mgmt.accounts.models import Membership, OneTimeLink, Role, User
from event_mgmt.accounts.refusals import AccountStillNeeded, OwnAccount
from event_mgmt.accounts.service import lock_user
from event_mgmt.core import throttle
from event_mgmt.core.database import db
from event_mgmt.organisations.models import Organisation

NOWHERE: Final = "erased.invalid"
"""The domain of addresses that stand for nobody (RFC 2606, 2)."""


def check_dispensable(user: User, *, by_id: int | None) -> None:
    """Refuse while others depend on the account: OwnAccount, or AccountStillNeeded.

    Nobody erases their own, and neither an organisation nor the platform stays without its last
    administrator, also when two erase each other at the same moment.
    """
    if user.id == by_id:
        raise OwnAccount
    _one_after_the_other(user)
    if user.is_platform_admin and not _others(User.is_platform_admin.is_(True), user):
        raise AccountStillNeeded
    for place in user.memberships:
        same = select(Membership.user_id).where(
            Membership.organisation_id == place.organisation_id,
            Membership.role == Role.ADMINISTRATOR,
        )
        if place.role is Role.ADMINISTRATOR and not _others(User.id.in_(same), user):
            raise AccountStillNeeded


def _one_after_the_other(user: User) -> None:
    """Hold whatever could be left without its last administrator until the transaction ends."""
    bodies = [place.organisation_id for place in user.memberships]
    held = [select(Organisation.id).where(Organisation.id.in_(bodies)).order_by(Organisation.id)]
    if user.is_platform_admin:
        held.append(select(User.id).where(User.is_platform_admin).order_by(User.id))
    for statement in held:
        db.session.execute(statement.with_for_update()).all()


def _others(which: ColumnElement[bool], user: User) -> int:
    counted = select(func.count()).select_from(User)
    standing_in = (User.id != user.id, User.is_active, User.password_hash.is_not(None))
    return db.session.execute(counted.where(which, *standing_in)).scalar_one()


def close(address: str, *, until: datetime | None = None, now: datetime) -> int | None:
    """Empty and close the account of ``address`` in the running transaction; gives its id.

    ``None`` where there is none, or none from before ``until``. All sessions and links end.
    """
    found = queries.user_by_email(address)
    if found is None or (until is not None and found.created_at > until):
        return None
    user = lock_user(found.id)
    user.email = f"user-{user.id}@{NOWHERE}"
    user.given_name = user.family_name = ""
    user.password_hash = user.totp_secret = user.totp_last_step = None
    user.recovery_hashes = []
    user.is_active = user.is_platform_admin = False
    user.session_version += 1
    user.erased_at = now
    user.memberships.clear()
    db.session.flush()
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user.id))
    throttle.reset_attempts_about(account_key(address))
    return user.id
