"""axe finds nothing serious on any page, nothing overflows a phone, and the console stays silent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from event_mgmt.accounts.models import Membership, Role
from event_mgmt.core import tokens
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.demo import service as demo
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.organisations.models import Agreement, Organisation, Sector
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Registration
from tests.builders import a_registration, an_event
from tests.journeys.sound import (
    MAJA,
    VIEWS,
    Scheme,
    a_context,
    ask_everything,
    faults_of,
    faults_seen,
    listening,
    sign_in,
)
from tests.journeys.system import System

SEND = "main form button[type=submit]:visible"

FILES = {
    "event_site.event_ics",
    "event_site.feed",
    "event_site.host_feed",
    "event_site.sitemap",
    "privacy.joint",
    "privacy.processing",
    "registrations.calendar",
    "registrations.own_data",
    "registration_desk.import_sample",
    "system_pages.favicon",
    "system_pages.robots",
}


@pytest.fixture(scope="module")
def paths(told: System) -> dict[str, str]:
    """One address for every page that can be reached by GET, by endpoint."""
    with told.app.app_context():
        slug = "jahresempfang-des-konsulats-und-der-vier-branchencluster"
        event = db.session.scalars(select(Event).where(Event.slug == slug)).one()
        host = db.session.get_one(Organisation, event.host_id)
        registration = db.session.scalars(
            select(Registration).where(Registration.event_id == event.id).limit(1)
        ).one()
        values = {
            "event_id": event.id,
            "organisation_id": host.id,
            "registration_id": registration.id,
            "slug": event.slug,
            "message_id": _first(Message.id, Message.event_id == event.id),
            "rule_id": _first(ReminderRule.id, ReminderRule.event_id == event.id),
            "membership_id": _first(
                Membership.id, Membership.organisation_id == host.id, Membership.role == Role.STAFF
            ),
            "agreement_id": _first(Agreement.id),
            "sector_id": _first(Sector.id),
        }
    adapter = told.app.url_map.bind("localhost")
    return {
        rule.endpoint: adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for rule in told.app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.arguments <= values.keys()
    }


@pytest.fixture(scope="module")
def guests(told: System) -> dict[Status, tuple[int, str]]:
    """A registration in every status, as its id and the token of its personal link."""
    with told.app.app_context():
        starts_at = utc_now() + timedelta(days=30)
        event = an_event(seats=40, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
        ask_everything(event.id)
        a_registration(event, shares_name=True)
        until = utc_now() + timedelta(hours=9)
        found = {}
        for status in Status:
            expires = until if status is Status.OFFERED else None
            party = a_registration(event, status=status, companions=2, offer_expires_at=expires)
            found[status] = party.id, tokens.sign("registration", party.id, party.link_version)
        return found


def _first(column: Any, *conditions: Any) -> int:
    found = db.session.scalars(select(column).where(*conditions).order_by(column).limit(1))
    return int(found.one())


@pytest.mark.parametrize(
    ("user", "width", "locale", "scheme"),
    [
        ("", 1280, "de", "light"),
        ("", 390, "sl", "dark"),
        (MAJA, 1280, "de", "dark"),
        (MAJA, 390, "sl", "light"),
        (demo.PLATFORM_ADMIN, 390, "en", "light"),
    ],
)
def test_every_page_is_sound(
    browser: Browser,
    told: System,
    paths: dict[str, str],
    user: str,
    width: int,
    locale: str,
    scheme: Scheme,
) -> None:
    context = a_context(browser, told, width, locale, scheme)
    page = context.new_page()
    said = listening(page)
    if user:
        sign_in(page, user, locale)
    found = {}
    for endpoint, path in paths.items():
        if path.startswith("/desk") != bool(user) or endpoint in FILES:
            continue
        if faults := faults_of(page, said, path, width):
            found[path] = faults
    context.close()

    assert found == {}


@VIEWS
def test_every_page_of_a_participant_is_sound(
    browser: Browser,
    told: System,
    guests: dict[Status, tuple[int, str]],
    width: int,
    locale: str,
    scheme: Scheme,
) -> None:
    context = a_context(browser, told, width, locale, scheme)
    page = context.new_page()
    said = listening(page)
    found = {}
    for status, (registration_id, token) in guests.items():
        if faults := faults_of(page, said, f"/registration/{token}", width):
            found[status.value] = faults
        assert page.url.endswith(f"/my-registration/{registration_id}")
    confirmed = f"/my-registration/{guests[Status.CONFIRMED][0]}"
    for end in ("/change", "/cancel", "/participants"):
        if faults := faults_of(page, said, f"{confirmed}{end}", width):
            found[end] = faults
    context.close()

    assert found == {}


@VIEWS
def test_a_form_with_errors_and_its_receipt_are_sound(
    browser: Browser,
    told: System,
    guests: dict[Status, tuple[int, str]],
    width: int,
    locale: str,
    scheme: Scheme,
) -> None:
    with told.app.app_context():
        party = db.session.get_one(Registration, guests[Status.CONFIRMED][0])
        slug = db.session.get_one(Event, party.event_id).slug
        open_slug = an_event(starts_at=utc_now() + timedelta(days=20)).slug
    context = a_context(browser, told, width, locale, scheme)
    page = context.new_page()
    page.goto(f"/events/{slug}/register")
    page.click("[data-row-add]")
    page.fill("[name=companions-0-given_name]", "Ivo")
    page.locator(".party-row summary").click()
    found = {"blank": faults_seen(page, width)}
    page.locator(SEND).last.click()
    page.wait_for_selector(".error-summary")
    found["errors"] = faults_seen(page, width)
    page.goto(f"/events/{open_slug}/register")
    for name in ("given_name", "family_name", "organisation"):
        page.fill(f"[name={name}]", "Brockmann")
    page.fill("[name=email]", "receipt@example.org")
    page.select_option("[name=country]", "SI")
    page.locator(SEND).last.click()
    page.wait_for_url("**/registered**")
    found["receipt"] = faults_seen(page, width)
    for path in ("/nowhere", "/registration/forged"):
        page.goto(path)
        found[path] = faults_seen(page, width)
    context.close()

    assert {name: faults for name, faults in found.items() if faults} == {}


def _refused_event(page: Page) -> None:
    page.goto("/desk/events/new")
    page.locator("button[value=publish]").click()


def _refused_export(page: Page) -> None:
    page.goto(f"/desk/events/{_event_id(page)}/attendee-list/export")
    page.locator("button[value=take]").last.click()


def _filtered_list(page: Page) -> None:
    page.goto(f"/desk/events/{_event_id(page)}/attendee-list?country=SI&statuses=confirmed")
    page.locator("[data-pick-one]").first.check()
    page.locator(".list-note summary").click()


def _drawn_numbers(page: Page) -> None:
    page.goto(f"/desk/events/{_event_id(page)}/attendee-list")
    page.locator(".fold > summary").click()


def _group_looked_at(page: Page) -> None:
    page.goto(f"/desk/events/{_event_id(page)}/messages/new")
    locale = page.evaluate("document.documentElement.lang")
    page.fill(f"[name=subject-{locale}]", "A word")
    page.fill(f"[name=body-{locale}]", "And {nothing} more.")
    page.locator("button[value=look]").click()


def _list_checked(page: Page) -> None:
    page.goto(f"/desk/events/{_event_id(page)}/registrations/import")
    rows = "Vorname;Nachname;E-Mail\nAna;Novak;ana@example.org\nJan;;nobody\n"
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.set_input_files("[name=file]", file)
    page.locator("main form button[type=submit]").last.click()


def _columns_unknown(page: Page) -> None:
    page.goto(f"/desk/events/{_event_id(page)}/registrations/import")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": b"A;B\nAna;Novak\n"}
    page.set_input_files("[name=file]", file)
    page.locator("main form button[type=submit]").last.click()


def _event_id(page: Page) -> str:
    """The reception's id, read off the desk."""
    page.goto("/desk/events")
    way = page.locator("tbody th a", has_text=re.compile("Jahresempfang|Letni sprejem|Annual"))
    return str(way.first.get_attribute("href")).rstrip("/").rsplit("/", 1)[1]


STATES = (
    _refused_event,
    _refused_export,
    _filtered_list,
    _drawn_numbers,
    _group_looked_at,
    _list_checked,
    _columns_unknown,
)


@VIEWS
def test_what_the_desk_answers_is_sound_too(
    browser: Browser, told: System, width: int, locale: str, scheme: Scheme
) -> None:
    context = a_context(browser, told, width, locale, scheme)
    page = context.new_page()
    said = listening(page)
    sign_in(page, MAJA, locale)
    found = {}
    for reach in STATES:
        said.clear()
        reach(page)
        page.wait_for_load_state("load")
        # A refused form answers 422, which the console notes as an error.
        faults = [f"console: {text}" for text in said if "422" not in text]
        if faults := faults + faults_seen(page, width):
            found[reach.__name__] = faults
    context.close()

    assert found == {}
