"""A guest whose browser is told to keep no cookies registers, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.registrations.models import Registration
from tests.builders import an_event
from tests.journeys.system import CHROMIUM, System

BLOCKED = {"profile": {"default_content_setting_values": {"cookies": 2}}}


@pytest.fixture
def cookieless(browser: Browser, system: System, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser in whose settings all cookies are blocked."""
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(BLOCKED))
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path),
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        base_url=system.url,
        locale="de-DE",
    )
    yield context
    context.close()


def test_a_guest_registers_with_cookies_switched_off(
    system: System, cookieless: BrowserContext
) -> None:
    with system.app.app_context():
        starts_at = utc_now() + timedelta(days=30)
        slug = an_event(starts_at=starts_at, published_at=utc_now(), largest_party=2).slug
    page = cookieless.new_page()
    page.goto(f"/events/{slug}?lang=sl")
    page.goto(f"/events/{slug}")
    page.get_by_role("link", name="Anmelden").first.click()
    page.fill("[name=given_name]", "Tjaša")
    page.fill("[name=family_name]", "Čeh")
    page.fill("[name=email]", "tjasa@example.org")
    page.fill("[name=organisation]", "Orodjarna Sora d.o.o.")
    page.select_option("[name=country]", "SI")
    page.locator("main form button[type=submit]:visible").last.click()

    expect(page).to_have_url(re.compile(f"/events/{slug}/registered"))
    expect(page.locator("main")).to_contain_text(
        "Wir haben an die Adresse geschrieben, die Sie eingegeben haben."
    )
    assert cookieless.cookies() == []
    with system.app.app_context():
        found = db.session.query(Registration).filter_by(email="tjasa@example.org").one()
        assert found.locale == "de"
    system.letterbox.to("tjasa@example.org")
