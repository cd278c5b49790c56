"""Journeys: the system as `make run` starts it, a real browser, a real SMTP server."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from event_mgmt.core.clock import utc_now
from event_mgmt.demo import service as demo
from tests.journeys.sound import PASSWORD
from tests.journeys.system import CHROMIUM, NO_BROWSER, System, chromium, running_system


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One system for all journeys of this run."""
    with running_system(tmp_path_factory.mktemp("journeys")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; where there is none the test is skipped, unless one is required."""
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with chromium() as launched:
        yield launched


@pytest.fixture
def desktop(browser: Browser, system: System) -> Iterator[Page]:
    """A page on a large screen, in German."""
    context = browser.new_context(
        base_url=system.url, locale="de-DE", viewport={"width": 1280, "height": 900}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser, system: System) -> Iterator[Page]:
    """A page on a phone, in Slovenian."""
    context = browser.new_context(
        base_url=system.url,
        locale="sl-SI",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def scriptless(browser: Browser, system: System) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    context = browser.new_context(base_url=system.url, locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system with the demo in it."""
    with running_system(tmp_path_factory.mktemp("axe")) as system:
        with system.app.app_context():
            demo.build(PASSWORD, now=utc_now())
        yield system
