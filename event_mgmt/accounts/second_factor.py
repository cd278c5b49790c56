"""Turning the second factor on and off: codes of an authenticator app beside the password."""

from __future__ import annotations

from datetime import datetime

from event_mgmt.accounts import authentication, one_time_codes
from event_mgmt.accounts.models import User
from event_mgmt.accounts.refusals import WrongCode
from event_mgmt.accounts.service import lock_user, record_account_change
from event_mgmt.core.database import transactional
from event_mgmt.core.refusals import Missing


def turn_on(user_id: int, secret: str, code: str, password: str, *, now: datetime) -> list[str]:
    """Ask for codes of an authenticator app from now on; gives the recovery codes, only once.

    ``code`` proves that the app has the secret, ``password`` that it is the account's owner who
    would otherwise be locked out. Raises WrongPassword, TooManyAttempts and WrongCode.
    """
    authentication.prove_password(user_id, password, now=now)
    return _turn_on(user_id, secret, code, now=now)


@transactional
def _turn_on(user_id: int, secret: str, code: str, *, now: datetime) -> list[str]:
    user = lock_user(user_id)
    step = one_time_codes.accepted_step(secret, code, now=now, last_step=None)
    if step is None:
        raise WrongCode
    user.totp_secret = secret
    user.totp_last_step = step
    record_account_change("account_second_factor_on", user, now=now)
    return _fresh_recovery_codes(user)


def turn_off(user_id: int, password: str, *, now: datetime) -> None:
    """Ask for the password alone again. Raises WrongPassword and TooManyAttempts."""
    authentication.prove_password(user_id, password, now=now)
    _turn_off(user_id, now=now)


@transactional
def _turn_off(user_id: int, *, now: datetime) -> None:
    user = lock_user(user_id)
    user.totp_secret = None
    user.totp_last_step = None
    user.recovery_hashes = []
    record_account_change("account_second_factor_off", user, now=now)


def renew_codes(user_id: int, password: str, *, now: datetime) -> list[str]:
    """New recovery codes; the old ones work no more. Raises WrongPassword and TooManyAttempts."""
    authentication.prove_password(user_id, password, now=now)
    return _renew_codes(user_id, now=now)


@transactional
def _renew_codes(user_id: int, *, now: datetime) -> list[str]:
    user = lock_user(user_id)
    if user.totp_secret is None:
        raise Missing
    record_account_change("account_recovery_codes_renewed", user, now=now)
    return _fresh_recovery_codes(user)


def _fresh_recovery_codes(user: User) -> list[str]:
    fresh = one_time_codes.new_recovery_codes()
    user.recovery_hashes = [one_time_codes.recovery_hash(code) for code in fresh]
    return fresh
