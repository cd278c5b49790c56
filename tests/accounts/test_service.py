"""One's own account: password, links, sessions, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from event_mgmt.accounts import one_time_links, passwords, service, sessions
from event_mgmt.accounts.models import LinkPurpose, OneTimeLink, User
from event_mgmt.accounts.refusals import (
    EmailTaken,
    LinkExpired,
    TooManyAttempts,
    WeakPassword,
    WrongPassword,
)
from event_mgmt.accounts.service import NewUser, Profile
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core import tokens
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.mail.models import Message
from tests.builders import a_user
from tests.readers import kinds

OLD = "vier pferde am rhein"
NEW = "drei wege zur drau"
HOME = "192.0.2.1"


@pytest.fixture
def user(app: Flask) -> User:
    return a_user(email="maja@example.org", password_hash=passwords.hash_of(OLD))


def _stored(user: User) -> User:
    return db.session.get_one(User, user.id, populate_existing=True)


def _link() -> OneTimeLink:
    return db.session.scalars(select(OneTimeLink).order_by(OneTimeLink.id.desc())).first()


def test_a_new_password_ends_all_sessions_and_is_told_by_mail(user: User, now: datetime) -> None:
    before = f"{user.id}:{user.session_version}"

    service.change_password(user.id, OLD, NEW, now=now)

    assert passwords.matches(_stored(user).password_hash, NEW)
    assert sessions.load_session_user(before) is None
    assert kinds() == ["password_changed"]


def test_changing_the_password_takes_the_present_one_and_a_fit_new_one(
    user: User, now: datetime
) -> None:
    with pytest.raises(WrongPassword):
        service.change_password(user.id, "some other password", NEW, now=now)
    with pytest.raises(WeakPassword) as refused:
        service.change_password(user.id, OLD, "maja@example.org", now=now)

    assert refused.value.field == "password"
    assert passwords.matches(_stored(user).password_hash, OLD)


def test_guessing_the_present_password_in_an_open_session_is_limited(
    user: User, now: datetime
) -> None:
    for _ in range(10):
        with pytest.raises(WrongPassword):
            service.change_password(user.id, "some other password", NEW, now=now)

    with pytest.raises(TooManyAttempts):
        service.change_password(user.id, OLD, NEW, now=now)


def test_signing_out_kills_copied_sessions(user: User, now: datetime) -> None:
    copied = f"{user.id}:{user.session_version}"
    assert sessions.load_session_user(copied) is not None

    service.end_sessions(user.id, now=now)

    db.session.rollback()
    assert sessions.load_session_user(copied) is None


def test_asking_for_an_unknown_address_writes_no_mail_and_says_nothing(
    user: User, now: datetime
) -> None:
    a_user(email="blocked@example.org", password_hash="x", is_active=False)

    service.ask_for_reset("nobody@example.org", address=HOME, now=now)
    service.ask_for_reset("blocked@example.org", address=HOME, now=now)
    service.ask_for_reset("no address at all", address=HOME, now=now)

    assert kinds() == []


def test_a_mailed_link_sets_a_new_password_once(user: User, now: datetime) -> None:
    before = f"{user.id}:{user.session_version}"
    service.ask_for_reset("Maja@example.org", address=HOME, now=now)
    link = _link()
    token = one_time_links.token_of(link)
    facts = db.session.scalars(select(Message.facts)).one()
    assert facts == {"link_id": link.id}

    service.reset_password(token, NEW, now=now + timedelta(minutes=59))

    assert passwords.matches(_stored(user).password_hash, NEW)
    assert sessions.load_session_user(before) is None
    with pytest.raises(LinkExpired):
        service.reset_password(token, OLD, now=now + timedelta(minutes=59))
    assert kinds() == ["password_reset", "password_changed"]


def test_a_link_opens_for_an_hour(user: User, now: datetime) -> None:
    service.ask_for_reset(user.email, address=HOME, now=now)
    token = one_time_links.token_of(_link())

    with pytest.raises(LinkExpired):
        service.reset_password(token, NEW, now=now + timedelta(hours=1))


def test_an_unfit_password_does_not_use_the_link_up(user: User, now: datetime) -> None:
    service.ask_for_reset(user.email, address=HOME, now=now)
    token = one_time_links.token_of(_link())

    with pytest.raises(WeakPassword):
        service.reset_password(token, "short", now=now)

    service.reset_password(token, NEW, now=now)


def test_a_newer_link_closes_the_older_and_a_changed_password_closes_all(
    user: User, now: datetime
) -> None:
    service.ask_for_reset(user.email, address=HOME, now=now)
    first = one_time_links.token_of(_link())
    service.ask_for_reset(user.email, address=HOME, now=now)
    second = one_time_links.token_of(_link())
    with pytest.raises(LinkExpired):
        service.reset_password(first, NEW, now=now)

    service.change_password(user.id, OLD, NEW, now=now)

    with pytest.raises(LinkExpired):
        service.reset_password(second, OLD, now=now)


def test_a_link_opens_only_what_it_is_for(user: User, now: datetime) -> None:
    service.ask_for_reset(user.email, address=HOME, now=now)
    link = _link()
    token = one_time_links.token_of(link)

    for purpose, forged in [
        (LinkPurpose.INVITATION, token),
        (LinkPurpose.PASSWORD_RESET, token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:]),
        (
            LinkPurpose.PASSWORD_RESET,
            tokens.sign("one_time.password_reset", link.id, link.stamp ^ 1),
        ),
        (LinkPurpose.PASSWORD_RESET, ""),
    ]:
        with pytest.raises(Missing):
            one_time_links.opened(purpose, forged, now=now)


def test_mails_to_one_account_are_limited_silently_and_requests_from_one_address_loudly(
    user: User, now: datetime
) -> None:
    for n in range(30):
        service.ask_for_reset(user.email, address=HOME, now=now + timedelta(seconds=n))
    assert kinds() == ["password_reset"] * 3

    with pytest.raises(TooManyAttempts):
        service.ask_for_reset(user.email, address=HOME, now=now + timedelta(minutes=1))


def test_who_was_invited_and_forgot_is_invited_again(app: Flask, now: datetime) -> None:
    a_user(email="ana@example.org", password_hash=None)

    service.ask_for_reset("ana@example.org", address=HOME, now=now)

    assert kinds() == ["colleague_invitation"]
    assert _link().purpose is LinkPurpose.INVITATION


def test_an_account_blocked_after_its_invitation_is_not_taken_up(app: Flask, now: datetime) -> None:
    invited = a_user(email="ana@example.org", password_hash=None)
    service.ask_for_reset("ana@example.org", address=HOME, now=now)
    token = one_time_links.token_of(_link())
    db.session.rollback()
    db.session.connection(execution_options={"writes": True})
    db.session.execute(update(User).where(User.id == invited.id).values(is_active=False))
    db.session.commit()

    with pytest.raises(Missing):
        service.accept_invitation(token, Profile("Ana", "Novak", "sl"), NEW, now=now)
    assert _link().used_at is None


def test_a_changed_name_is_written_down_and_an_unchanged_one_is_not(
    user: User, now: datetime
) -> None:
    service.change_profile(user.id, Profile(" Maja ", "Novak", "sl"), now=now)
    service.change_profile(user.id, Profile("Maja", "Novak", "sl"), now=now)

    [entry] = db.session.scalars(select(AuditEntry)).all()
    assert entry.changes["name"][1] == "Maja Novak"
    assert entry.changes["locale"] == ["de", "sl"]


def test_the_operator_makes_an_account_once(app: Flask, now: datetime) -> None:
    new = NewUser("Op@Example.org", Profile("Op", "Erator", "en"), NEW, is_platform_admin=True)
    user = service.create(new, by=SYSTEM, now=now)

    assert (user.email, user.is_platform_admin) == ("op@example.org", True)
    with pytest.raises(EmailTaken):
        service.create(new, by=SYSTEM, now=now)
