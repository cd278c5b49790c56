"""Whether a page is sound: as wide as the screen, silent in the console, and fine with axe."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import QuestionKind
from event_mgmt.events.models import Question
from tests.builders import saved
from tests.journeys.system import System

Scheme = Literal["light", "dark"]
PASSWORD = "a demo for the eyes of axe"
_SERIOUS_FAULTS = """async () => {
    const isSerious = impact => !["minor", "moderate"].includes(impact);
    const isUsual = rule => rule.enabled
        && !rule.tags.some(tag => ["experimental", "deprecated"].includes(tag));
    const values = axe._audit.rules
        .filter(rule => isUsual(rule) && isSerious(rule.impact)).map(rule => rule.id);
    const options = {resultTypes: ["violations"], runOnly: {type: "rule", values}};
    const {violations} = await axe.run(options);
    return violations.filter(found => isSerious(found.impact)).map(({id, nodes}) =>
        `${id}: ${JSON.stringify(nodes.slice(0, 3).map(node => node.target))}`);
}"""
"""What axe's usual rules find, but for those that never find anything serious.

Only the findings leave the browser: what axe tells of all that is well costs more than finding it.
"""
MAJA = "maja.kovac@example.org"

VIEWS = pytest.mark.parametrize(
    ("width", "locale", "scheme"),
    [(1280, "de", "dark"), (390, "sl", "light"), (320, "en", "dark")],
)


def a_context(
    browser: Browser, told: System, width: int, locale: str, scheme: Scheme = "light"
) -> BrowserContext:
    return browser.new_context(
        base_url=told.url,
        viewport={"width": width, "height": 900},
        locale=locale,
        color_scheme=scheme,
    )


def listening(page: Page) -> list[str]:
    """What the console says of errors from now on."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    return said


def faults_of(page: Page, said: list[str], path: str, width: int) -> list[str]:
    said.clear()
    answer = page.goto(path)
    if answer is None or "text/html" not in answer.headers.get("content-type", ""):
        return []
    if answer.status in {404, 403}:
        return []
    faults = [f"status {answer.status}"] if answer.status >= 400 else []
    faults += [f"console: {text}" for text in said]
    return faults + faults_seen(page, width)


def faults_seen(page: Page, width: int) -> list[str]:
    """What is wrong with the page as it stands."""
    faults = []
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        faults.append(f"{wide} px wide on a screen of {width}")
    page.evaluate(AXE_SCRIPT)
    faults += page.evaluate(_SERIOUS_FAULTS)
    return faults


def sign_in(page: Page, user: str, locale: str) -> None:
    page.goto(f"/login?lang={locale}")
    page.fill("[name=email]", user)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/desk/")


def ask_everything(event_id: int) -> None:
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
