"""axe finds nothing serious on any page, nothing overflows a phone, and the console stays silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from event_mgmt.accounts.models import Membership, Role
from event_mgmt.core import tokens
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.demo import service as demo
from event_mgmt.events.models import Event, Question
from event_mgmt.events.words import QuestionKind
from event_mgmt.mail.models import Message
from event_mgmt.organisations.models import Agreement, Organisation, Sector
from event_mgmt.registrations import proposals
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.words import Status
from event_mgmt.reminders.models import ReminderRule
from tests.builders import a_proposal, a_registration, an_event, saved
from tests.journeys.system import System, running_system

Scheme = Literal["light", "dark"]
SEND = "main form button[type=submit]:visible"

PASSWORD = "a demo for the eyes of axe"
SERIOUS = {"serious", "critical"}
FILES = {
    "agenda.event_ics",
    "agenda.feed",
    "agenda.host_feed",
    "agenda.sitemap",
    "privacy.joint",
    "privacy.processing",
    "registration.calendar",
    "registration.own_data",
    "registration_desk.import_sample",
    "site.favicon",
    "site.robots",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system with the demo in it."""
    with running_system(tmp_path_factory.mktemp("axe")) as system:
        with system.app.app_context():
            demo.tell(PASSWORD, now=utc_now())
        yield system


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
        _ask_everything(event.id)
        a_registration(event, shares_name=True)
        until = utc_now() + timedelta(hours=9)
        found = {}
        for status in Status:
            expires = until if status is Status.OFFERED else None
            party = a_registration(event, status=status, companions=2, offer_expires_at=expires)
            found[status] = party.id, tokens.sign("registration", party.id, party.link_version)
        return found


@pytest.fixture(scope="module")
def proposed(told: System) -> dict[str, str]:
    """The pages about a proposed change: the guest's, the new address's and Maja's."""
    with told.app.app_context():
        starts_at = utc_now() + timedelta(days=30)
        host = db.session.scalars(
            select(Organisation).where(Organisation.slug == "konsulat-slowenien")
        ).one()
        event = an_event(
            host, approval_needed=True, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
        )
        _ask_everything(event.id)
        found = {}
        made_at, address = utc_now(), f"{'sehr-lang-' * 5}@{'praezisionstechnik.' * 3}example.org"
        for name, given in {
            "to decide": {},
            "address to confirm": {"email": address, "checks_address": True},
            "address confirmed": {
                "email": address,
                "checks_address": True,
                "address_confirmed_at": made_at,
            },
        }.items():
            party = a_registration(event, companions=1)
            proposal = a_proposal(party, made_at=made_at, **given)
            token = tokens.sign("registration", party.id, party.link_version)
            found[f"guest: {name}"] = f"/registration/{token}"
            found[f"link: {name}"] = f"/registration/new-address/{proposals.token_of(proposal)}"
            found[f"desk: {name}"] = f"/desk/events/{event.id}/registrations/{party.id}"
        del found["link: to decide"]
        return found


def _ask_everything(event_id: int) -> None:
    choices = [{"key": key, "label": {"de": key}} for key in ("eins", "zwei")]
    for place, kind in enumerate(QuestionKind):
        several = kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}
        saved(
            Question(
                event_id=event_id,
                position=place,
                kind=kind,
                label=Localized(de=f"Frage {place}"),
                help=Localized(de="Ein Satz genügt."),
                options=choices if several else [],
                is_required=place % 2 == 0,
                is_sensitive=place == 1,
                asks_companions=place < 2,
            )
        )


def _first(column: Any, *conditions: Any) -> int:
    found = db.session.scalars(select(column).where(*conditions).order_by(column).limit(1))
    return int(found.one())


def _context(
    browser: Browser, told: System, width: int, locale: str, scheme: Scheme = "light"
) -> BrowserContext:
    return browser.new_context(
        base_url=told.url,
        viewport={"width": width, "height": 900},
        locale=locale,
        color_scheme=scheme,
    )


def _listening(page: Page) -> list[str]:
    """What the console says of errors from now on."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    return said


def _faults(page: Page, said: list[str], path: str, width: int) -> list[str]:
    said.clear()
    answer = page.goto(path)
    if answer is None or "text/html" not in answer.headers.get("content-type", ""):
        return []
    if answer.status in {404, 403}:
        return []
    faults = [f"status {answer.status}"] if answer.status >= 400 else []
    faults += [f"console: {text}" for text in said]
    return faults + _seen(page, width)


def _seen(page: Page, width: int) -> list[str]:
    """What is wrong with the page as it stands."""
    faults = []
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        faults.append(f"{wide} px wide on a screen of {width}")
    for violation in (
        Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    ):
        if violation["impact"] in SERIOUS:
            where = [node["target"] for node in violation["nodes"]][:3]
            faults.append(f"{violation['id']}: {where}")
    return faults


def _sign_in(page: Page, user: str, locale: str) -> None:
    page.goto(f"/login?lang={locale}")
    page.fill("[name=email]", user)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/desk/")


MAJA = "maja.kovac@example.org"


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
    context = _context(browser, told, width, locale, scheme)
    page = context.new_page()
    said = _listening(page)
    if user:
        _sign_in(page, user, locale)
    found = {}
    for endpoint, path in paths.items():
        if path.startswith("/desk") != bool(user) or endpoint in FILES:
            continue
        if faults := _faults(page, said, path, width):
            found[path] = faults
    context.close()

    assert found == {}


VIEWS = pytest.mark.parametrize(
    ("width", "locale", "scheme"),
    [(1280, "de", "dark"), (390, "sl", "light"), (320, "en", "dark")],
)


@VIEWS
def test_every_page_of_a_participant_is_sound(
    browser: Browser,
    told: System,
    guests: dict[Status, tuple[int, str]],
    width: int,
    locale: str,
    scheme: Scheme,
) -> None:
    context = _context(browser, told, width, locale, scheme)
    page = context.new_page()
    said = _listening(page)
    found = {}
    for status, (registration_id, token) in guests.items():
        if faults := _faults(page, said, f"/registration/{token}", width):
            found[status.value] = faults
        assert page.url.endswith(f"/my-registration/{registration_id}")
    confirmed = f"/my-registration/{guests[Status.CONFIRMED][0]}"
    for end in ("/change", "/cancel", "/participants"):
        if faults := _faults(page, said, f"{confirmed}{end}", width):
            found[end] = faults
    context.close()

    assert found == {}


@VIEWS
def test_every_page_about_a_proposed_change_is_sound(
    browser: Browser,
    told: System,
    proposed: dict[str, str],
    width: int,
    locale: str,
    scheme: Scheme,
) -> None:
    context = _context(browser, told, width, locale, scheme)
    page = context.new_page()
    said = _listening(page)
    _sign_in(page, MAJA, locale)
    found = {}
    for name, path in proposed.items():
        if faults := _faults(page, said, path, width):
            found[name] = faults
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
    context = _context(browser, told, width, locale, scheme)
    page = context.new_page()
    page.goto(f"/events/{slug}/register")
    page.click("[data-row-add]")
    page.fill("[name=companions-0-given_name]", "Ivo")
    page.locator(".party-row summary").click()
    found = {"blank": _seen(page, width)}
    page.locator(SEND).last.click()
    page.wait_for_selector(".error-summary")
    found["errors"] = _seen(page, width)
    page.goto(f"/events/{open_slug}/register")
    for name in ("given_name", "family_name", "organisation"):
        page.fill(f"[name={name}]", "Brockmann")
    page.fill("[name=email]", "receipt@example.org")
    page.select_option("[name=country]", "SI")
    page.locator(SEND).last.click()
    page.wait_for_url("**/registered")
    found["receipt"] = _seen(page, width)
    for path in ("/nowhere", "/registration/forged"):
        page.goto(path)
        found[path] = _seen(page, width)
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
    context = _context(browser, told, width, locale, scheme)
    page = context.new_page()
    said = _listening(page)
    _sign_in(page, MAJA, locale)
    found = {}
    for reach in STATES:
        said.clear()
        reach(page)
        page.wait_for_load_state("load")
        # A refused form answers 422, which the console notes as an error.
        faults = [f"console: {text}" for text in said if "422" not in text]
        if faults := faults + _seen(page, width):
            found[reach.__name__] = faults
    context.close()

    assert found == {}
