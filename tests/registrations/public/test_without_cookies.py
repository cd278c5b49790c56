"""A visitor whose browser keeps no cookie registers all the same: the form has a token of its own."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.web import form_tokens
from tests.applications import an_application
from tests.builders import a_registration, a_user, an_event
from tests.registrations.guest_pages import (
    GUEST,
    main_text,
    nonce_of,
    registrations,
    the_registration,
)
from tests.web.sign_in import csrf_of, signed_in
from tests.web.visitor import Visitor

pytestmark = pytest.mark.usefixtures("frozen")


def without_cookies(app: Flask) -> Visitor:
    return Visitor(app, app.response_class, use_cookies=False)


def url_of(event: Event) -> str:
    return f"/events/{event.slug}/register"


def filled_in(page: TestResponse, **fields: Any) -> dict[str, Any]:
    return {**GUEST, "csrf_token": csrf_of(page), "nonce": nonce_of(page), **fields}


def test_a_visitor_without_cookies_registers_and_reads_that_a_mail_is_on_its_way(
    app: Flask,
) -> None:
    event, visitor = an_event(), without_cookies(app)
    form = visitor.get(url_of(event))

    sent = visitor.post(url_of(event), data=filled_in(form))
    page = visitor.get(sent.location)

    assert sent.status_code == 303
    assert the_registration().email == GUEST["email"]
    assert page.status_code == 200
    assert "Wir haben an die Adresse geschrieben, die Sie eingegeben haben." in main_text(page.text)
    assert (
        page.headers["Cache-Control"] == "private, no-store"
        or "no-store" in (page.headers["Cache-Control"])
    )


def test_nothing_personal_stands_in_the_confirmation_s_address(app: Flask) -> None:
    event, visitor = an_event(), without_cookies(app)

    sent = visitor.post(url_of(event), data=filled_in(visitor.get(url_of(event))))

    assert re.fullmatch(
        rf"/events/{event.slug}/registered\?receipt=confirmed-1-0-1\.\d+\.[0-9a-f]{{64}}",
        sent.location,
    )


def test_a_form_sent_twice_is_one_registration(app: Flask) -> None:
    event, visitor = an_event(), without_cookies(app)
    data = filled_in(visitor.get(url_of(event)))

    answers = [visitor.post(url_of(event), data=data).status_code for _ in range(3)]

    assert answers == [303, 303, 303]
    assert registrations() == 1


def test_a_form_that_lay_too_long_comes_back_in_the_reader_s_language_with_all_that_was_typed(
    app: Flask, now: datetime
) -> None:
    event, visitor = an_event(), without_cookies(app)
    slovenian = {"Accept-Language": "sl"}
    old = filled_in(visitor.get(url_of(event), headers=slovenian), message="Pridemo kasneje")

    with time_machine.travel(now + form_tokens.LASTS, tick=False):
        back = visitor.post(url_of(event), data=old, headers=slovenian)
        again = filled_in(back, message="Pridemo kasneje")
        sent = visitor.post(url_of(event), data=again, headers=slovenian)

    assert back.status_code == 422
    assert '<html lang="sl">' in back.text
    assert "predolgo" in back.text
    assert "Pridemo kasneje" in back.text
    assert GUEST["email"] in back.text
    assert nonce_of(back) == old["nonce"]
    assert csrf_of(back) != old["csrf_token"]
    assert sent.status_code == 303
    assert registrations() == 1


def test_a_token_of_another_event_or_another_form_is_refused(app: Flask) -> None:
    event, other, visitor = an_event(), an_event(), without_cookies(app)
    mine, theirs = (visitor.get(url_of(one)) for one in (event, other))

    of_another_event = visitor.post(url_of(event), data=filled_in(theirs))
    of_another_form = visitor.post(
        url_of(event), data=filled_in(mine, nonce=nonce_of(visitor.get(url_of(event))))
    )
    with_none = visitor.post(url_of(event), data={**GUEST, "nonce": nonce_of(mine)})

    assert [a.status_code for a in (of_another_event, of_another_form, with_none)] == [422] * 3
    assert registrations() == 0
    assert visitor.post(url_of(event), data=filled_in(of_another_event)).status_code == 303


def test_companions_are_added_without_script_and_cookie(app: Flask) -> None:
    event, visitor = an_event(largest_party=3), without_cookies(app)
    form = visitor.get(url_of(event))
    more = visitor.post(url_of(event), data=filled_in(form, add_companion="1"))
    companion = {"companions-0-given_name": "Ivo", "companions-0-family_name": "Kos"}

    sent = visitor.post(url_of(event), data=filled_in(more, **companion))

    assert sent.status_code == 303
    assert [person.family_name for person in the_registration().attendees] == ["Novak", "Kos"]


def test_the_language_of_the_link_stays_without_a_cookie(app: Flask) -> None:
    event, visitor = an_event(), without_cookies(app)
    german = {"Accept-Language": "de"}
    form = visitor.get(f"{url_of(event)}?lang=sl", headers=german)
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', form.text)
    assert action is not None

    sent = visitor.post(action[1], data=filled_in(form), headers=german)
    page = visitor.get(sent.location, headers=german)

    assert the_registration().locale == "sl"
    assert '<html lang="sl">' in page.text
    assert "Pisali smo na naslov, ki ste ga vnesli." in main_text(page.text)


def test_a_browser_that_keeps_cookies_reads_its_address(app: Flask) -> None:
    event, browser = an_event(), Visitor(app, app.response_class)

    sent = browser.post(url_of(event), data=filled_in(browser.get(url_of(event))))
    page = browser.get(sent.location)

    assert GUEST["email"] in main_text(page.text)


@pytest.mark.parametrize(
    "forged",
    [
        lambda text: text.replace("confirmed", "waitlisted"),
        lambda text: text.replace("confirmed-1-", "confirmed-2-"),
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: "receipt=x",
        lambda text: "receipt=confirmed-1-0-1",
        lambda text: "receipt=.",
        lambda text: "",
    ],
)
def test_a_receipt_that_is_not_ours_shows_nothing(sqlite_app: Flask, forged: Any) -> None:
    event, visitor = an_event(), without_cookies(sqlite_app)
    sent = visitor.post(url_of(event), data=filled_in(visitor.get(url_of(event))))
    path, _mark, query = sent.location.partition("?")

    answer = visitor.get(f"{path}?{forged(query)}")

    assert (answer.status_code, answer.location) == (303, f"/events/{event.slug}")


def test_a_receipt_of_another_event_or_of_yesterday_shows_nothing(
    sqlite_app: Flask, now: datetime
) -> None:
    event, other, visitor = an_event(), an_event(), without_cookies(sqlite_app)
    sent = visitor.post(url_of(event), data=filled_in(visitor.get(url_of(event))))

    elsewhere = visitor.get(sent.location.replace(event.slug, other.slug))
    with time_machine.travel(now + timedelta(days=1), tick=False):
        later = visitor.get(sent.location)

    assert [elsewhere.status_code, later.status_code] == [303, 303]


def test_the_next_reader_of_a_kept_confirmation_gets_a_link_of_their_own(
    sqlite_app: Flask, now: datetime
) -> None:
    event, pages = an_event(), []
    for number in range(2):
        with time_machine.travel(now + timedelta(seconds=number), tick=False):
            visitor = without_cookies(sqlite_app)
            data = filled_in(visitor.get(url_of(event)), email=f"guest-{number}@example.org")
            sent = visitor.post(url_of(event), data=data)
            pages.append((sent.location.partition("?")[2], visitor.get(sent.location).text))

    (first, _text), (second, text) = pages
    assert first != second
    assert first not in text
    assert second in text


def test_a_session_that_began_in_another_tab_is_no_hindrance(sqlite_app: Flask) -> None:
    event, browser = an_event(), Visitor(sqlite_app, sqlite_app.response_class)
    form = browser.get(url_of(event))
    browser.get("/?lang=sl")

    assert browser.post(url_of(event), data=filled_in(form)).status_code == 303


def test_whoever_is_signed_in_needs_the_session_s_token(sqlite_app: Flask) -> None:
    event = an_event()
    form = without_cookies(sqlite_app).get(url_of(event))
    member = signed_in(Visitor(sqlite_app, sqlite_app.response_class), a_user(event.host))

    forged = member.post(url_of(event), data=filled_in(form))
    own = member.post(url_of(event), data=filled_in(member.get(url_of(event))))

    assert (forged.status_code, own.status_code) == (422, 303)


def test_a_form_behind_a_session_keeps_the_session_s_token(sqlite_app: Flask) -> None:
    event, browsers = an_event(), []
    for _ in range(2):
        browser = Visitor(sqlite_app, sqlite_app.response_class)
        browser.get("/?lang=sl")
        browsers.append(browser)
    form = browsers[0].get(url_of(event))

    stolen = browsers[1].post(url_of(event), data=filled_in(form))

    assert stolen.status_code == 422
    assert browsers[0].post(url_of(event), data=filled_in(form)).status_code == 303


def test_a_form_of_one_server_is_taken_by_another_with_the_same_secret(app: Flask) -> None:
    event = an_event()
    a_registration(event)
    servers = [_another(app, secret) for secret in (app.config["SECRET_KEY"], "other " * 8)]
    form = without_cookies(app).get(url_of(event))

    answers = [
        without_cookies(server).post(url_of(event), data=filled_in(form)).status_code
        for server in reversed(servers)
    ]

    assert answers == [422, 303]
    for server in servers:
        with server.app_context():
            db.engine.dispose()


def _another(app: Flask, secret: str) -> Flask:
    """The same system on another machine: the same database, another process's memory."""
    url = db.engine.url.render_as_string(hide_password=False)
    return an_application(
        INSTANCE_DIR=str(Path(app.instance_path)), DATABASE_URL=url, SECRET_KEY=secret
    )
