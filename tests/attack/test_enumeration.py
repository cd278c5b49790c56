"""Who has an account, and who is registered, is told by no word, header, cookie or time."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from event_mgmt.accounts import passwords
from event_mgmt.core.database import db, transactional
from event_mgmt.core.throttle import ThrottleCount
from tests.attack.stage import House, browser, csrf_header, text_of
from tests.builders import a_user

PASSWORD = "vier lange Wörter hintereinander"
PAIRS = 25
ALIKE = 0.10


@transactional
def _forget_tries() -> None:
    db.session.execute(delete(ThrottleCount))


def _sign_in(_house: House, email: str, _n: int) -> tuple[str, dict[str, Any]]:
    return "/login", {"email": email, "password": "ganz falsche lange Wörter"}


def _reset(_house: House, email: str, _n: int) -> tuple[str, dict[str, Any]]:
    return "/password/forgotten", {"email": email}


def _register(house: House, email: str, n: int) -> tuple[str, dict[str, Any]]:
    person = {"given_name": "Ana", "family_name": "Novak", "organisation": "Novak", "country": "SI"}
    nonce = f"{email[:1]}{n:04}".ljust(24, "x")
    return f"/events/{house.event.slug}/register", {**person, "email": email, "nonce": nonce}


DOORS = {"sign-in": _sign_in, "reset": _reset, "registration": _register}


def _answer(app: Flask, url: str, form: dict[str, Any]) -> tuple[Any, float]:
    client = browser(app)
    headers = csrf_header(app)
    began = time.process_time()
    answer = client.post(url, data=form, headers=headers)
    return answer, time.process_time() - began


def _said(app: Flask, answer: Any, email: str) -> tuple[int, str, list[str], str]:
    headers = [f"{k}: {v}" for k, v in answer.headers if k not in {"Set-Cookie", "Content-Length"}]
    headers = [re.sub(r"'nonce-[^']*'", "", line) for line in headers]
    cookies = [c.partition("=")[0] for c in answer.headers.getlist("Set-Cookie")]
    text = text_of(answer).replace(email, "somebody")
    plain = re.sub(r'nonce="[^"]*"|value="[\w.+-]{20,}"', "", text)
    return answer.status_code, plain, cookies, "\n".join(headers)


@pytest.fixture
def known(attacked: Flask, own: House) -> str:
    """Somebody who has an account and is registered."""
    email = "known@example.org"
    a_user(own.organisation, email=email, password_hash=passwords.hash_of(PASSWORD))
    url, form = _register(own, email, 9999)
    assert _answer(attacked, url, form)[0].status_code == 303
    return email


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_get_the_same_answer(
    attacked: Flask, own: House, known: str, door: str
) -> None:
    said = []
    for number, email in enumerate((known, "never@example.org")):
        answer, _seconds = _answer(attacked, *DOORS[door](own, email, number))
        said.append(_said(attacked, answer, email))

    assert said[0] == said[1]


def _ratio(
    app: Flask, ask: Callable[..., tuple[str, dict[str, Any]]], house: House, known: str, start: int
) -> float:
    """Processor time for the known over that for the unknown, each the median of many pairs."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    for number in range(start, start + PAIRS + 2):
        for is_known in (True, False) if number % 2 else (False, True):
            _forget_tries()
            email = known if is_known else f"u{number}@example.org"
            _page, seconds = _answer(app, *ask(house, email, number))
            if number >= start + 2:  # the first ones load what is loaded once
                spent[is_known].append(seconds)
    return statistics.median(spent[True]) / statistics.median(spent[False])


@pytest.mark.parametrize("door", DOORS)
def test_an_answer_takes_as_long_whether_somebody_is_known_or_not(
    attacked: Flask, own: House, known: str, door: str
) -> None:
    distances: list[float] = []
    while len(distances) < 3 and min(distances, default=1) > ALIKE:
        # A loaded machine can spoil one measurement, not three.
        start = 100 * len(distances)
        distances.append(abs(_ratio(attacked, DOORS[door], own, known, start) - 1))

    assert min(distances) <= ALIKE, distances


def test_a_shortcut_for_unknown_addresses_would_be_seen(
    attacked: Flask, own: House, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the hash that belongs to nobody the times lie far apart."""
    genuine = passwords.matches
    monkeypatch.setattr(
        passwords, "matches", lambda stored, word: stored is not None and genuine(stored, word)
    )

    assert _ratio(attacked, _sign_in, own, known, 0) > 1 + 3 * ALIKE
