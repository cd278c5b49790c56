"""axe finds nothing serious on any page, nothing overflows a phone, and the console stays silent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.demo import service as demo
from event_mgmt.events.models import Event
from event_mgmt.organisations.models import Organisation
from event_mgmt.registrations.models import Registration
from tests.journeys.system import System, running_system

PASSWORD = "a demo for the eyes of axe"
SERIOUS = {"serious", "critical"}
FILES = {
    "agenda.event_ics",
    "agenda.feed",
    "agenda.host_feed",
    "agenda.sitemap",
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
        }
    adapter = told.app.url_map.bind("localhost")
    return {
        rule.endpoint: adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for rule in told.app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.arguments <= values.keys()
    }


def _context(browser: Browser, told: System, width: int, locale: str) -> BrowserContext:
    return browser.new_context(
        base_url=told.url, viewport={"width": width, "height": 900}, locale=locale
    )


def _faults(page: Page, said: list[str], path: str, width: int) -> list[str]:
    said.clear()
    answer = page.goto(path)
    if answer is None or "text/html" not in answer.headers.get("content-type", ""):
        return []
    if answer.status in {404, 403}:
        return []
    faults = [f"status {answer.status}"] if answer.status >= 400 else []
    faults += [f"console: {text}" for text in said]
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
    ("user", "width", "locale"),
    [
        ("", 1280, "de"),
        ("", 390, "sl"),
        (MAJA, 1280, "de"),
        (MAJA, 390, "sl"),
        (demo.PLATFORM_ADMIN, 390, "en"),
    ],
)
def test_every_page_is_sound(
    browser: Browser, told: System, paths: dict[str, str], user: str, width: int, locale: str
) -> None:
    context = _context(browser, told, width, locale)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
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
