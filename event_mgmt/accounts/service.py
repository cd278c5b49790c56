"""What people do with their own account: take it up, name, password, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from sqlalchemy import select

from event_mgmt.accounts import authentication, one_time_links, passwords, queries
from event_mgmt.accounts.models import LinkPurpose, OneTimeLink, User
from event_mgmt.accounts.refusals import EmailTaken, WeakPassword
from event_mgmt.accounts.rules import (
    RESETS_FROM_ADDRESS,
    RESETS_OF_ACCOUNT,
    network_of,
    password_weakness,
)
from event_mgmt.audit.service import Actor, record
from event_mgmt.core import throttle
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing, Refusal
from event_mgmt.mail.outbox import MessageDraft, enqueue


@dataclass(frozen=True)
class Profile:
    """What somebody says about themselves."""

    given_name: str
    family_name: str
    locale: str


@dataclass(frozen=True)
class NewUser:
    """An account to be made by the operator."""

    email: str
    profile: Profile
    password: str
    is_platform_admin: bool = False


def normalised_email(text: str) -> str:
    """The address as accounts keep it; raises Refusal for what is no address."""
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Refusal(_("This is not an e-mail address."), field="email") from None


def checked_password_hash(password: str, about: Mapping[str, str] | User) -> str:
    """The hash of a password that the rules accept; raises WeakPassword for others."""
    if isinstance(about, User):
        about = {"e": about.email, "g": about.given_name, "f": about.family_name}
    words = list(about.values())
    words += [word.partition("@")[0] for word in words if "@" in word]
    fault = password_weakness(password, about=words)
    if fault is not None:
        raise WeakPassword(fault)
    return passwords.hash_of(password)


def create(new: NewUser, *, by: Actor, now: datetime) -> User:
    """Make an account at once, without an invitation. Raises EmailTaken and WeakPassword."""
    email = normalised_email(new.email)
    about = {"e": email, "g": new.profile.given_name, "f": new.profile.family_name}
    return _create(email, new, checked_password_hash(new.password, about), by=by, now=now)


@transactional
def _create(email: str, new: NewUser, hashed: str, *, by: Actor, now: datetime) -> User:
    if queries.user_by_email(email) is not None:
        raise EmailTaken
    user = User(
        email=email,
        given_name=new.profile.given_name.strip(),
        family_name=new.profile.family_name.strip(),
        locale=new.profile.locale,
        password_hash=hashed,
        is_platform_admin=new.is_platform_admin,
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    changes = {"email": user.email, "is_platform_admin": user.is_platform_admin}
    record("account_created", by=by, now=now, subject="user", subject_id=user.id, changes=changes)
    return user


@transactional
def change_profile(user_id: int, profile: Profile, *, now: datetime) -> None:
    """Change one's own name and language."""
    user = lock_user(user_id)
    before = {"name": user.display_name, "locale": user.locale}
    user.given_name = profile.given_name.strip()
    user.family_name = profile.family_name.strip()
    user.locale = profile.locale
    after = {"name": user.display_name, "locale": user.locale}
    changes = {k: [before[k], after[k]] for k in before if before[k] != after[k]}
    if changes:
        record_account_change("account_profile_changed", user, now=now, changes=changes)


def change_password(user_id: int, current: str, new: str, *, now: datetime) -> User:
    """Change one's password; all sessions end. Gives the user for the session that goes on.

    Raises WrongPassword, TooManyAttempts and WeakPassword.
    """
    authentication.prove_password(user_id, current, now=now)
    hashed = checked_password_hash(new, queries.user(user_id))
    return _set_password(user_id, hashed, "account_password_changed", now=now)


@transactional
def _set_password(user_id: int, hashed: str, action: str, *, now: datetime) -> User:
    user = lock_user(user_id)
    user.password_hash = hashed
    user.session_version += 1
    one_time_links.void(user.id, LinkPurpose.PASSWORD_RESET, now=now)
    record_account_change(action, user, now=now)
    _tell_of_new_password(user, now=now)
    return user


def _tell_of_new_password(user: User, *, now: datetime) -> None:
    enqueue(
        MessageDraft(
            key=f"password_changed:{user.id}:{user.session_version}",
            kind="password_changed",
            to_address=user.email,
            to_name=user.display_name,
            locale=user.locale,
            facts={"user_id": user.id},
        ),
        now=now,
    )


@transactional
def end_sessions(user_id: int, *, now: datetime) -> None:
    """Sign the user out everywhere: every session made until now is dead, copied ones too."""
    user = lock_user(user_id)
    user.session_version += 1
    record_account_change("account_signed_out", user, now=now)


def ask_for_reset(email: str, *, address: str, now: datetime) -> None:
    """Mail a link for a new password, if there is such an account; the caller never learns.

    Who was invited and has not come yet gets a new invitation instead. Raises TooManyAttempts for
    too many requests from one network address; too many for one account are passed over silently.
    """
    from_here = {f"reset:{network_of(address)}": RESETS_FROM_ADDRESS}
    authentication.within_limits(from_here, now=now)
    _send_reset(email, now=now)


@transactional
def _send_reset(email: str, *, now: datetime) -> None:
    """Write the mail; for nobody the same is written and taken back, so that time tells nothing."""
    key, limit = f"reset:{authentication.account_key(email)}", RESETS_OF_ACCOUNT
    within = throttle.count_attempt(key, window=limit.window, now=now) <= limit.tries
    user = queries.user_by_email(email)
    reader = user if user is not None and user.is_active and within else None
    written_to = reader or queries.first_user()
    if written_to is None:
        return
    with db.session.begin_nested() as step:
        _mail_way_in(written_to, now=now)
        if reader is None:
            step.rollback()


def _mail_way_in(user: User, *, now: datetime) -> None:
    if user.password_hash is None:
        send_invitation(user, now=now)
        return
    link = one_time_links.issue(user.id, LinkPurpose.PASSWORD_RESET, now=now)
    _queue_link("password_reset", user, link, now=now)


def send_invitation(user: User, *, now: datetime, **facts: object) -> None:
    """Mail a link to take up the account, in the running transaction."""
    link = one_time_links.issue(user.id, LinkPurpose.INVITATION, now=now)
    _queue_link("colleague_invitation", user, link, now=now, **facts)


def _queue_link(
    kind: str, user: User, link: OneTimeLink, *, now: datetime, **facts: object
) -> None:
    enqueue(
        MessageDraft(
            key=f"{kind}:{link.id}:{link.stamp}",
            kind=kind,
            to_address=user.email,
            to_name=f"{user.given_name} {user.family_name}".strip(),
            locale=user.locale,
            facts={"link_id": link.id, **facts},
        ),
        now=now,
    )


def reset_password(token: str, password: str, *, now: datetime) -> None:
    """Set a new password by a mailed link; all sessions end, a second factor stays.

    Raises Missing, LinkExpired and WeakPassword.
    """
    link = one_time_links.opened(LinkPurpose.PASSWORD_RESET, token, now=now)
    hashed = checked_password_hash(password, queries.user(link.user_id))
    _spend_and_set(link, hashed, now=now)


@transactional
def _spend_and_set(link: OneTimeLink, hashed: str, *, now: datetime) -> None:
    one_time_links.spend(link, now=now)
    _set_password(link.user_id, hashed, "account_password_reset", now=now)


def accept_invitation(token: str, profile: Profile, password: str, *, now: datetime) -> User:
    """Take up the account one was invited to, with one's own name and password.

    Raises Missing, LinkExpired and WeakPassword.
    """
    link = one_time_links.opened(LinkPurpose.INVITATION, token, now=now)
    user = queries.user(link.user_id)
    about = {"e": user.email, "g": profile.given_name, "f": profile.family_name}
    return _take_up(link, profile, checked_password_hash(password, about), now=now)


@transactional
def _take_up(link: OneTimeLink, profile: Profile, hashed: str, *, now: datetime) -> User:
    one_time_links.spend(link, now=now)
    user = lock_user(link.user_id)
    if not user.is_active:
        raise Missing
    user.given_name = profile.given_name.strip()
    user.family_name = profile.family_name.strip()
    user.locale = profile.locale
    user.password_hash = hashed
    user.last_signed_in_at = now
    record_account_change("account_taken_up", user, now=now)
    return user


def lock_user(user_id: int) -> User:
    """The user, locked until the running transaction ends; Missing where there is none."""
    user = db.session.scalars(
        select(User).where(User.id == user_id).with_for_update()
    ).one_or_none()
    if user is None:
        raise Missing
    return user


def record_account_change(
    action: str, user: User, *, now: datetime, changes: Mapping[str, object] | None = None
) -> None:
    """Write an audit entry of what ``user`` did to their own account."""
    by = Actor.user(user.id)
    record(action, by=by, now=now, subject="user", subject_id=user.id, changes=changes)
