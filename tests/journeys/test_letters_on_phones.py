"""No mail is wider than the phone it is read on, whatever stands in it."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser

from event_mgmt.mail.html_rendering import render_letter
from event_mgmt.mail.letters import Button, Facts, Host, Paragraph, Quote
from tests.mail.samples import a_letter

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ADDRESS = "vorname.nachname-sehr-lang@abteilung-fuer-auswaertiges.ministerium.example.org"
TEAMS = (
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_"
    + "NjRkYjE4ZmMtYTc2ZC00" * 6
    + "%40thread.v2/0?context=%7b%22Tid%22%3a%22a1b2c3d4%22%7d"
)


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("long", [WORD, ADDRESS, TEAMS], ids=["word", "address", "link"])
def test_a_mail_is_as_wide_as_its_screen(
    sqlite_app: Flask, browser: Browser, long: str, width: int
) -> None:
    letter = a_letter(
        subject=long,
        greeting=long,
        blocks=(
            Paragraph(long),
            Facts(((long, "Saal"), ("Wo", long), (long, long))),
            Button(long, f"https://events.example.org/registration/{'a' * 200}"),
            Quote(f"Bitte {long}"),
        ),
        hosts=(Host(long, "#1d5fa8"), Host("Chemie.NRW", "#0a7466")),
        closing=long,
        footer=(long,),
        footer_links=((long, "https://events.example.org"),),
    )
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(render_letter(letter, "de").html)

    widest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('*')].map(e => e.getBoundingClientRect().right))"
    )
    assert widest <= width
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()
