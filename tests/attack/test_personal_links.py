"""Links in mails: following them changes nothing, only the right one opens, guessing is slow."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from event_mgmt.accounts.models import LinkPurpose
from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core import tokens
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.core.throttle import ThrottleCount
from event_mgmt.registration_desk import commands as desk_service
from event_mgmt.registrations import commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration
from event_mgmt.web import wrong_links
from tests.attack.stage import (
    House,
    a_one_time_link,
    browser,
    contents,
    routes_of,
    rules_of,
    url_of,
)
from tests.builders import a_registration, a_user

GUESSES = 10_000
FAR_AWAY = "203.0.113.9"


def _opened(app: Flask, house: House) -> list[Any]:
    """Browsers of everybody who may come by a link: nobody, a guest, somebody of the house."""
    waiting = a_registration(
        house.event,
        status=Status.OFFERED,
        offer_expires_at=house.event.starts_at - timedelta(days=1),
    )
    unsure = a_registration(house.event, status=Status.UNCONFIRMED)
    links = {str(one.id): 1 for one in (house.registration, waiting, unsure)}
    reset = a_one_time_link(house.user.id, LinkPurpose.PASSWORD_RESET)
    invited = a_one_time_link(a_user().id, LinkPurpose.INVITATION)
    return [
        browser(app),
        browser(app, registrations=links, password_reset=reset, invitation=invited),
        browser(app, house.user, registrations=links),
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_follows_every_address_changes_not_one_row(
    attacked: Flask, own: House, method: str
) -> None:
    clients = _opened(attacked, own)
    reset = a_one_time_link(own.user.id, LinkPurpose.PASSWORD_RESET)
    invited = a_one_time_link(a_user().id, LinkPurpose.INVITATION)
    tokens_of = {
        "registrations.enter": own.link,
        "accounts.reset": reset,
        "accounts.accept_invitation": invited,
    }
    before = contents(without=frozenset())
    statuses: Counter[int] = Counter()

    for client in clients:
        for rule in rules_of(attacked):
            if "GET" not in (rule.methods or set()):
                continue
            token = tokens_of.get(rule.endpoint, own.values["token"])
            url = url_of(attacked, rule, {**own.values, "token": token})
            statuses[client.open(url, method=method).status_code] += 1

    assert contents(without=frozenset()) == before
    assert statuses[200] > 100
    assert max(statuses) < 500


def test_the_button_behind_a_link_does_change_a_row(attacked: Flask, own: House) -> None:
    """The control: the comparison of all tables notices what a POST does."""
    before = contents()
    commands.cancel(own.registration.id, by=PARTICIPANT, now=own.event.created_at)

    assert contents() != before


def _enters(app: Flask, token: str) -> int:
    return browser(app).get(f"/registration/{token}").status_code


def test_a_renewed_link_leaves_the_old_one_and_the_pages_it_opened_dead(
    attacked: Flask, own: House, now: datetime
) -> None:
    client = browser(attacked)
    client.get(f"/registration/{own.link}")
    here = f"/my-registration/{own.registration.id}"
    assert client.get(here).status_code == 200

    desk_service.renew_link(own.registration.id, by=Actor.user(own.user.id), now=now)

    assert _enters(attacked, own.link) == 404
    pages = [
        client.get(url_of(attacked, rule, own.values)).status_code
        for rule, method in routes_of(attacked)
        if method == "GET" and rule.rule.startswith("/my-registration/")
    ]
    assert set(pages) == {404}
    fresh = tokens.sign("registration", own.registration.id, 2)
    assert _enters(attacked, fresh) == 303


def test_a_token_opens_one_kind_of_door_only(attacked: Flask, own: House) -> None:
    doors = {
        "registrations.enter": own.link,
        "accounts.reset": a_one_time_link(own.user.id, LinkPurpose.PASSWORD_RESET),
        "accounts.accept_invitation": a_one_time_link(a_user().id, LinkPurpose.INVITATION),
    }
    opened = {
        (door, key)
        for rule in rules_of(attacked)
        if (door := rule.endpoint) in doors
        for key, token in doors.items()
        if browser(attacked).get(url_of(attacked, rule, {"token": token})).status_code < 400
    }

    assert opened == {(name, name) for name in doors}


def _forged(app: Flask, own: House) -> list[str]:
    payload, _dot, signature = own.link.rpartition(".")
    wrong_key = URLSafeSerializer("k" * 40, salt="event_mgmt.registration")
    other_salt = URLSafeSerializer(app.secret_key, salt="event_mgmt.other")
    values: list[Any] = [
        [own.registration.id, 1],
        [own.registration.id],
        {"id": own.registration.id},
        None,
        [True, True],
        ["1", "1"],
        [10**40, 1],
    ]
    return [
        f"{payload}.",
        payload,
        f"{payload}.{signature[:-1]}",
        f"{payload}.{signature}A",
        f"{payload}x.{signature}",
        *(serializer.dumps(value) for serializer in (wrong_key, other_salt) for value in values),
        "..",
        "a" * 3000,
        "š" * 20,
    ]


def test_forged_cut_and_foreign_tokens_all_get_the_same_answer(attacked: Flask, own: House) -> None:
    answers = set()

    for token in _forged(attacked, own):
        for path in ("/registration/", "/password/", "/invitation/"):
            answer = browser(attacked).get(path + token)
            answers.add((path, answer.status_code))
            assert "Set-Cookie" not in answer.headers or "session=" in answer.headers["Set-Cookie"]

    assert {status for _path, status in answers} == {404}


def test_ten_thousand_guesses_open_nothing_and_are_shut_out(attacked: Flask, own: House) -> None:
    client = browser(attacked)
    payload = own.link.rpartition(".")[0]
    statuses: Counter[int] = Counter()
    opened = 0

    for number in range(GUESSES):
        token = f"{payload}.{secrets.token_urlsafe(32)}"
        if number < 100 or number % 100 == 0:  # as requests, some 200: the limit comes early
            answer = client.get(f"/registration/{token}", environ_base={"REMOTE_ADDR": FAR_AWAY})
            statuses[answer.status_code] += 1
        opened += _is_genuine(token)

    assert opened == 0
    assert _is_genuine(own.link)
    assert statuses[404] == wrong_links.MOST
    assert set(statuses) == {404, 429}
    right = client.get(f"/registration/{own.link}", environ_base={"REMOTE_ADDR": FAR_AWAY})
    assert right.status_code == 303, "whoever shares the network still comes in by a right link"


LINKS = ["/registration/", "/registration/new-address/", "/password/", "/invitation/"]


@pytest.mark.parametrize("kind", LINKS)
def test_guesses_at_any_kind_of_link_are_shut_out(attacked: Flask, kind: str) -> None:
    client, there = browser(attacked), {"REMOTE_ADDR": FAR_AWAY}

    statuses = [
        client.get(f"{kind}W10.{n}", environ_base=there).status_code
        for n in range(wrong_links.MOST + 2)
    ]

    assert statuses == [404] * wrong_links.MOST + [429] * 2


def test_guesses_at_all_kinds_of_links_count_together(attacked: Flask, own: House) -> None:
    client, there = browser(attacked), {"REMOTE_ADDR": FAR_AWAY}
    for n in range(wrong_links.MOST):
        client.get(f"{LINKS[n % len(LINKS)]}W10.{n}", environ_base=there)

    assert {client.get(f"{kind}x", environ_base=there).status_code for kind in LINKS} == {429}
    assert client.get("/registration/new-address/x").status_code == 404, "from elsewhere"


def _is_genuine(token: str) -> bool:
    try:
        return bool(tokens.read("registration", token))
    except Missing:
        return False


GUESSER = """
import sys, secrets
from event_mgmt import settings
from event_mgmt.wiring import create_app
app = create_app(settings.load({"INSTANCE_DIR": sys.argv[1], "DATABASE_URL": sys.argv[2]}, testing=True))
client = app.test_client()
for _n in range(20):
    answer = client.get("/registration/W10.x", environ_base={"REMOTE_ADDR": sys.argv[3]})
    print(answer.status_code)
"""


@pytest.mark.processes
def test_guesses_are_counted_over_all_processes(app: Flask) -> None:
    order = (app.instance_path, app.config["SQLALCHEMY_DATABASE_URI"], FAR_AWAY)
    db.session.rollback()

    said = [
        subprocess.run(
            [sys.executable, "-c", GUESSER, *order], capture_output=True, text=True, check=True
        ).stdout.split()
        for _process in range(2)
    ]

    assert Counter(said[0]) == {"404": 20}
    assert Counter(said[1]) == {"404": wrong_links.MOST - 20, "429": 40 - wrong_links.MOST}
    counted = db.session.scalars(select(ThrottleCount.key)).all()
    assert len(counted) == 1
    assert FAR_AWAY not in counted[0], "a counter keeps no address"


def test_a_cookie_of_links_cannot_be_made_up(attacked: Flask, own: House) -> None:
    """The signature is checked: an unsigned or wrongly signed session is an empty one."""
    client = browser(attacked)
    genuine = browser(attacked, registrations={str(own.registration.id): 1})
    cookie = genuine.get_cookie("session")
    assert cookie is not None
    payload, stamp, signature = cookie.value.rsplit(".", 2)

    for forged in (payload, f"{payload}.{stamp}.{signature[::-1]}", f"{payload}.{stamp}."):
        client.set_cookie("session", forged)
        assert client.get(f"/my-registration/{own.registration.id}").status_code == 404


def test_an_ended_registrations_link_shows_the_end_and_offers_nothing(
    attacked: Flask, own: House, now: datetime
) -> None:
    commands.cancel(own.registration.id, by=PARTICIPANT, now=now)
    client = browser(attacked)
    client.get(f"/registration/{own.link}")
    page = client.get(f"/my-registration/{own.registration.id}").text

    assert "<form" not in page.replace('<form class="search', "")
    assert db.session.get_one(Registration, own.registration.id).status is Status.CANCELLED
