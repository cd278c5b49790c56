"""Takes the pictures of README and docs: ``python -m tests.journeys.screenshots``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.demo import service as demo
from event_mgmt.events.models import Event
from tests.journeys.system import CHROMIUM, NO_BROWSER, System, chromium, running_system
from tests.serving.processes import ROOT

PASSWORD = "a demo for pictures"
FOLDER = ROOT / "docs" / "pictures"
RECEPTION = "jahresempfang-des-konsulats-und-der-vier-branchencluster"
LARGE, PHONE = (1280, 900), (390, 844)


def main() -> int:
    """Start the system with its demo and photograph it; gives the exit status."""
    if CHROMIUM is None:
        sys.stderr.write(f"{NO_BROWSER}\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_system(Path(folder)) as system,
        chromium() as browser,
    ):
        with system.app.app_context():
            demo.build(PASSWORD, now=utc_now())
        event = _id_of(system, RECEPTION)
        for name, path, size, locale in (
            ("agenda-de", "/", LARGE, "de"),
            ("event-de", f"/events/{RECEPTION}", LARGE, "de"),
            ("calendar-en", "/calendar", LARGE, "en"),
            ("register-phone-sl", f"/events/{RECEPTION}/register", PHONE, "sl"),
        ):
            _take(_page(browser, system, size), name, path, locale)
        for size, pictures in (
            (
                LARGE,
                (
                    ("today-de", "/desk/", "de"),
                    ("overview-de", f"/desk/events/{event}/", "de"),
                    ("new-event-sl", "/desk/events/new", "sl"),
                ),
            ),
            (PHONE, (("list-phone-de", f"/desk/events/{event}/attendee-list", "de"),)),
        ):
            page = _page(browser, system, size)
            _sign_in(page)
            for name, path, locale in pictures:
                _take(page, name, path, locale)
    return 0


def _id_of(system: System, slug: str) -> int:
    with system.app.app_context():
        return db.session.query(Event.id).filter_by(slug=slug).scalar()


def _page(browser: Browser, system: System, size: tuple[int, int]) -> Page:
    context = browser.new_context(
        base_url=system.url, viewport={"width": size[0], "height": size[1]}
    )
    return context.new_page()


def _sign_in(page: Page) -> None:
    page.goto("/login")
    page.fill("[name=email]", "maja.kovac@example.org")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/desk/")


def _take(page: Page, name: str, path: str, locale: str) -> None:
    page.goto(f"{path}?lang={locale}")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png")
    sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    sys.exit(main())
