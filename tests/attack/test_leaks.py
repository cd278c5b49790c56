"""No page, list, feed or file holds a word that its reader may not read."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from event_mgmt.accounts.models import Role
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import AttendeeAccess, EventStatus, Visibility
from tests.attack.stage import (
    House,
    a_guest,
    a_house,
    a_message_to,
    browser,
    csrf_header,
    routes_of,
    rules_of,
    sent,
    text_of,
    url_of,
)
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": EventStatus.DRAFT, "published_at": None},
        {"status": EventStatus.ARCHIVED, "published_at": None},
    ],
    ids=["draft", "archived draft"],
)
def test_what_is_not_public_answers_on_public_pages_as_if_it_were_not_there(
    attacked: Flask, hidden: dict[str, Any]
) -> None:
    event = an_event(title=Localized(de="VERBORGENES"), **hidden)
    client = browser(attacked)
    told_apart = []

    for rule, method in routes_of(attacked):
        if "slug" not in rule.arguments or rule.endpoint == "event_site.host_feed":
            continue
        there, nowhere = (
            sent(attacked, client, method, url_of(attacked, rule, {"slug": slug}, method))
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
    attacked: Flask, hidden: dict[str, Any]
) -> None:
    host = an_organisation()
    an_event(host, title=Localized(de="SICHTBARES"))
    an_event(host, title=Localized(de="VERBORGENES"), city="VERBORGENES", **hidden)
    client = browser(attacked)
    pages = [
        rule
        for rule in rules_of(attacked)
        if not attacked.view_functions[rule.endpoint].policy.needs_sign_in
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
    attacked: Flask, own: House
) -> None:
    theirs = a_house(attacked, "FREMDES", status=EventStatus.DRAFT, published_at=None)

    found = _desk_words(attacked, own, own.user, ["FREMDES", "fremdes@", "EIGENES"])

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
    attacked: Flask, own: House, access: AttendeeAccess
) -> None:
    partner = an_organisation("Partner")
    a_partner(own.event, partner, access=access, seats=5)
    db.session.expire_all()
    pool = next(pool for pool in own.event.pools if pool.organisation_id == partner.id)
    mine = a_registration(own.event, pool=pool, family_name="Kontingentgast")
    a_message_to(mine, "KONTINGENT")
    user = a_user(partner, Role.ADMINISTRATOR, sees_sensitive=True)

    found = _desk_words(attacked, own, user, ["VEIGENES", "QEIGENES", "MEIGENES", "Kontingentgast"])

    assert bool(found["VEIGENES"]) == (access is AttendeeAccess.ALL), found
    assert bool(found["Kontingentgast"]) == (access is not AttendeeAccess.NONE), found
    assert found["QEIGENES"] == [], "the sensitive answers are the host's alone"


def test_another_guests_marks_reach_no_page_of_mine(attacked: Flask, own: House) -> None:
    a_guest(own.event, "NACHBAR")
    client = browser(attacked, registrations={str(own.registration.id): 1})

    read = [
        str(rule)
        for rule, method in routes_of(attacked)
        if method == "GET"
        and not attacked.view_functions[rule.endpoint].policy.needs_sign_in
        and b"NACHBAR" in _without_questions(client.get(url_of(attacked, rule, own.values)).data)
    ]

    assert read == []


def _without_questions(page: bytes) -> bytes:
    """What an event asks is for everybody to read."""
    return page.replace(b"Frage NACHBAR", b"")
