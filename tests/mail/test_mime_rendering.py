"""Letters as readers and mail programs get them."""

from __future__ import annotations

import os
import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import html5lib
import pytest
from flask import Flask

from event_mgmt.mail.html_rendering import render_letter
from event_mgmt.mail.letters import Button, CalendarPart, Host, Letter, Paragraph, Quote
from event_mgmt.mail.mime_rendering import ascii_address, compose_mail
from tests.mail.samples import ENTRY, NOW, a_letter, a_message

GOLDEN = Path(__file__).parent / "golden"


def _mail(letter: Letter | None = None, **given: object) -> EmailMessage:
    outgoing, _subject = compose_mail(letter or a_letter(), a_message(**given), now=NOW)
    return message_from_bytes(outgoing.content, policy=default)


def _parts(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_a_letter_reads_as_it_was_approved(sqlite_app: Flask, locale: str) -> None:
    outgoing, _subject = compose_mail(a_letter(locale), a_message(locale=locale), now=NOW)
    approved = GOLDEN / f"sample-{locale}.eml"
    if os.environ.get("APPROVE"):
        approved.write_bytes(outgoing.content)

    assert outgoing.content == approved.read_bytes()


def test_a_mail_has_text_html_and_calendar_side_by_side_and_the_entry_attached(
    sqlite_app: Flask,
) -> None:
    mail = _mail()

    assert _parts(mail) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "text/calendar",
    ]
    shown, attached = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert shown["Content-Type"].params["method"] == "REQUEST"
    assert (shown.get_filename(), attached.get_filename()) == (None, "calendar.ics")
    assert shown.get_payload(decode=True) == attached.get_payload(decode=True) == ENTRY


def test_without_a_calendar_entry_a_mail_is_text_and_html(sqlite_app: Flask) -> None:
    assert _parts(_mail(a_letter(calendar=None))) == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_the_headers_say_who_writes_and_that_a_machine_does(sqlite_app: Flask) -> None:
    mail = _mail()

    assert str(mail["From"]) == '"Konsulat & AutoCluster.NRW" <events@example.org>'
    assert str(mail["To"]) == "Luka Žagar <luka@example.org>"
    assert str(mail["Reply-To"]) == "office@example.org"
    assert str(mail["Subject"]).startswith("Sie sind angemeldet: Jahresempfang")
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Content-Language"] == "de"


def test_every_attempt_has_the_same_message_id_and_every_message_its_own(sqlite_app: Flask) -> None:
    first, again = _mail(), _mail(a_letter(subject="other words"))
    other = _mail(id=8, key="sample:8")

    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", first["Message-ID"])


def test_the_wire_form_is_ascii_with_short_lines_and_proper_ends(sqlite_app: Flask) -> None:
    long = "Ž" * 5000 + " " + "x" * 5000
    outgoing, _subject = compose_mail(
        a_letter(blocks=[Paragraph(long), Quote(".\n..\n" + long)], subject="Š" * 290),
        a_message(to_name="Č" * 200),
        now=NOW,
    )

    lines = outgoing.content.split(b"\r\n")
    assert outgoing.content.isascii()
    assert max(map(len, lines)) <= 78
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    mail = message_from_bytes(outgoing.content, policy=default)
    assert long in mail.get_body(("plain",)).get_content()
    raw = message_from_bytes(outgoing.content)["To"]  # the parser of 3.11 parts encoded words
    assert str(make_header(decode_header(raw))) == f"{'Č' * 200} <luka@example.org>"
    assert mail["Subject"] == "Š" * 290


@pytest.mark.parametrize(
    "name",
    [
        "Luka\r\nBcc: everybody@example.org",
        "Luka\nSubject: other",
        'Luka" <evil@example.org>, "',
        "Luka\u2028Bcc: x@example.org",
        "Luka\x00\x1b",
        "=?utf-8?q?=0ABcc:_x@example.org?=",
    ],
)
def test_nobodys_name_can_add_a_header_or_an_address(sqlite_app: Flask, name: str) -> None:
    mail = _mail(
        a_letter(subject=name, sender_name=name.replace('"', "")),
        to_name=name,
    )

    assert [a.addr_spec for a in mail["To"].addresses] == ["luka@example.org"]
    assert [a.addr_spec for a in mail["From"].addresses] == ["events@example.org"]
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject")) == 1


def test_content_cannot_end_its_part(sqlite_app: Flask) -> None:
    mail = _mail(a_letter(blocks=[Paragraph("--=_a--\n--=_m\n\nContent-Type: text/html\n")]))

    assert _parts(mail)[:4] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert len(_parts(mail)) == 6


def test_words_are_shown_as_words_in_html(sqlite_app: Flask) -> None:
    evil = "<script>alert(1)</script>&amp;\"'"
    words = render_letter(
        a_letter(
            subject=evil,
            greeting=evil,
            blocks=[Paragraph(evil), Quote(evil), Button(evil, 'https://example.org/"><script>')],
            hosts=(Host(evil, "#1d5fa8"),),
            footer=(evil,),
        ),
        "de",
    )

    assert "<script" not in words.html
    assert words.text.count(evil) >= 5


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//example.org", "data:text/html,x", ""])
def test_a_button_leads_to_the_web_or_nowhere(sqlite_app: Flask, url: str) -> None:
    with pytest.raises(ValueError, match="link"):
        render_letter(a_letter(blocks=[Button("Open", url)]), "de")


def test_a_hosts_colour_cannot_carry_style(sqlite_app: Flask) -> None:
    with pytest.raises(ValueError, match="colour"):
        render_letter(a_letter(hosts=(Host("X", "red;background:url(https://x)"),)), "de")


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_the_html_is_valid_loads_nothing_and_names_its_language(
    sqlite_app: Flask, locale: str
) -> None:
    html = render_letter(a_letter(locale), locale).html

    html5lib.HTMLParser(strict=True).parse(html)
    assert f'<html lang="{locale}">' in html
    assert not re.search(r"<(img|link|script|iframe|object)\b|url\(|@import|src=", html)
    assert html.count('bgcolor="#') >= 3


def test_a_link_is_written_out_beside_its_button_and_in_the_text(sqlite_app: Flask) -> None:
    words = render_letter(a_letter(), "de")

    assert words.text.count("https://events.example.org/registration/abc?x=1&y=2") == 1
    assert words.html.count("https://events.example.org/registration/abc?x=1&amp;y=2") == 3
    assert "Falls die Schaltfläche nicht funktioniert" in words.html


def test_domains_travel_as_the_dns_knows_them(sqlite_app: Flask) -> None:
    assert ascii_address("info@žagar.si") == "info@xn--agar-kbb.si"
    with pytest.raises(ValueError, match="letters"):
        ascii_address("žan@example.org")


def test_a_cancelled_entry_says_cancel_in_both_places(sqlite_app: Flask) -> None:
    body = ENTRY.replace(b"METHOD:REQUEST", b"METHOD:CANCEL")
    mail = _mail(a_letter(calendar=CalendarPart("CANCEL", body)))

    shown = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert shown["Content-Type"].params["method"] == "CANCEL"
    assert b"METHOD:CANCEL" in shown.get_payload(decode=True)
