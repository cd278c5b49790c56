"""Proving who somebody is: password, second factor, and the limits on trying."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from event_mgmt.accounts import one_time_codes, passwords, queries
from event_mgmt.accounts.models import User
from event_mgmt.accounts.refusals import SignInFailed, TooManyAttempts, WrongCode, WrongPassword
from event_mgmt.accounts.rules import (
    ATTEMPTS_FROM_ADDRESS,
    ATTEMPTS_FROM_ADDRESS_ON_ACCOUNT,
    ATTEMPTS_ON_ACCOUNT,
    SECOND_FACTOR_ATTEMPTS,
    AttemptLimit,
    network_of,
)
from event_mgmt.core import throttle
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing


def authenticate(email: str, password: str, *, address: str, now: datetime) -> User:
    """The user with this e-mail address and password; ``address`` is the network address.

    Hashing happens outside of any transaction: it is 20 ms of work, and on the embedded database
    a transaction that writes keeps everybody else waiting.

    Raises SignInFailed, in alike words and after alike time, for an unknown address, a wrong
    password and a blocked account; TooManyAttempts when a limit is reached.
    """
    own_keys = _account_keys(email, address)
    within_limits({**own_keys, f"sign-in:{network_of(address)}": ATTEMPTS_FROM_ADDRESS}, now=now)
    user = queries.user_by_email(email)
    stored = user.password_hash if user is not None and user.is_active else None
    if not passwords.matches(stored, password) or user is None or stored is None:
        raise SignInFailed
    fresh = passwords.hash_of(password) if passwords.needs_rehash(stored) else stored
    _password_was_right(user.id, stored, fresh, list(own_keys), now=now)
    return queries.user(user.id)


def check_second_factor(user_id: int, code: str, *, now: datetime) -> User:
    """Take an app's code or a recovery code of a user whose password was right.

    A recovery code works once, an app's code in its time step once.
    Raises WrongCode, and TooManyAttempts when the limit is reached.
    """
    within_limits({f"second-factor:{user_id}": SECOND_FACTOR_ATTEMPTS}, now=now)
    if not _use_code(user_id, code, now=now):
        raise WrongCode
    return queries.user(user_id)


def prove_password(user_id: int, password: str, *, now: datetime) -> None:
    """Let a signed-in user prove that it is still them, before something that matters.

    Raises WrongPassword, and TooManyAttempts when the limit is reached.
    """
    within_limits({f"proof:{user_id}": ATTEMPTS_FROM_ADDRESS_ON_ACCOUNT}, now=now)
    user = queries.user(user_id)
    if not passwords.matches(user.password_hash, password):
        raise WrongPassword
    throttle.reset_attempts(f"proof:{user_id}")


def within_limits(limits: Mapping[str, AttemptLimit], *, now: datetime) -> None:
    """Count one try for each key; raises TooManyAttempts when any of them has had too many.

    It is counted before anything is looked at, so that guesses sent at once count as well, and
    the counts stand although the try is refused.
    """
    if not _count(limits, now=now):
        raise TooManyAttempts


@transactional
def _count(limits: Mapping[str, AttemptLimit], *, now: datetime) -> bool:
    counts = [
        throttle.count_attempt(key, window=limit.window, now=now) <= limit.tries
        for key, limit in limits.items()
    ]
    return all(counts)


def _account_keys(email: str, address: str) -> dict[str, AttemptLimit]:
    account = account_key(email)
    return {
        f"sign-in:{account}:{network_of(address)}": ATTEMPTS_FROM_ADDRESS_ON_ACCOUNT,
        f"sign-in:{account}": ATTEMPTS_ON_ACCOUNT,
    }


def account_key(email: str) -> str:
    """What tries on an account are counted by: no address is kept of whom nobody knows."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]


@transactional
def _password_was_right(
    user_id: int, stored: str, fresh: str, keys: list[str], *, now: datetime
) -> None:
    values: dict[str, object] = {"password_hash": fresh}
    if db.session.scalar(select(User.totp_secret).where(User.id == user_id)) is None:
        values["last_signed_in_at"] = now
    db.session.execute(
        update(User).where(User.id == user_id, User.password_hash == stored).values(**values)
    )
    for key in keys:
        throttle.reset_attempts(key)


@transactional
def _use_code(user_id: int, code: str, *, now: datetime) -> bool:
    # Locked, so that of two who send the same code at once only one comes in.
    user = db.session.scalars(
        select(User).where(User.id == user_id).with_for_update()
    ).one_or_none()
    if user is None or user.totp_secret is None or not user.is_active:
        raise Missing
    step = one_time_codes.accepted_step(
        user.totp_secret, code, now=now, last_step=user.totp_last_step
    )
    if step is not None:
        user.totp_last_step = step
    elif (hashed := one_time_codes.recovery_hash(code)) in user.recovery_hashes:
        user.recovery_hashes = [h for h in user.recovery_hashes if h != hashed]
    else:
        return False
    user.last_signed_in_at = now
    throttle.reset_attempts(f"second-factor:{user_id}")
    return True
