"""The permission matrix: every route × method × role × {own, co-hosted, foreign, missing} event."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.routing import Rule

from event_mgmt.accounts import policy
from event_mgmt.accounts.access import ANYONE
from event_mgmt.accounts.models import Role, User
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.core.database import Base, db
from event_mgmt.events.enums import AttendeeAccess, PartnerStatus
from event_mgmt.events.models import Event
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation

MISSING_ID = 999_999
RAW_CSRF = "c" * 40


def _routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if "event_id" in rule.arguments:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


def _client(app: Flask, user: User | None) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["csrf_token"] = RAW_CSRF
        if user is not None:
            session["_user_id"] = f"{user.id}:{user.session_version}"
            session["_fresh"] = True
    return client


def _call(
    client: FlaskClient, app: Flask, rule: Rule, method: str, event_id: int
) -> tuple[int, str]:
    others = {
        name: MISSING_ID if rule._converters[name].regex == r"\d+" else "x"
        for name in rule.arguments - {"event_id"}
    }
    with app.test_request_context():
        url = app.url_map.bind("localhost").build(rule.endpoint, {"event_id": event_id, **others})
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(RAW_CSRF)
    answer = client.open(url, method=method, headers={"X-CSRFToken": token})
    text = answer.data.decode("utf-8", "replace")  # some pages are PDFs
    return answer.status_code, re.sub(r"\d+", "#", text)


@pytest.fixture
def cast(sqlite_app: Flask) -> dict[str, object]:
    host, partner, stranger = (
        an_organisation("Host"),
        an_organisation("Partner"),
        an_organisation("X"),
    )
    own, foreign = an_event(host), an_event(stranger)
    a_partner(own, partner, access=AttendeeAccess.OWN, seats=5)
    a_registration(own)
    a_registration(foreign)
    return {"host": host, "partner": partner, "stranger": stranger, "own": own, "foreign": foreign}


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_a_foreign_event_answers_exactly_as_a_missing_one(
    sqlite_app: Flask, cast: dict, role: Role | None
) -> None:
    user = a_user(cast["host"], role) if role else a_user()
    client = _client(sqlite_app, user)

    for rule, method in _routes(sqlite_app):
        foreign = _call(client, sqlite_app, rule, method, cast["foreign"].id)
        missing = _call(client, sqlite_app, rule, method, MISSING_ID)

        assert foreign == missing, f"{method} {rule}"
        assert foreign[0] == 404, f"{method} {rule}"


@pytest.mark.parametrize("role", list(Role), ids=str)
@pytest.mark.parametrize("side", ["host", "partner"])
def test_a_route_opens_exactly_to_those_who_have_its_right(
    sqlite_app: Flask, cast: dict, role: Role, side: str
) -> None:
    user = a_user(cast[side], role)
    event: Event = db.session.merge(cast["own"])
    rights = policy.rights_on_event(viewer_of(user), event.parties())
    client = _client(sqlite_app, user)

    for rule, method in _routes(sqlite_app):
        wanted = sqlite_app.view_functions[rule.endpoint].policy.event_right
        status, _body = _call(client, sqlite_app, rule, method, event.id)

        if wanted not in rights:
            assert status == 404, f"{role} of {side}: {method} {rule}"
        elif method == "GET" and rule.arguments == {"event_id"}:
            assert status not in {404, 500}, f"{role} of {side}: {method} {rule}"


def test_a_partner_that_declined_sees_nothing(sqlite_app: Flask, cast: dict) -> None:
    declined = an_organisation("Declined")
    a_partner(cast["own"], declined, access=AttendeeAccess.ALL, status=PartnerStatus.DECLINED)
    client = _client(sqlite_app, a_user(declined, Role.ADMINISTRATOR))

    statuses = {
        _call(client, sqlite_app, rule, method, cast["own"].id)[0]
        for rule, method in _routes(sqlite_app)
    }

    assert statuses <= {404}


def test_whoever_is_not_signed_in_is_led_to_sign_in(sqlite_app: Flask, cast: dict) -> None:
    client = _client(sqlite_app, None)

    for rule, method in _routes(sqlite_app):
        status, body = _call(client, sqlite_app, rule, method, cast["own"].id)

        assert status == 302, f"{method} {rule}"
        assert "/login" in body


def test_what_a_page_demands_a_right_on_stands_in_its_route_and_is_known(
    sqlite_app: Flask,
) -> None:
    known = sqlite_app.extensions["resolvers"]
    wrong = []

    for rule in sqlite_app.url_map.iter_rules():
        argument = getattr(sqlite_app.view_functions[rule.endpoint], "policy", ANYONE).argument
        while argument:
            if argument not in known or argument not in rule.arguments:
                wrong.append((rule.endpoint, argument))
                break
            argument = known[argument].within

    assert wrong == [], "declare a resolver in the room.py of the room whose thing it is"


def test_pages_below_an_event_or_organisation_demand_a_right_on_it(sqlite_app: Flask) -> None:
    known = sqlite_app.extensions["resolvers"]
    loose = []

    for rule in sqlite_app.url_map.iter_rules():
        policy_of = getattr(sqlite_app.view_functions[rule.endpoint], "policy", ANYONE)
        asked, argument = set(), policy_of.argument
        while argument:
            asked.add(argument)
            argument = known[argument].within
        owners = rule.arguments & {"event_id", "organisation_id"}
        if not (owners <= asked or policy_of.platform):
            loose.append((rule.endpoint, owners - asked))

    assert loose == []


def _contents() -> dict[str, list]:
    tables = (table for table in Base.metadata.sorted_tables if table.name != "throttle_counts")
    found = {table.name: db.session.execute(select(table)).all() for table in tables}
    db.session.rollback()
    return found


def test_a_changing_request_without_a_csrf_token_changes_nothing(
    sqlite_app: Flask, cast: dict
) -> None:
    client = _client(sqlite_app, a_user(cast["host"], Role.ADMINISTRATOR, is_platform_admin=True))
    event: Event = db.session.merge(cast["own"])
    known = {"event_id": event.id, "organisation_id": event.host_id, "slug": event.slug}
    before = _contents()

    for rule in sqlite_app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()):
            continue
        values = {
            name: known.get(name, 1 if rule._converters[name].regex == r"\d+" else "x")
            for name in rule.arguments
        }
        url = sqlite_app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
        status = client.post(url).status_code

        shown_again = getattr(sqlite_app.view_functions[rule.endpoint], "form_checks_csrf", False)
        assert status == 400 or (shown_again and status in {302, 404, 422}), f"{rule}: {status}"

    assert _contents() == before
