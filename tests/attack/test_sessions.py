"""Sessions, cookies and pages in other people's hands."""

from __future__ import annotations

import itertools
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.accounts import members, service
from event_mgmt.accounts.models import Role, User
from event_mgmt.accounts.passwords import hash_of
from event_mgmt.accounts.second_factor import turn_on
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from tests.attack.stage import House, Stranger, a_house, browser, csrf_header, routes_of, url_of
from tests.builders import a_user
from tests.conftest import make_app
from tests.web.sign_in import csrf_of

PASSWORD = "vier lange Wörter hintereinander"
AWAY = (
    "//evil.example.net",
    "/\\evil.example.net",
    "https://evil.example.net/",
    "https:evil.example.net",
    "javascript:alert(1)",
    "/\t/evil.example.net",
    "/\r\nSet-Cookie: x=1",
    "\\/evil.example.net",
    "///evil.example.net",
    "//localhost@evil.example.net",
    " /desk/",
    "/" * 3000,
)


@pytest.fixture
def user(own: House) -> User:
    return a_user(own.organisation, Role.ORGANISER, password_hash=hash_of(PASSWORD))


def _sign_in(client: FlaskClient, user: User, next_: str = "") -> Any:
    token = csrf_of(client.get("/login"))
    form = {"email": user.email, "password": PASSWORD, "next": next_, "csrf_token": token}
    return client.post("/login", data=form)


def _cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def _with(app: Flask, cookie: str) -> FlaskClient:
    client = Stranger(app, app.response_class)
    client.set_cookie("session", cookie)
    return client


def _is_in(client: FlaskClient) -> bool:
    return client.get("/desk/").status_code == 200


@pytest.fixture
def copied(attacked: Flask, user: User) -> FlaskClient:
    """A thief's browser with a copy of the user's cookie."""
    client = Stranger(attacked, attacked.response_class)
    assert _sign_in(client, user).status_code == 302
    thief = _with(attacked, _cookie(client))
    assert _is_in(thief)
    return thief


def test_a_copied_cookie_is_dead_after_signing_out(
    copied: FlaskClient, user: User, now: datetime
) -> None:
    service.end_sessions(user.id, now=now)

    assert not _is_in(copied)


def test_a_copied_cookie_is_dead_after_a_new_password(
    copied: FlaskClient, user: User, now: datetime
) -> None:
    service.change_password(user.id, PASSWORD, "ganz andere lange Wörter", now=now)

    assert not _is_in(copied)


def test_a_copied_cookie_is_dead_once_its_user_is_blocked(
    copied: FlaskClient, own: House, user: User, now: datetime
) -> None:
    by, membership = Actor.user(own.user.id), user.memberships[0].id
    members.set_active(own.organisation.id, membership, active=False, by=by, now=now)

    assert not _is_in(copied)


def test_a_copied_cookie_loses_its_rights_at_once_when_the_role_goes(
    copied: FlaskClient, own: House, user: User, now: datetime
) -> None:
    page = f"/desk/events/{own.event.id}/edit"
    assert copied.get(page).status_code == 200
    by, membership = Actor.user(own.user.id), user.memberships[0].id
    members.remove(own.organisation.id, membership, by=by, now=now)

    answer = copied.get(page)
    assert (answer.status_code, answer.location) == (302, f"/login?next={page}")


def test_a_session_that_was_planted_is_not_the_one_that_signs_in(
    attacked: Flask, user: User
) -> None:
    attacker = Stranger(attacked, attacked.response_class)
    token = csrf_of(attacker.get("/login?next=/desk/account"))
    planted = _cookie(attacker)
    victim = _with(attacked, planted)
    form = {"email": user.email, "password": PASSWORD, "csrf_token": token}

    assert victim.post("/login", data=form).status_code == 302
    assert _is_in(victim)
    assert not _is_in(_with(attacked, planted))
    after = victim.post("/logout", data={"csrf_token": token})
    assert after.status_code == 400, "a token from before signing in is worth nothing after it"


def test_another_sessions_token_changes_nothing(attacked: Flask, own: House, user: User) -> None:
    attacker = Stranger(attacked, attacked.response_class)
    _sign_in(attacker, user)
    token = csrf_of(attacker.get("/desk/account/password"))
    victim = Stranger(attacked, attacked.response_class)
    victim_user = a_user(own.organisation, Role.ADMINISTRATOR, password_hash=hash_of(PASSWORD))
    _sign_in(victim, victim_user)
    form = {"given_name": "Eva", "family_name": "Evil", "locale": "de", "csrf_token": token}

    answer = victim.post("/desk/account", data=form)

    assert answer.status_code == 422
    assert "Eva Evil" not in victim.get("/desk/").text


def test_a_code_of_the_app_and_a_recovery_code_open_once(
    attacked: Flask, user: User, now: datetime
) -> None:
    secret = pyotp.random_base32()
    recovery = turn_on(user.id, secret, pyotp.TOTP(secret).at(now), PASSWORD, now=now)
    totp, step = pyotp.TOTP(secret), int(now.timestamp()) // 30
    spent, fresh = totp.generate_otp(step), totp.generate_otp(step + 1)
    outcome = []

    for code in (spent, recovery[0], recovery[0], fresh, spent):
        client = Stranger(attacked, attacked.response_class)
        assert "/login/code" in _sign_in(client, user).headers["Location"]
        assert not _is_in(client), "the password alone opens nothing"
        token = csrf_of(client.get("/login/code"))
        client.post("/login/code", data={"code": code, "csrf_token": token})
        outcome.append(_is_in(client))

    assert outcome == [False, True, False, True, False]


@pytest.mark.parametrize("target", AWAY, ids=lambda target: ascii(target)[:30])
def test_no_way_back_leads_to_another_site(attacked: Flask, user: User, target: str) -> None:
    client = Stranger(attacked, attacked.response_class)

    by_form = _sign_in(client, user, next_=target)
    again = client.get("/login", query_string={"next": target})
    page = Stranger(attacked, attacked.response_class).get("/login", query_string={"next": target})

    for answer in (by_form, again):
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/desk/"
        assert len(answer.headers.get_all("Set-Cookie")) <= 1
    (kept,) = re.findall(r'name="next"[^>]*value="([^"]*)"', page.text)
    assert kept == ""


def _policy(header: str) -> dict[str, list[str]]:
    parts = (part.split() for part in header.split(";"))
    return {name: values for name, *values in parts}


def test_every_answer_is_hardened(attacked: Flask, own: House) -> None:
    client = browser(attacked, own.user, registrations={str(own.registration.id): 1})
    nonces = []

    for rule, method in routes_of(attacked):
        url = url_of(attacked, rule, own.values, method)
        answer = client.open(url, method=method, headers=csrf_header(attacked))
        policy = _policy(answer.headers["Content-Security-Policy"])
        assert policy["default-src"] == policy["frame-ancestors"] == ["'none'"], rule
        assert policy["base-uri"] == ["'none'"], rule
        assert policy["form-action"] == ["'self'"], rule
        sources = " ".join(itertools.chain.from_iterable(policy.values()))
        assert "unsafe" not in sources, rule
        assert "*" not in sources, rule
        assert "http" not in sources, rule
        assert answer.headers["X-Content-Type-Options"] == "nosniff", rule
        assert answer.headers["Referrer-Policy"] == "same-origin", rule
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", rule
        assert "Access-Control-Allow-Origin" not in answer.headers, rule
        assert "Server" not in answer.headers, rule
        nonces += re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])

    assert len(nonces) == len(set(nonces)) >= 2


@pytest.mark.parametrize("base", ["http://localhost", "https://localhost"])
def test_no_cache_keeps_what_belongs_to_one_person(tmp_path: Path, base: str) -> None:
    app = make_app(tmp_path, "", PUBLIC_BASE_URL=base)
    kept, shown = [], 0
    with app.app_context():
        house = a_house(app, "H")
        secure = {"base_url": base}
        client = Stranger(app, app.response_class)
        with client.session_transaction(**secure) as session:
            session["_user_id"] = f"{house.user.id}:{house.user.session_version}"
            session["registrations"] = {str(house.registration.id): 1}
        for rule, method in routes_of(app):
            is_personal = rule.rule.startswith(("/desk/", "/my-registration/", "/registration/"))
            if method != "GET" or not is_personal:
                continue
            values = {**house.values}
            if rule.endpoint == "registrations.enter":
                values["token"] = house.link
            answer = client.get(url_of(app, rule, values), **secure)
            shown += answer.status_code == 200
            if "no-store" not in answer.headers.get("Cache-Control", ""):
                kept.append((str(rule), answer.status_code))
        first = Stranger(app, app.response_class).get("/login", **secure)
        db.session.remove()
        db.engine.dispose()

    assert kept == []
    assert shown > 30
    assert "no-store" in first.headers["Cache-Control"], "a page that begins a session is one's own"
