"""Every address and method, for every role, for guests, and for whoever is not signed in."""

from __future__ import annotations

import itertools

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from event_mgmt.accounts.models import Role
from tests.attack.stage import (
    METHODS,
    House,
    browser,
    contents,
    csrf_header,
    missing,
    routes_of,
    rules_of,
    sent,
    url_of,
)
from tests.builders import a_user


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_pages_of_the_platform_and_of_other_houses_do_not_exist_for_anybody_else(
    attacked: Flask, own: House, foreign: House, role: Role | None
) -> None:
    user = a_user(own.organisation, role) if role else a_user()
    client = browser(attacked, user)
    before = contents()
    open_ones = []

    for rule, method in routes_of(attacked):
        policy = attacked.view_functions[rule.endpoint].policy
        if not (policy.platform or policy.right):
            continue
        there = url_of(attacked, rule, foreign.values, method)
        nothing = {name: missing(rule, name) for name in rule.arguments}
        nowhere = url_of(attacked, rule, nothing, method)
        one, other = (sent(attacked, client, method, url) for url in (there, nowhere))
        if not rule.arguments:
            other = one
        if one != other or one[0] != 404:
            open_ones.append((method, str(rule), one[0], other[0]))

    assert open_ones == []
    assert contents() == before


def test_whoever_is_not_signed_in_meets_the_same_door_everywhere(
    attacked: Flask, own: House
) -> None:
    client = browser(attacked)
    before = contents()
    doors = set()

    for rule, method in routes_of(attacked):
        if not attacked.view_functions[rule.endpoint].policy.needs_sign_in:
            continue
        nothing = {name: missing(rule, name) for name in rule.arguments}
        for values in (own.values, nothing):
            answer = client.open(
                url_of(attacked, rule, values, method),
                method=method,
                headers=csrf_header(attacked),
            )
            doors.add((answer.status_code, answer.headers.get("Location", "").partition("?")[0]))

    assert doors == {(302, "/login")}
    assert contents() == before


def test_methods_that_an_address_does_not_have_do_nothing(attacked: Flask, own: House) -> None:
    client = browser(attacked, own.user, registrations={str(own.registration.id): 1})
    before = contents()
    odd = []

    for rule, method in itertools.product(rules_of(attacked), METHODS):
        if method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            continue
        url = url_of(attacked, rule, own.values, "POST" if "GET" not in rule.methods else "GET")
        if _is_taken_by_another(attacked, rule, url, method):
            continue
        answer = client.open(url, method=method, headers=csrf_header(attacked))
        if method == "OPTIONS":
            fine = answer.status_code == 200 and not answer.data
        elif method == "HEAD" and "GET" in rule.methods:
            fine = answer.status_code < 500 and not answer.data
        else:
            fine = answer.status_code == 405
        if not fine:
            odd.append((method, str(rule), answer.status_code))

    assert odd == []
    assert contents() == before


def _is_taken_by_another(app: Flask, rule: Rule, url: str, method: str) -> bool:
    try:
        endpoint, _values = app.url_map.bind("localhost").match(url, method=method)
    except HTTPException:
        return False
    return endpoint != rule.endpoint


def test_a_guest_reaches_only_what_their_own_link_opened(
    attacked: Flask, own: House, foreign: House
) -> None:
    mine = {str(own.registration.id): own.registration.link_version}
    before = contents()
    told_apart = []

    for links in ({}, mine):
        client = browser(attacked, registrations=links)
        for rule, method in routes_of(attacked):
            if not rule.rule.startswith("/my-registration/"):
                continue
            nothing = {"registration_id": missing(rule, "registration_id")}
            theirs, nobodys = (
                sent(attacked, client, method, url_of(attacked, rule, values, method))
                for values in (foreign.values, nothing)
            )
            if theirs != nobodys or theirs[0] != 404:
                told_apart.append((method, str(rule), theirs[0], nobodys[0]))

    assert told_apart == []
    assert contents() == before
