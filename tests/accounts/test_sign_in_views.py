"""The pages of signing in and out, and of mailed links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.accounts import members, one_time_codes, one_time_links, passwords, service
from event_mgmt.accounts.members import Invitation
from event_mgmt.accounts.models import OneTimeLink, Role, User
from event_mgmt.audit.service import Actor
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.mail.models import Message
from tests.builders import NOW, a_user, an_organisation, saved
from tests.web.sign_in import csrf_of, signed_in, submit

PASSWORD = "vier pferde am rhein"
NEW = "drei wege zur drau"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(sqlite_app: Flask) -> User:
    hashed = passwords.hash_of(PASSWORD)
    return a_user(an_organisation(), email="maja@example.org", password_hash=hashed)


def _sign_in(client: FlaskClient, next_: str = "", password: str = PASSWORD):
    url = f"/login?next={next_}" if next_ else "/login"
    return submit(client, url, email="maja@example.org", password=password)


def _is_in(client: FlaskClient) -> bool:
    return client.get("/login").status_code == 302


def _token() -> str:
    link = db.session.scalars(select(OneTimeLink).order_by(OneTimeLink.id.desc())).first()
    assert link is not None
    return one_time_links.token_of(link)


def test_signing_in_leads_to_where_one_wanted_to_go(client: FlaskClient, user: User) -> None:
    answer = _sign_in(client, "/calendar?month=2027-02")

    assert (answer.status_code, answer.location) == (302, "/calendar?month=2027-02")
    assert _is_in(client)


def test_signing_in_leads_to_the_desk_and_never_to_another_site(
    client: FlaskClient, user: User
) -> None:
    answer = _sign_in(client, "https://evil.example/")
    assert answer.location == "/desk/"

    forged = client.post("/login?next=//evil.example", data={"next": "//evil.example"})
    assert forged.location == "/desk/"


def test_a_wrong_password_keeps_the_address_and_shows_no_password(
    client: FlaskClient, user: User
) -> None:
    answer = _sign_in(client, password="wrong wrong wrong")

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'value="maja@example.org"' in page
    assert "wrong wrong wrong" not in page
    assert not _is_in(client)


def test_too_many_tries_are_told_with_429(client: FlaskClient, user: User) -> None:
    for _ in range(10):
        assert _sign_in(client, password="wrong wrong wrong").status_code == 422

    answer = _sign_in(client)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "maja@example.org" in answer.get_data(as_text=True)
    assert not _is_in(client)


def test_a_form_without_a_valid_token_is_shown_again_with_what_was_typed(
    client: FlaskClient, user: User
) -> None:
    data = {"email": "maja@example.org", "password": PASSWORD, "csrf_token": "stale"}
    answer = client.post("/login", data=data)

    assert answer.status_code == 422
    assert 'value="maja@example.org"' in answer.get_data(as_text=True)
    assert "CSRF" not in answer.get_data(as_text=True)
    assert not _is_in(client)


def test_signing_in_begins_a_new_session(client: FlaskClient, user: User) -> None:
    client.get("/login?lang=sl")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        old_token = session.get("csrf_token")

    _sign_in(client)

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != old_token
        assert session["locale"] == "sl"


def test_a_cookie_that_was_copied_is_dead_after_signing_out(
    client: FlaskClient, user: User, sqlite_app: Flask
) -> None:
    _sign_in(client)
    cookie = client.get_cookie("session")
    assert cookie is not None
    thief = sqlite_app.test_client()
    thief.set_cookie("session", cookie.value)
    assert _is_in(thief)

    token = csrf_of(client.get("/password/forgotten"))
    answer = client.post("/logout", data={"csrf_token": token})

    assert answer.location == "/login"
    assert not _is_in(client)
    thief.set_cookie("session", cookie.value)
    assert not _is_in(thief)


def test_signing_out_takes_a_post_with_a_token(client: FlaskClient, user: User) -> None:
    _sign_in(client)

    assert client.get("/logout").status_code == 405
    assert client.post("/logout").status_code == 400
    assert _is_in(client)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: FlaskClient, user: User
) -> None:
    header = _sign_in(client).headers["Set-Cookie"]

    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_a_session_ends_after_twelve_idle_hours_and_after_seven_busy_days(
    client: FlaskClient, user: User, clock: time_machine.Traveller
) -> None:
    _sign_in(client)
    for hours in range(11, 7 * 24, 11):
        clock.move_to(NOW + timedelta(hours=hours))
        assert _is_in(client), hours
    clock.move_to(NOW + timedelta(days=7, seconds=1))
    assert not _is_in(client)

    _sign_in(client)
    clock.shift(timedelta(hours=12, seconds=1))
    assert not _is_in(client)


def test_with_a_second_factor_the_password_alone_opens_nothing(
    client: FlaskClient, user: User, clock: time_machine.Traveller
) -> None:
    user.totp_secret = one_time_codes.new_secret()
    saved(user)

    answer = _sign_in(client, "/calendar")
    assert answer.location == "/login/code?next=/calendar"
    assert not _is_in(client)
    wrong = submit(client, answer.location, code="000000")
    assert wrong.status_code == 422

    right = submit(client, answer.location, code=pyotp.TOTP(user.totp_secret).at(NOW))
    assert (right.status_code, right.location) == (302, "/calendar")
    assert _is_in(client)


def test_the_second_page_waits_ten_minutes_and_no_longer_than_the_password_holds(
    client: FlaskClient, user: User, clock: time_machine.Traveller
) -> None:
    user.totp_secret = one_time_codes.new_secret()
    saved(user)
    assert client.get("/login/code").location == "/login"

    _sign_in(client)
    clock.shift(timedelta(minutes=10, seconds=1))
    assert client.get("/login/code").location == "/login"

    _sign_in(client)
    service.end_sessions(user.id, now=utc_now())
    assert client.get("/login/code").location == "/login"


def test_known_and_unknown_addresses_get_the_same_page(client: FlaskClient, user: User) -> None:
    pages = set()
    for email in ("maja@example.org", "nobody@example.org"):
        answer = submit(client, "/password/forgotten", email=email)
        assert answer.status_code == 200
        page = answer.get_data(as_text=True).replace(email, "…")
        pages.add(re.sub(r'(value|nonce)="[^"]{20,}"', "", page))

    assert len(pages) == 1
    assert len(db.session.scalars(select(Message)).all()) == 1


def test_a_mailed_link_changes_nothing_by_itself_and_leaves_the_address_bar(
    client: FlaskClient, user: User
) -> None:
    service.ask_for_reset(user.email, address="", now=NOW)
    token = _token()
    for _ in range(3):  # mail scanners follow links too
        answer = client.get(f"/password/{token}")
        assert answer.location == "/password"
        assert "no-store" in answer.headers["Cache-Control"]
    assert token not in client.get("/password").get_data(as_text=True)

    short = submit(client, "/password", password="short")
    assert short.status_code == 422
    done = submit(client, "/password", password=NEW)
    assert done.location == "/login"
    assert _sign_in(client, password=NEW).status_code == 302


@pytest.mark.parametrize("path", ["/password", "/welcome", "/password/forged", "/invitation/x"])
def test_without_a_link_there_is_no_page(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_link_that_ran_out_says_so(
    client: FlaskClient, user: User, clock: time_machine.Traveller
) -> None:
    service.ask_for_reset(user.email, address="", now=NOW)
    client.get(f"/password/{_token()}")
    clock.shift(timedelta(hours=1))

    answer = client.get("/password")

    assert answer.status_code == 410
    assert "/password/forgotten" in answer.get_data(as_text=True)


def test_an_invited_colleague_gives_a_name_and_a_password_and_is_in(
    client: FlaskClient, user: User
) -> None:
    organisation = an_organisation("Kunststoff.NRW")
    members.invite(
        organisation.id,
        Invitation("ana@example.org", Role.STAFF, "sl"),
        by=Actor.user(user.id),
        now=NOW,
    )
    answer = client.get(f"/invitation/{_token()}")
    assert answer.location == "/welcome"
    assert "Kunststoff.NRW" in client.get("/welcome").get_data(as_text=True)

    personal = submit(
        client,
        "/welcome",
        given_name="Ana",
        family_name="Novak",
        locale="sl",
        password="ana.novak@..",
    )
    assert personal.status_code == 422
    assert 'value="Novak"' in personal.get_data(as_text=True)

    done = submit(
        client, "/welcome", given_name="Ana", family_name="Novak", locale="sl", password=NEW
    )
    assert done.location == "/desk/"
    assert _is_in(client)
    assert client.get("/welcome").status_code == 404


def test_who_is_signed_in_already_goes_on(client: FlaskClient, user: User) -> None:
    assert signed_in(client, user).get("/login?next=/calendar").location == "/calendar"
