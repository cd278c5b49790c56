"""Every address and method with one's own, somebody else's, and nothing's parts."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from flask import Flask

from event_mgmt.accounts.models import Role
from tests.attack.stage import (
    PUBLIC_ARGUMENTS,
    House,
    answer_of,
    browser,
    contents,
    csrf_header,
    missing,
    routes_of,
    rules_of,
    sent,
    text_of,
    url_of,
)
from tests.builders import a_user

SENT_TWICE = {
    ("POST", f"registration_desk.import_{step}") for step in ("check", "columns", "reading")
}
"""Sent a second time, an import that was done leads back to the list: so does one never begun."""


def test_every_argument_of_every_address_has_its_thing_on_the_stage(
    attacked: Flask, own: House
) -> None:
    unknown = {
        (argument, str(rule))
        for rule in rules_of(attacked)
        for argument in rule.arguments - own.values.keys()
    }

    assert unknown == set(), "what could a stranger name there? Put it on the stage."


def test_a_foreign_part_under_ones_own_address_answers_as_a_missing_one_and_nothing_changes(
    attacked: Flask, own: House, foreign: House
) -> None:
    before = contents()
    told_apart = []
    seen = 0

    for rule, method in routes_of(attacked):
        parts = rule.arguments - PUBLIC_ARGUMENTS - {"agreement_id", "sector_id"}
        if not rule.rule.startswith("/desk/"):
            continue
        for size in range(1, len(parts) + 1):
            for theirs in itertools.combinations(sorted(parts), size):
                replaced = {name: foreign.values[name] for name in theirs}
                nothing = {name: missing(rule, name) for name in theirs}
                stranger = url_of(attacked, rule, {**own.values, **replaced}, method)
                nobody = url_of(attacked, rule, {**own.values, **nothing}, method)
                answers = [
                    sent(attacked, browser(attacked, own.user), method, url)
                    for url in (stranger, nobody)
                ]
                seen += 1
                shut = {404, 303} if (method, rule.endpoint) in SENT_TWICE else {404}
                if answers[0] != answers[1] or answers[0][0] not in shut:
                    told_apart.append((method, str(rule), theirs, answers[0][0], answers[1][0]))

    assert told_apart == []
    assert seen > 100
    assert contents() == before


def test_an_own_thing_opens_where_the_foreign_one_did_not(attacked: Flask, own: House) -> None:
    """The control: the same walk over one's own things finds them."""
    client = browser(attacked, own.user)
    url_map = [rule for rule, method in routes_of(attacked) if method == "GET"]
    shut = [
        str(rule)
        for rule in url_map
        if rule.rule.startswith("/desk/events/<")
        and client.get(url_of(attacked, rule, own.values)).status_code == 404
    ]

    # A host is nobody's co-host, here it has none, and an event to come is not archived.
    event = "/desk/events/<int:event_id>"
    assert set(shut) <= {
        f"{event}/archive",
        f"{event}/partnership",
        f"{event}/privacy/joint-controllers.pdf",
    }


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
    attacked: Flask, own: House, foreign: House
) -> None:
    client = browser(attacked, own.user)

    def rows_of(table: str) -> list[Any]:
        return [row for row in contents()[table] if row.event_id == foreign.event.id]

    tables = ("registrations", "seat_pools", "messages", "attendees", "audit_entries")
    before = {table: rows_of(table) for table in tables}

    for url, form in _smuggled(own, foreign):
        answer = client.post(url, data=form, headers=csrf_header(attacked))

        assert "FREMDES" not in text_of(answer), url
        assert answer.status_code < 500, url
    assert {table: rows_of(table) for table in tables} == before


@pytest.mark.parametrize("what", ["view", "template"])
def test_anothers_saved_choice_is_as_good_as_missing(
    attacked: Flask, own: House, foreign: House, what: str
) -> None:
    client = browser(attacked, own.user)
    here = f"/desk/events/{own.event.id}/attendee-list"
    path = f"{here}/export" if what == "template" else here

    answers = [
        answer_of(client.get(f"{path}?{what}={number}"))
        for number in (foreign.values[f"{what}_id"], 999_999)
    ]

    assert answers[0] == answers[1]
    assert "FREMDES" not in answers[0][2]


def test_a_colleague_of_the_same_house_cannot_delete_ones_views_and_templates(
    attacked: Flask, own: House
) -> None:
    client = browser(attacked, a_user(own.organisation, Role.ADMINISTRATOR))
    here = f"/desk/events/{own.event.id}/attendee-list"
    kept = {name: contents()[name] for name in ("saved_views", "list_templates")}

    for what in ("view", "template"):
        url = f"{here}/{what}s/{own.values[f'{what}_id']}/delete"
        client.post(url, headers=csrf_header(attacked))

    assert {name: contents()[name] for name in kept} == kept


def test_an_upload_opens_to_its_uploader_alone(attacked: Flask, own: House) -> None:
    colleague = browser(attacked, a_user(own.organisation, Role.ADMINISTRATOR))
    uploader = browser(attacked, own.user)
    url = f"/desk/events/{own.event.id}/registrations/import/{own.values['token']}"

    assert uploader.get(url).status_code == 200
    assert colleague.get(url).status_code == 404
    before = contents()
    colleague.post(url, headers=csrf_header(attacked))
    assert contents() == before
    assert uploader.post(url, headers=csrf_header(attacked)).status_code == 303
    assert contents() != before
