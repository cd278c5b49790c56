"""Nonsense at every address, parameter and form: an answer in words, never a fault."""

from __future__ import annotations

import io
import itertools
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.routing import Rule

from event_mgmt.core.database import db
from event_mgmt.core.throttle import ThrottleCount
from tests.attack import nasty
from tests.attack.conftest import LONG
from tests.attack.recording import Asked, names_on, noting
from tests.attack.stage import House, a_house, browser, csrf_header, routes_of, url_of
from tests.builders import _about_to_write
from tests.web.sign_in import HtmlForm, forms_of


@pytest.fixture(autouse=True)
def frozen(now: datetime) -> Iterator[datetime]:
    """A clock that runs: two deeds at the very same microsecond are no person's."""
    with time_machine.travel(now, tick=True):
        yield now


EVERYTHING = (*nasty.TEXTS, *nasty.NUMBERS, *nasty.TIMES)


_numbers = itertools.count(1)


def _lord_of(app: Flask) -> House:
    """A new house whose user may do everything, everywhere."""
    house = a_house(app, f"H{next(_numbers)}")
    house.user.is_platform_admin = True
    _about_to_write()
    db.session.add(house.user)
    db.session.execute(delete(ThrottleCount))
    db.session.commit()
    return house


def _client(app: Flask, house: House) -> FlaskClient:
    links = {str(house.registration.id): house.registration.link_version}
    return browser(app, house.user, registrations=links)


def _is_short() -> bool:
    """Whether a quarter of the pages will do: all of them are tried on the embedded database."""
    return db.engine.dialect.name == "postgresql" and not LONG


def _fault(client: FlaskClient, url: str, **how: Any) -> str:
    """What went wrong, or ''; a refused or unread request is no fault."""
    try:
        answer = client.open(url, **how)
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    return str(answer.status_code) if answer.status_code >= 500 else ""


def _parameters(app: Flask, house: House) -> list[tuple[Rule, set[str]]]:
    """Which parameters each page asks for, or leads to itself with."""
    found = []
    client = _client(app, house)
    with noting(app) as asked:
        for rule, method in routes_of(app):
            if method == "GET":
                page = client.get(url_of(app, rule, house.values))
                names = names_on(page.text) if page.mimetype == "text/html" else set()
                found.append((rule, names))
        return [(rule, names | asked[rule.endpoint]) for rule, names in found]


def _queries(names: set[str], values: tuple[str, ...]) -> Iterator[str]:
    ordered = sorted(names)
    for value in values:
        if LONG:
            yield from (f"{name}={quote_plus(value)}" for name in ordered)
        yield "&".join(f"{name}={quote_plus(value)}" for name in ordered)
    yield "&".join(f"{name}=1&{name}=x" for name in ordered)


def test_no_parameter_of_any_page_makes_a_fault(app: Flask) -> None:
    house = _lord_of(app)
    parameters = _parameters(app, house)
    values = nasty.FEW[:2] if _is_short() else EVERYTHING if LONG else nasty.FEW
    client = _client(app, house)
    faults = []
    tried = 0

    for rule, names in parameters[:: 4 if _is_short() else 1]:
        url = url_of(app, rule, house.values)
        for query in _queries(names, values):
            tried += 1
            if fault := _fault(client, f"{url}?{query}"):
                faults.append((str(rule), query[:150], fault))
        for raw in nasty.BYTES:
            query = "&".join(f"{name}={quote(raw)}" for name in sorted(names))
            if fault := _fault(client, f"{url}?{query}"):
                faults.append((str(rule), query[:150], fault))

    named = set().union(*(names for _rule, names in parameters))
    assert {"page", "search", "order", "status", "q", "month", "lang", "view", "next"} <= named
    assert tried > (30 if _is_short() else 150)
    assert faults == []


ODD_IDS = ("0", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 40, "9" * 5000)
ODD_WORDS = ("%00", "a%00b", "%ff%fe", "%ED%A0%80", "..", "%2e%2e%2f", "x" * 3000, "%F0%9F%8E%89")


def _odd_addresses(app: Flask, rule: Rule, house: House) -> Iterator[str]:
    for name in rule.arguments:
        is_number = rule._converters[name].regex == r"\d+"
        for odd in ODD_IDS if is_number else ODD_WORDS:
            marker = 777_000_777 if is_number else "MARKER"
            method = "GET" if "GET" in (rule.methods or set()) else "POST"
            yield url_of(app, rule, {**house.values, name: marker}, method).replace(
                str(marker), odd
            )


def test_no_id_or_word_in_an_address_makes_a_fault(app: Flask) -> None:
    house = _lord_of(app)
    client = _client(app, house)
    faults = []

    for rule, method in list(routes_of(app))[:: 4 if _is_short() else 1]:
        for url in _odd_addresses(app, rule, house):
            fault = _fault(client, url, method=method, headers=csrf_header(app))
            faults += [(method, str(rule), url[-60:], fault)] * bool(fault)

    assert faults == []


def _form_of(client: FlaskClient, url: str) -> HtmlForm:
    """The form that posts to ``url``, as it stands on its own page; an empty one elsewhere."""
    page = client.get(url)
    if page.status_code == 200 and page.mimetype == "text/html":
        for form in forms_of(page):
            if form.method == "post" and (form.action or url) == url:
                return form
    return HtmlForm(url, "post")


ODD_NUMBERS = ("\u00b2", "\u0663", "9" * 5000)
"""What some call a number, and what no number is made of: as the number of a row."""


def _bodies(names: list[str], asis: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Bodies that no page would send."""
    yield {"data": {}}
    yield {
        "data": b"\xff\xfe&=&&==&a=%&%ff=%ff",
        "content_type": "application/x-www-form-urlencoded",
    }
    yield {"data": urlencode([*asis, *asis, *asis])}
    for text in (b"{" * 5000, b"[" * 100_000 + b"]" * 100_000, b"[1]", b"7", _as_json(names)):
        yield {"data": text, "content_type": "application/json"}
    yield {"data": b"x" * 100, "content_type": "multipart/form-data"}
    yield {
        "data": b"--b\r\nContent-Disposition: form-data\r\n\r\n",
        "content_type": "multipart/form-data; boundary=b",
    }
    yield {
        "data": urlencode(asis),
        "content_type": "application/x-www-form-urlencoded; charset=utf-7",
    }
    yield {"data": {name: (io.BytesIO(b"\x00\xff" * 50), "a\0b.csv") for name in names}}
    odd = {f"companions-{n}-given_name": "x" for n in (0, 5, 10**6, "x", -1)}
    yield {
        "data": {**dict(asis), **odd, "companions": "x", "rows-x": "y", "items-9999999-title": "z"}
    }
    for number in ODD_NUMBERS:
        rows = {re.sub(r"(?<=-)[0-9]+", number, name): "x" for name in names}
        yield {"data": {**dict(asis), **rows, "do": f"remove:items:{number}"}}
    for raw in nasty.BYTES:
        yield _raw("&".join(f"{quote(name)}={quote(raw)}" for name in names))
    values = nasty.FEW if not LONG else EVERYTHING
    for value in values:
        yield {"data": dict.fromkeys(names, value)}
        if LONG:
            yield from ({"data": {**dict(asis), name: value}} for name in names)
    for value in ("a\0b", "9" * 40, "x" * 20_000):
        yield {"data": {name: value if old else old for name, old in asis}}


def _as_json(names: list[str]) -> bytes:
    return json.dumps({name: {"a": [1, None]} for name in names}).encode()


def _raw(body: str) -> dict[str, Any]:
    return {"data": body.encode(), "content_type": "application/x-www-form-urlencoded"}


def _fields(app: Flask, asked: Asked, rule: Rule, form: HtmlForm) -> list[str]:
    return sorted((form.names | asked[rule.endpoint]) - {"csrf_token"})


def test_no_form_makes_a_fault_whatever_it_is_sent(app: Flask) -> None:
    rules = [rule for rule, method in routes_of(app) if method == "POST"]
    rules = rules[:: 4 if _is_short() else 1]
    faults = []
    fields_seen: set[str] = set()

    for rule in rules:
        house = _lord_of(app)
        url = url_of(app, rule, house.values, "POST")
        form = _form_of(_client(app, house), url)
        with noting(app) as asked:
            _fault(_client(app, house), url, method="POST", headers=csrf_header(app))
            names = _fields(app, asked, rule, form)
        fields_seen.update(names)
        asis = [(name, value) for name, value in form.values if name != "csrf_token"]
        for body in _bodies(names, asis):
            client = _client(app, house)
            if fault := _fault(client, url, method="POST", headers=csrf_header(app), **body):
                faults.append((str(rule), str(body)[:120], fault))

    assert faults == []
    assert len(fields_seen) > 60 or db.engine.dialect.name == "postgresql"


@pytest.mark.parametrize("fields", [200_000])
def test_a_form_of_very_many_fields_is_refused_before_it_is_read(
    attacked: Flask, fields: int
) -> None:
    house = a_house(attacked, "H")
    body = "&".join(f"a{n}=1" for n in range(fields)).encode()

    answer = browser(attacked).post(
        f"/events/{house.event.slug}/register",
        data=body,
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 413
