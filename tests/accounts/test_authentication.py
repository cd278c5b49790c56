"""Signing in, the second factor, and the limits on trying, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from event_mgmt.accounts import authentication, one_time_codes, passwords, second_factor, sessions
from event_mgmt.accounts.models import User
from event_mgmt.accounts.refusals import SignInFailed, TooManyAttempts, WrongCode, WrongPassword
from event_mgmt.core.database import db
from event_mgmt.core.throttle import ThrottleCount
from tests.builders import a_user, an_organisation

PASSWORD = "vier pferde am rhein"
HOME = "192.0.2.1"


@pytest.fixture
def user(app: Flask) -> User:
    return a_user(
        an_organisation(), email="maja@example.org", password_hash=passwords.hash_of(PASSWORD)
    )


def test_the_right_password_signs_in_in_any_case_of_the_address(user: User, now: datetime) -> None:
    found = authentication.authenticate(" Maja@Example.org", PASSWORD, address=HOME, now=now)

    assert found.id == user.id
    assert found.last_signed_in_at == now


def test_wrong_password_unknown_address_blocked_and_invited_are_refused_alike(
    user: User, now: datetime
) -> None:
    a_user(email="blocked@example.org", is_active=False, password_hash=user.password_hash)
    a_user(email="invited@example.org", password_hash=None)
    words = set()
    for email, password in [
        ("maja@example.org", "some other password"),
        ("nobody@example.org", PASSWORD),
        ("blocked@example.org", PASSWORD),
        ("invited@example.org", ""),
    ]:
        with pytest.raises(SignInFailed) as refused:
            authentication.authenticate(email, password, address=HOME, now=now)
        words.add(str(refused.value))

    assert len(words) == 1


def test_a_hash_is_verified_also_where_nobody_has_the_address(
    user: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[bool] = []
    real = passwords._hasher.verify

    class Watching:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(True)
            return real(stored, password)

        def hash(self, password: str) -> str:
            return real.__self__.hash(password)

    monkeypatch.setattr(passwords, "_hasher", Watching())
    with pytest.raises(SignInFailed):
        authentication.authenticate("nobody@example.org", PASSWORD, address=HOME, now=now)

    assert verified == [True]


def test_an_old_hash_is_replaced_when_its_owner_signs_in(user: User, now: datetime) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    old = a_user(email="old@example.org", password_hash=weak)

    authentication.authenticate("old@example.org", PASSWORD, address=HOME, now=now)

    stored = db.session.scalars(select(User.password_hash).where(User.id == old.id)).one()
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(stored, PASSWORD)


def test_composed_and_decomposed_letters_are_the_same_password() -> None:
    assert passwords.matches(passwords.hash_of("žabe v \u010dolnu 7"), "z\u030cabe v c\u030colnu 7")


def test_the_eleventh_try_from_one_address_is_refused_and_others_are_not(
    user: User, now: datetime
) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailed):
            authentication.authenticate(user.email, "wrong wrong wrong", address=HOME, now=now)

    with pytest.raises(TooManyAttempts):
        authentication.authenticate(user.email, PASSWORD, address=HOME, now=now)
    elsewhere = authentication.authenticate(user.email, PASSWORD, address="192.0.2.9", now=now)
    assert elsewhere.id == user.id


def test_a_quarter_of_an_hour_later_one_may_try_again(user: User, now: datetime) -> None:
    for _ in range(11):
        with pytest.raises((SignInFailed, TooManyAttempts)):
            authentication.authenticate(user.email, "wrong wrong wrong", address=HOME, now=now)

    later = now + timedelta(minutes=15)
    assert authentication.authenticate(user.email, PASSWORD, address=HOME, now=later)


def test_an_account_has_a_limit_over_all_addresses(user: User, now: datetime) -> None:
    for n in range(50):
        with pytest.raises(SignInFailed):
            authentication.authenticate(user.email, "wrong", address=f"192.0.2.{n}", now=now)

    with pytest.raises(TooManyAttempts):
        authentication.authenticate(user.email, PASSWORD, address="198.51.100.1", now=now)


def test_an_address_has_a_limit_over_all_accounts(app: Flask, now: datetime) -> None:
    key = f"sign-in:{HOME}"
    db.session.connection(execution_options={"writes": True})
    db.session.add(ThrottleCount(key=key, tries=200, ends_at=now + timedelta(minutes=5)))
    db.session.commit()

    with pytest.raises(TooManyAttempts):
        authentication.authenticate("anybody@example.org", PASSWORD, address=HOME, now=now)


def test_the_limit_keeps_no_address_of_people_nobody_knows(app: Flask, now: datetime) -> None:
    with pytest.raises(SignInFailed):
        authentication.authenticate("secret@example.org", PASSWORD, address=HOME, now=now)

    keys = db.session.scalars(select(ThrottleCount.key)).all()
    assert keys
    assert not any("secret" in key for key in keys)


def test_a_code_of_the_app_works_once(user: User, now: datetime) -> None:
    secret = one_time_codes.new_secret()
    second_factor.turn_on(user.id, secret, pyotp.TOTP(secret).at(now), PASSWORD, now=now)
    with pytest.raises(WrongCode):
        authentication.check_second_factor(user.id, pyotp.TOTP(secret).at(now), now=now)

    later = now + timedelta(minutes=2)
    code = pyotp.TOTP(secret).at(later)
    assert authentication.check_second_factor(user.id, f" {code[:3]} {code[3:]} ", now=later)
    with pytest.raises(WrongCode):
        authentication.check_second_factor(user.id, code, now=later + timedelta(seconds=5))


def test_with_a_second_factor_the_password_alone_is_no_sign_in(user: User, now: datetime) -> None:
    secret = one_time_codes.new_secret()
    second_factor.turn_on(user.id, secret, pyotp.TOTP(secret).at(now), PASSWORD, now=now)

    authentication.authenticate(user.email, PASSWORD, address=HOME, now=now)
    assert db.session.get_one(User, user.id, populate_existing=True).last_signed_in_at is None

    later = now + timedelta(minutes=2)
    authentication.check_second_factor(user.id, pyotp.TOTP(secret).at(later), now=later)
    assert db.session.get_one(User, user.id, populate_existing=True).last_signed_in_at == later


def test_a_recovery_code_works_once_and_in_any_writing(user: User, now: datetime) -> None:
    secret = one_time_codes.new_secret()
    recovery = second_factor.turn_on(user.id, secret, pyotp.TOTP(secret).at(now), PASSWORD, now=now)
    assert len(set(recovery)) == 10
    assert not set(recovery) & set(db.session.get_one(User, user.id).recovery_hashes)

    written = recovery[3].replace("-", " ").upper()
    assert authentication.check_second_factor(user.id, written, now=now)
    with pytest.raises(WrongCode):
        authentication.check_second_factor(user.id, recovery[3], now=now)
    assert authentication.check_second_factor(user.id, recovery[4], now=now)


def test_codes_are_limited_too(user: User, now: datetime) -> None:
    secret = one_time_codes.new_secret()
    second_factor.turn_on(user.id, secret, pyotp.TOTP(secret).at(now), PASSWORD, now=now)
    for _ in range(10):
        with pytest.raises(WrongCode):
            authentication.check_second_factor(user.id, "000000", now=now)

    later = now + timedelta(minutes=2)
    with pytest.raises(TooManyAttempts):
        authentication.check_second_factor(user.id, pyotp.TOTP(secret).at(later), now=later)


def test_a_code_that_is_no_code_is_refused(user: User, now: datetime) -> None:
    secret = one_time_codes.new_secret()
    for code in ("", "12345", "1234567", "١٢٣٤٥٦", "abcdef"):
        assert one_time_codes.accepted_step(secret, code, now=now, last_step=None) is None


def test_the_second_factor_is_turned_on_only_by_an_app_that_has_the_secret(
    user: User, now: datetime
) -> None:
    with pytest.raises(WrongCode):
        second_factor.turn_on(user.id, one_time_codes.new_secret(), "000000", PASSWORD, now=now)

    secret = one_time_codes.new_secret()
    with pytest.raises(WrongPassword):
        second_factor.turn_on(user.id, secret, pyotp.TOTP(secret).at(now), "a guess", now=now)

    assert db.session.get_one(User, user.id).totp_secret is None


def test_turning_it_off_and_renewing_codes_takes_the_password(user: User, now: datetime) -> None:
    secret = one_time_codes.new_secret()
    old = second_factor.turn_on(user.id, secret, pyotp.TOTP(secret).at(now), PASSWORD, now=now)
    with pytest.raises(WrongPassword):
        second_factor.turn_off(user.id, "some other password", now=now)
    with pytest.raises(WrongPassword):
        second_factor.renew_codes(user.id, "some other password", now=now)

    fresh = second_factor.renew_codes(user.id, PASSWORD, now=now)
    with pytest.raises(WrongCode):
        authentication.check_second_factor(user.id, old[0], now=now)
    assert authentication.check_second_factor(user.id, fresh[0], now=now)

    second_factor.turn_off(user.id, PASSWORD, now=now)
    stored = db.session.get_one(User, user.id, populate_existing=True)
    assert (stored.totp_secret, stored.recovery_hashes) == (None, [])


def test_a_session_of_an_earlier_version_or_of_a_blocked_user_is_nobody(
    user: User, now: datetime
) -> None:
    blocked = a_user(is_active=False)
    loaded = sessions.load_session_user(f"{user.id}:{user.session_version}")
    assert loaded is not None
    assert loaded.get_id() == f"{user.id}:{user.session_version}"

    assert sessions.load_session_user(f"{user.id}:{user.session_version - 1}") is None
    assert sessions.load_session_user("nonsense") is None
    assert sessions.load_session_user(f"{blocked.id}:{blocked.session_version}") is None
