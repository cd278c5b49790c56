"""The look at a page finds what it is there to find."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys.sound import faults_seen

PAGE = """<!doctype html><html lang="en"><head><title>t</title></head>
<body><main><h1>h</h1>{}</main></body></html>"""
WIDTH = 390


@pytest.fixture(scope="module")
def faults(browser: Browser):
    """What is found on a page with this in it."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 800})
    page = context.new_page()

    def found(content: str) -> list[str]:
        page.set_content(PAGE.format(content))
        return faults_seen(page, WIDTH)

    yield found
    context.close()


def test_nothing_is_wrong_with_a_sound_page(faults) -> None:
    assert faults("<p>All is well.</p><label>A <input></label>") == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<input name='a'>", "label"),
        ("<p style='color: #aaa; background: #fff'>pale</p>", "color-contrast"),
        ("<a href='/x'></a>", "link-name"),
        ("<button></button>", "button-name"),
        ("<select></select>", "select-name"),
        ("<p role='nothing'>x</p>", "aria-roles"),
        ("<div role='button'>x<button>y</button></div>", "nested-interactive"),
        ("<ul><p>x</p></ul>", "list"),
        ("<p lang='nothing'>x</p>", "valid-lang"),
        ("<div style='width: 500px'>wide</div>", "508 px wide"),
    ],
)
def test_a_fault_is_found(faults, content: str, fault: str) -> None:
    found = faults(content)

    assert [each for each in found if each.startswith(fault)], found
