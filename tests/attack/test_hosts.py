"""Poisoned addresses: no Host, X-Forwarded-… or Forwarded header reaches a link, mail or cookie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.mail import mime_rendering
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.models import Message
from tests.attack.stage import (
    House,
    Stranger,
    a_house,
    browser,
    csrf_header,
    routes_of,
    rules_of,
    url_of,
)
from tests.builders import NOW
from tests.conftest import make_app
from tests.shared_databases import empty

EVIL = "evil.example.net"
FORWARDED = {
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Server": EVIL,
    "X-Forwarded-Proto": f"https://{EVIL}/",
    "X-Forwarded-Port": "6666",
    "X-Forwarded-Prefix": f"//{EVIL}",
    "X-Forwarded-For": "198.51.100.7",
    "X-Original-Host": EVIL,
    "X-Original-URL": f"//{EVIL}/",
    "X-Rewrite-URL": f"//{EVIL}/",
    "X-HTTP-Host-Override": EVIL,
    "Forwarded": f"for=198.51.100.7;host={EVIL};proto=https",
    "Referer": f"http://{EVIL}/",
    "Origin": f"http://{EVIL}",
}
HOSTS = (EVIL, f"localhost.{EVIL}", f"{EVIL}:80", f"localhost@{EVIL}", "", "[::1", "localhost/../")


@pytest.fixture(params=[0, 1, 2], ids=["no proxy", "one proxy", "two proxies"])
def hops(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def proxied(hops: int, tmp_path: Path) -> Iterator[Flask]:
    """An application that trusts so many proxies before it."""
    app = make_app(tmp_path, "", PROXY_HOPS=str(hops))
    empty(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _said(answer: Any) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{headers}\n{answer.data.decode('utf-8', 'replace')}"


def _texts_of_mails() -> Iterator[str]:
    db.session.rollback()
    for message in db.session.scalars(select(Message)).all():
        letter = mail_kinds().write(message)
        outgoing, _subject = mime_rendering.compose_mail(letter, message, now=NOW)
        yield outgoing.content.decode()


def _forms(house: House) -> Iterator[tuple[str, dict[str, Any]]]:
    """Forms that write mail, one for each room."""
    guest = {"given_name": "Ana", "family_name": "Novak", "email": "ana@example.org"}
    guest["organisation"] = "Novak d.o.o."
    event = f"/desk/events/{house.event.id}"
    yield f"/events/{house.event.slug}/register", {**guest, "country": "SI"}
    yield "/password/forgotten", {"email": house.user.email}
    yield f"{event}/registrations/{house.registration.id}/renew-link", {}
    yield f"{event}/reminders/{house.values['rule_id']}/test", {"nonce": "n1"}
    yield (
        f"/desk/organisations/{house.organisation.id}/members/invite",
        {**guest, "email": "neu@example.org", "role": "staff", "locale": "de"},
    )


def _dangerous(hops: int) -> dict[str, str]:
    """What a client can send through so many proxies: each of them appends what it saw itself."""
    if not hops:
        return FORWARDED
    genuine = {"X-Forwarded-Host": "localhost", "X-Forwarded-Proto": "http"}
    genuine["X-Forwarded-For"] = "203.0.113.1"
    appended = {name: ", ".join([genuine[name]] * hops) for name in genuine}
    return {
        **FORWARDED,
        **{name: f"{FORWARDED[name]}, {appended[name]}" for name in genuine},
    }


def test_no_forwarded_header_is_read_in_any_answer(proxied: Flask, hops: int) -> None:
    house = a_house(proxied, "H")
    guest = browser(proxied, registrations={str(house.registration.id): 1})
    staff = browser(proxied, house.user)
    poisoned = []

    for rule, method in routes_of(proxied):
        for client in (guest, staff):
            url = url_of(proxied, rule, house.values, method)
            answer = client.open(
                url, method=method, headers={**_dangerous(hops), **csrf_header(proxied)}
            )
            if EVIL in _said(answer) or "6666" in _said(answer):
                poisoned.append((method, str(rule)))

    assert poisoned == []


def test_mails_lead_to_the_configured_address_whatever_the_request_said(
    proxied: Flask, hops: int
) -> None:
    house = a_house(proxied, "H")
    client = browser(proxied, house.user)
    headers = {**_dangerous(hops), **csrf_header(proxied)}

    for url, form in _forms(house):
        answer = client.post(url, data=form, headers=headers)
        assert answer.status_code < 400, (url, answer.status_code)
    mails = list(_texts_of_mails())

    assert len(mails) >= 6
    for text in mails:
        assert EVIL not in text
        for host in re.findall(r"https?://([^/\s\"<>]+)", text.replace("=\r\n", "")):
            assert host in {"localhost", "schema.org", "www.w3.org"}, host


@pytest.mark.parametrize("host", HOSTS, ids=repr)
def test_another_host_is_refused_before_anything_is_made(attacked: Flask, host: str) -> None:
    house = a_house(attacked, "H")
    client = browser(attacked, house.user)
    answers = set()

    for rule in rules_of(attacked):
        if "GET" not in (rule.methods or set()):
            continue
        url = url_of(attacked, rule, house.values)
        answer = client.get(url, headers={"Host": host})
        answers.add(answer.status_code)
        assert EVIL not in _said(answer), str(rule)
    without_slash = client.get(f"/desk/events/{house.event.id}", headers={"Host": host})

    assert answers == {400}
    assert EVIL not in _said(without_slash)


def test_a_proxy_may_name_only_a_host_that_is_ours(tmp_path: Path) -> None:
    app = make_app(tmp_path, "", PROXY_HOPS="1")
    with app.app_context():
        named = {
            host: Stranger(app, app.response_class)
            .get("/login", headers={"X-Forwarded-Host": host})
            .status_code
            for host in (EVIL, f"localhost, {EVIL}", "localhost")
        }
        db.session.remove()
        db.engine.dispose()

    assert named == {EVIL: 400, f"localhost, {EVIL}": 400, "localhost": 200}


def test_without_a_proxy_nobody_chooses_the_address_that_tries_are_counted_by(
    proxied: Flask, hops: int
) -> None:
    """With one hop the last address counts, which the proxy itself has written."""
    client = browser(proxied)
    statuses = []

    for number in range(13):
        before = [f"198.51.100.{number}"] + ["203.0.113.1"] * hops
        answer = client.post(
            "/login",
            data={"email": "a@example.org", "password": "wrong wrong wrong"},
            headers={"X-Forwarded-For": ", ".join(before), **csrf_header(proxied)},
        )
        statuses.append(answer.status_code)

    assert statuses == [422] * 10 + [429] * 3


@pytest.mark.parametrize(
    "path", [f"//{EVIL}", f"//{EVIL}/", f"///{EVIL}", f"/\\{EVIL}", f"//{EVIL}//desk", "//x:y@z/"]
)
def test_a_path_that_looks_like_a_host_leads_nowhere_else(attacked: Flask, path: str) -> None:
    client = browser(attacked)
    answer = client.get("/", environ_overrides={"PATH_INFO": path, "REQUEST_URI": path})

    links = re.findall(r'(?:href|action|src|content)="([^"]*)"', answer.text)
    away = [link for link in links if re.match(r"[/\\]{2,}|https?://(?!localhost)", link)]

    assert away == []
    assert not re.match(r"[/\\]{2,}", answer.headers.get("Location", ""))


def test_cookies_name_no_domain_and_under_https_hold_for_this_host_alone(tmp_path: Path) -> None:
    app = make_app(tmp_path, "", PUBLIC_BASE_URL="https://events.example.org", PROXY_HOPS="1")
    with app.app_context():
        answer = Stranger(app, app.response_class).get(
            "/login",
            headers={"X-Forwarded-Host": "events.example.org", "X-Forwarded-Proto": "https"},
        )
        db.session.remove()
        db.engine.dispose()
    cookie = answer.headers["Set-Cookie"]

    assert cookie.startswith("__Host-session=")
    assert all(part in cookie for part in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"))
    assert "Domain" not in cookie
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
