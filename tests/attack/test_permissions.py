"""The permission matrix: every address, every method, one's own, somebody else's, and nothing's."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from event_mgmt.accounts.models import Role
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.words import AttendeeAccess, EventStatus, Visibility
from tests.attack.stage import (
    METHODS,
    PUBLIC_ARGUMENTS,
    House,
    a_guest,
    a_house,
    a_message_to,
    answer_of,
    browser,
    contents,
    csrf_header,
    missing,
    routes_of,
    rules_of,
    text_of,
    url_of,
)
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation

SENT_TWICE = {("POST", "registration_desk.import_check")}
"""Sent a second time, an import that was done leads back to the list: so does one never begun."""


def _send(app: Flask, client: FlaskClient, method: str, url: str) -> tuple[int, str, str]:
    return answer_of(client.open(url, method=method, headers=csrf_header(app)))


def test_every_argument_of_every_address_has_its_thing_on_the_stage(
    sqlite_app: Flask, own: House
) -> None:
    unknown = {
        (argument, str(rule))
        for rule in rules_of(sqlite_app)
        for argument in rule.arguments - own.values.keys()
    }

    assert unknown == set(), "what could a stranger name there? Put it on the stage."


def test_a_foreign_part_under_ones_own_address_answers_as_a_missing_one_and_nothing_changes(
    sqlite_app: Flask, own: House, foreign: House
) -> None:
    before = contents()
    told_apart = []
    seen = 0

    for rule, method in routes_of(sqlite_app):
        parts = rule.arguments - PUBLIC_ARGUMENTS - {"agreement_id", "sector_id"}
        if not rule.rule.startswith("/desk/"):
            continue
        for size in range(1, len(parts) + 1):
            for theirs in itertools.combinations(sorted(parts), size):
                replaced = {name: foreign.values[name] for name in theirs}
                nothing = {name: missing(rule, name) for name in theirs}
                stranger = url_of(sqlite_app, rule, {**own.values, **replaced}, method)
                nobody = url_of(sqlite_app, rule, {**own.values, **nothing}, method)
                answers = [
                    _send(sqlite_app, browser(sqlite_app, own.user), method, url)
                    for url in (stranger, nobody)
                ]
                seen += 1
                shut = {404, 303} if (method, rule.endpoint) in SENT_TWICE else {404}
                if answers[0] != answers[1] or answers[0][0] not in shut:
                    told_apart.append((method, str(rule), theirs, answers[0][0], answers[1][0]))

    assert told_apart == []
    assert seen > 100
    assert contents() == before


def test_an_own_thing_opens_where_the_foreign_one_did_not(sqlite_app: Flask, own: House) -> None:
    """The control: the same walk over one's own things finds them."""
    client = browser(sqlite_app, own.user)
    url_map = [rule for rule, method in routes_of(sqlite_app) if method == "GET"]
    shut = [
        str(rule)
        for rule in url_map
        if rule.rule.startswith("/desk/events/<")
        and client.get(url_of(sqlite_app, rule, own.values)).status_code == 404
    ]

    # A host is nobody's co-host, here it has none, and an event to come is not archived.
    event = "/desk/events/<int:event_id>"
    assert set(shut) <= {
        f"{event}/archive",
        f"{event}/partnership",
        f"{event}/privacy/joint-controllers.pdf",
    }


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_pages_of_the_platform_and_of_other_houses_do_not_exist_for_anybody_else(
    sqlite_app: Flask, own: House, foreign: House, role: Role | None
) -> None:
    user = a_user(own.organisation, role) if role else a_user()
    client = browser(sqlite_app, user)
    before = contents()
    open_ones = []

    for rule, method in routes_of(sqlite_app):
        policy = sqlite_app.view_functions[rule.endpoint].policy
        if not (policy.platform or policy.organisation_right or policy.event_right):
            continue
        there = url_of(sqlite_app, rule, foreign.values, method)
        nothing = {name: missing(rule, name) for name in rule.arguments}
        nowhere = url_of(sqlite_app, rule, nothing, method)
        one, other = (_send(sqlite_app, client, method, url) for url in (there, nowhere))
        if not rule.arguments:
            other = one
        if one != other or one[0] != 404:
            open_ones.append((method, str(rule), one[0], other[0]))

    assert open_ones == []
    assert contents() == before


def test_whoever_is_not_signed_in_meets_the_same_door_everywhere(
    sqlite_app: Flask, own: House
) -> None:
    client = browser(sqlite_app)
    before = contents()
    doors = set()

    for rule, method in routes_of(sqlite_app):
        if not sqlite_app.view_functions[rule.endpoint].policy.needs_sign_in:
            continue
        nothing = {name: missing(rule, name) for name in rule.arguments}
        for values in (own.values, nothing):
            answer = client.open(
                url_of(sqlite_app, rule, values, method),
                method=method,
                headers=csrf_header(sqlite_app),
            )
            doors.add((answer.status_code, answer.headers.get("Location", "").partition("?")[0]))

    assert doors == {(302, "/login")}
    assert contents() == before


def test_methods_that_an_address_does_not_have_do_nothing(sqlite_app: Flask, own: House) -> None:
    client = browser(sqlite_app, own.user, registrations={str(own.registration.id): 1})
    before = contents()
    odd = []

    for rule, method in itertools.product(rules_of(sqlite_app), METHODS):
        if method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            continue
        url = url_of(sqlite_app, rule, own.values, "POST" if "GET" not in rule.methods else "GET")
        if _is_taken_by_another(sqlite_app, rule, url, method):
            continue
        answer = client.open(url, method=method, headers=csrf_header(sqlite_app))
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
    sqlite_app: Flask, own: House, foreign: House
) -> None:
    mine = {str(own.registration.id): own.registration.link_version}
    before = contents()
    told_apart = []

    for links in ({}, mine):
        client = browser(sqlite_app, registrations=links)
        for rule, method in routes_of(sqlite_app):
            if not rule.rule.startswith("/my-registration/"):
                continue
            nothing = {"registration_id": missing(rule, "registration_id")}
            theirs, nobodys = (
                _send(sqlite_app, client, method, url_of(sqlite_app, rule, values, method))
                for values in (foreign.values, nothing)
            )
            if theirs != nobodys or theirs[0] != 404:
                told_apart.append((method, str(rule), theirs[0], nobodys[0]))

    assert told_apart == []
    assert contents() == before


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": EventStatus.DRAFT, "published_at": None},
        {"status": EventStatus.ARCHIVED, "published_at": None},
    ],
    ids=["draft", "archived draft"],
)
def test_what_is_not_public_answers_on_public_pages_as_if_it_were_not_there(
    sqlite_app: Flask, hidden: dict[str, Any]
) -> None:
    event = an_event(title=Localized(de="VERBORGENES"), **hidden)
    client = browser(sqlite_app)
    told_apart = []

    for rule, method in routes_of(sqlite_app):
        if "slug" not in rule.arguments or rule.endpoint == "agenda.host_feed":
            continue
        there, nowhere = (
            _send(sqlite_app, client, method, url_of(sqlite_app, rule, {"slug": slug}, method))
            for slug in (event.slug, "event-999")
        )
        if there != nowhere:
            told_apart.append((method, str(rule), there[0], nowhere[0]))

    assert told_apart == []


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": EventStatus.DRAFT, "published_at": None},
        {"visibility": Visibility.UNLISTED},
        {"visibility": Visibility.INVITATION},
    ],
    ids=["draft", "unlisted", "by invitation"],
)
def test_what_is_not_listed_is_in_no_list_calendar_or_feed(
    sqlite_app: Flask, hidden: dict[str, Any]
) -> None:
    host = an_organisation()
    an_event(host, title=Localized(de="SICHTBARES"))
    an_event(host, title=Localized(de="VERBORGENES"), city="VERBORGENES", **hidden)
    client = browser(sqlite_app)
    pages = [
        rule
        for rule in rules_of(sqlite_app)
        if not sqlite_app.view_functions[rule.endpoint].policy.needs_sign_in
        and "GET" in rule.methods
        and rule.arguments <= {"slug"}
        and not rule.rule.startswith("/events/")
    ]
    asked = ("", "?past=1", "?q=VERBORGENES", "?month=2027-02", f"?host={host.slug}")
    found = [
        f"{rule}{query}"
        for rule in pages
        for query in asked
        if "VERBORGENES" in _words(client, rule, host.slug, query)
    ]

    assert found == []
    assert "SICHTBARES" in client.get("/calendar.ics").text


def _words(client: FlaskClient, rule: Rule, slug: str, query: str) -> str:
    text = client.get(rule.rule.replace("<slug>", slug) + query).text
    asked_for = query.partition("=")[2]
    # What a page repeats of the question itself is no leak.
    return text.replace(f'value="{asked_for}"', "").replace(f"q={asked_for}", "")


def _desk_words(app: Flask, house: House, user: Any, marks: list[str]) -> dict[str, list[str]]:
    """Where on all pages of the desk, and in all exports, each of ``marks`` is read by ``user``."""
    client = browser(app, user)
    found: dict[str, list[str]] = {mark: [] for mark in marks}
    for rule, method in routes_of(app):
        if method != "GET" or not rule.rule.startswith("/desk/"):
            continue
        answer = client.get(url_of(app, rule, house.values))
        for mark in marks:
            if mark in text_of(answer):
                found[mark].append(str(rule))
    url = f"/desk/events/{house.event.id}/attendee-list/export"
    for form in ("csv", "json", "vcf"):
        asked = {"format": form, "purpose": "test"}
        answer = client.post(url, data=asked, headers=csrf_header(app))
        for mark in marks:
            if mark in text_of(answer):
                found[mark].append(form)
    return found


def test_no_page_and_no_file_of_ones_own_desk_holds_a_word_of_another_house(
    sqlite_app: Flask, own: House
) -> None:
    theirs = a_house(sqlite_app, "FREMDES", status=EventStatus.DRAFT, published_at=None)

    found = _desk_words(sqlite_app, own, own.user, ["FREMDES", "fremdes@", "EIGENES"])

    # Which organisations there are is public; so is choosing one as a co-host.
    named = {f"Haus {theirs.mark}"}
    assert named
    assert found["EIGENES"]
    assert set(found["FREMDES"]) <= {
        "/desk/events/<int:event_id>/partners",
        "/desk/events/<int:event_id>/edit",
        "/desk/events/new",
        "/desk/organisations/<int:organisation_id>",
    }, found
    assert found["fremdes@"] == []


@pytest.mark.parametrize("access", list(AttendeeAccess), ids=str)
def test_a_co_host_reads_exactly_the_guests_it_was_granted(
    sqlite_app: Flask, own: House, access: AttendeeAccess
) -> None:
    partner = an_organisation("Partner")
    a_partner(own.event, partner, access=access, seats=5)
    db.session.expire_all()
    pool = next(pool for pool in own.event.pools if pool.organisation_id == partner.id)
    mine = a_registration(own.event, pool=pool, family_name="Kontingentgast")
    a_message_to(mine, "KONTINGENT")
    user = a_user(partner, Role.ADMINISTRATOR, sees_sensitive=True)

    found = _desk_words(
        sqlite_app, own, user, ["VEIGENES", "QEIGENES", "MEIGENES", "Kontingentgast"]
    )

    assert bool(found["VEIGENES"]) == (access is AttendeeAccess.ALL), found
    assert bool(found["Kontingentgast"]) == (access is not AttendeeAccess.NONE), found
    assert found["QEIGENES"] == [], "the sensitive answers are the host's alone"


def _smuggled(own: House, foreign: House) -> list[tuple[str, dict[str, Any]]]:
    """Forms of one's own event that name a thing of somebody else's inside."""
    here = f"/desk/events/{own.event.id}"
    pool = foreign.event.pools[0].id
    person = {"given_name": "A", "family_name": "B", "email": "a@example.org", "country": "SI"}
    group = {"subject-de": "S", "body-de": "B", "statuses": "confirmed", "nonce": "n" * 32}
    return [
        (f"{here}/registrations/decide", {"registration_ids": foreign.registration.id}),
        (
            f"{here}/registrations/decide",
            {"registration_ids": foreign.registration.id, "accept": "1", "confirmed": "1"},
        ),
        (f"{here}/registrations/serve", {"pool_id": pool}),
        (f"{here}/registrations/new", {**person, "contingent": pool, "pool_id": pool}),
        (f"{here}/messages/new", {**group, "pool": pool, "step": "send"}),
        (
            f"{here}/attendee-list/export",
            {"format": "csv", "purpose": "x", "view": foreign.values["view_id"]},
        ),
    ]


def test_a_form_of_ones_own_event_cannot_name_another_events_things(
    sqlite_app: Flask, own: House, foreign: House
) -> None:
    client = browser(sqlite_app, own.user)

    def rows_of(table: str) -> list[Any]:
        return [row for row in contents()[table] if row.event_id == foreign.event.id]

    tables = ("registrations", "seat_pools", "messages", "attendees", "audit_entries")
    before = {table: rows_of(table) for table in tables}

    for url, form in _smuggled(own, foreign):
        answer = client.post(url, data=form, headers=csrf_header(sqlite_app))

        assert "FREMDES" not in text_of(answer), url
        assert answer.status_code < 500, url
    assert {table: rows_of(table) for table in tables} == before


@pytest.mark.parametrize("what", ["view", "template"])
def test_anothers_saved_choice_is_as_good_as_missing(
    sqlite_app: Flask, own: House, foreign: House, what: str
) -> None:
    client = browser(sqlite_app, own.user)
    here = f"/desk/events/{own.event.id}/attendee-list"
    path = f"{here}/export" if what == "template" else here

    answers = [
        answer_of(client.get(f"{path}?{what}={number}"))
        for number in (foreign.values[f"{what}_id"], 999_999)
    ]

    assert answers[0] == answers[1]
    assert "FREMDES" not in answers[0][2]


def test_a_colleague_of_the_same_house_cannot_delete_ones_views_and_templates(
    sqlite_app: Flask, own: House
) -> None:
    client = browser(sqlite_app, a_user(own.organisation, Role.ADMINISTRATOR))
    here = f"/desk/events/{own.event.id}/attendee-list"
    kept = {name: contents()[name] for name in ("saved_views", "list_templates")}

    for what in ("view", "template"):
        url = f"{here}/{what}s/{own.values[f'{what}_id']}/delete"
        client.post(url, headers=csrf_header(sqlite_app))

    assert {name: contents()[name] for name in kept} == kept


def test_an_upload_opens_to_its_uploader_alone(sqlite_app: Flask, own: House) -> None:
    colleague = browser(sqlite_app, a_user(own.organisation, Role.ADMINISTRATOR))
    uploader = browser(sqlite_app, own.user)
    url = f"/desk/events/{own.event.id}/registrations/import/{own.values['token']}"

    assert uploader.get(url).status_code == 200
    assert colleague.get(url).status_code == 404
    before = contents()
    colleague.post(url, headers=csrf_header(sqlite_app))
    assert contents() == before
    assert uploader.post(url, headers=csrf_header(sqlite_app)).status_code == 303
    assert contents() != before


def test_another_guests_marks_reach_no_page_of_mine(sqlite_app: Flask, own: House) -> None:
    a_guest(own.event, "NACHBAR")
    client = browser(sqlite_app, registrations={str(own.registration.id): 1})

    read = [
        str(rule)
        for rule, method in routes_of(sqlite_app)
        if method == "GET"
        and not sqlite_app.view_functions[rule.endpoint].policy.needs_sign_in
        and b"NACHBAR" in _without_questions(client.get(url_of(sqlite_app, rule, own.values)).data)
    ]

    assert read == []


def _without_questions(page: bytes) -> bytes:
    """What an event asks is for everybody to read."""
    return page.replace(b"Frage NACHBAR", b"")
