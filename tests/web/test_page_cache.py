"""The layer before the application: never an old page, never somebody else's, never without checks."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask, request_started
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from event_mgmt import logs
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import CommitWatch, db
from event_mgmt.event_site import event_page
from event_mgmt.events.models import Event
from event_mgmt.registrations.public import form_page
from event_mgmt.web import page_cache
from event_mgmt.web.page_cache import PageCache, VisitorPage
from tests.applications import an_application
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation
from tests.web.sign_in import signed_in
from tests.web.visitor import Visitor

NONCE = re.compile(r"'nonce-([^']+)'")
OWN = re.compile(r'(nonce|name="csrf_token"[^>]*value|name="nonce"[^>]*value)="[^"]+"')


@pytest.fixture(autouse=True)
def frozen(now: datetime) -> Iterator[time_machine.Traveller]:
    """The instant at which pages believe to be asked."""
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@contextmanager
def reaching(app: Flask) -> Iterator[list[str]]:
    """What gets past the layer inside the block, to the application."""
    seen: list[str] = []

    def note(_app: Flask, **_more: object) -> None:
        seen.append("reached")

    with request_started.connected_to(note, app):
        yield seen


def seen(app: Flask, path: str, **more: Any) -> TestResponse:
    """What a visitor without cookies gets."""
    more.setdefault("headers", {"Accept-Language": "de"})
    return Visitor(app, app.response_class, use_cookies=False).open(path, **more)


def paths(event: Event) -> tuple[str, str]:
    return f"/events/{event.slug}", f"/events/{event.slug}/register"


def without_own(text: str) -> str:
    """A page without what each visit has of its own."""
    return OWN.sub("", text)


# ---- what it answers, and how ----


def test_a_page_at_hand_is_answered_before_the_application_and_looks_the_same(app: Flask) -> None:
    for path in paths(an_event()):
        first = seen(app, path)
        with reaching(app) as reached:
            second = seen(app, path)

        assert reached == []
        assert second.status == first.status == "200 OK"
        assert without_own(second.text) == without_own(first.text)
        plain = [
            [(k, NONCE.sub("", v)) for k, v in page.headers if k != "Content-Length"]
            for page in (first, second)
        ]
        assert sorted(plain[0]) == sorted(plain[1])
        assert int(second.headers["Content-Length"]) == len(second.data)


def test_each_answer_has_a_nonce_of_its_own_for_scripts_and_forms(app: Flask) -> None:
    page, form = paths(an_event())
    answers = [seen(app, page) for _ in range(3)]
    forms = [seen(app, form) for _ in range(3)]

    for answer in answers:
        allowed = NONCE.search(answer.headers["Content-Security-Policy"])
        assert allowed is not None
        assert f'nonce="{allowed[1]}"' in answer.text
    assert len({NONCE.findall(a.headers["Content-Security-Policy"])[0] for a in answers}) == 3
    for name in ("csrf_token", "nonce"):
        found = [re.findall(f'name="{name}"[^>]*value="([^"]+)"', answer.text) for answer in forms]
        assert len({tuple(one) for one in found}) == 3
        assert all(len(one) == 1 for one in found)


def test_no_answer_to_a_visitor_without_a_session_sets_a_cookie(app: Flask) -> None:
    for path in paths(an_event()):
        for _ in range(2):
            assert "Set-Cookie" not in seen(app, path).headers


def test_a_form_is_in_no_cache_of_others(app: Flask) -> None:
    _page, form = paths(an_event())

    for _ in range(2):
        assert seen(app, form).headers["Cache-Control"] == "no-store"


def test_a_head_gets_the_headers_of_the_page_and_no_body(sqlite_app: Flask) -> None:
    page, _form = paths(an_event())
    whole = seen(sqlite_app, page)
    visitor = Visitor(sqlite_app, sqlite_app.response_class, use_cookies=False)

    with reaching(sqlite_app) as reached:
        answers = [
            super(type(visitor), visitor).open(page, method=method, buffered=True)
            for method in ("GET", "HEAD")
        ]

    assert reached == []
    assert [name for name, _v in answers[1].headers] == [name for name, _v in answers[0].headers]
    assert answers[1].headers["Content-Length"] == str(len(whole.data))
    assert answers[1].data == b""


def test_requests_are_noted_by_their_route(sqlite_app: Flask, monkeypatch) -> None:
    page, form = paths(an_event())
    for path in (page, form):
        seen(sqlite_app, path)
    noted: list[dict[str, Any]] = []
    monkeypatch.setattr(logs, "note_request", lambda **line: noted.append(line))

    for path in (page, form):
        seen(sqlite_app, path)

    routes = [(line["method"], line["route"], line["status"]) for line in noted]
    assert routes == [("GET", "/events/<slug>", 200), ("GET", "/events/<slug>/register", 200)]


# ---- what it leaves to the application ----


@pytest.mark.parametrize(
    "query", ["?lang=sl", "?x=1", "?pool=", "?pool=nobody", "?pool=a&pool=a", "?pool=a&x=1", "?%00"]
)
def test_other_queries_go_on_to_the_application(sqlite_app: Flask, query: str) -> None:
    for path in paths(an_event()):
        seen(sqlite_app, path)
        with reaching(sqlite_app) as reached:
            seen(sqlite_app, path + query)

        assert reached == ["reached"]


def test_nobody_with_a_session_is_answered_by_the_layer(sqlite_app: Flask) -> None:
    event = an_event()
    member = signed_in(Visitor(sqlite_app, sqlite_app.response_class), a_user(event.host))
    for path in paths(event):
        seen(sqlite_app, path)
        with reaching(sqlite_app) as reached:
            theirs = member.get(path)
        after = seen(sqlite_app, path)

        assert reached == ["reached"]
        assert "/desk/" in theirs.text
        assert "/desk/" not in after.text


def test_a_foreign_host_gets_no_page_that_is_at_hand(app: Flask) -> None:
    for path in paths(an_event()):
        for _ in range(2):
            seen(app, path)
        answer = seen(app, path, base_url="http://evil.example.net")

        assert answer.status_code == 400
        assert "<h1" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "DELETE"])
def test_other_methods_go_on_to_the_application(sqlite_app: Flask, method: str) -> None:
    page, _form = paths(an_event())
    seen(sqlite_app, page)

    with reaching(sqlite_app) as reached:
        answer = seen(sqlite_app, page, method=method)

    assert reached == ["reached"]
    assert answer.status_code in {200, 400, 405}


def test_an_unmigrated_database_never_has_a_page(tmp_path: Path) -> None:
    fresh = an_application(INSTANCE_DIR=str(tmp_path), DATABASE_URL="")

    answers = [fresh.test_client().get("/events/anything") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 503]


def test_a_page_that_is_not_there_stays_a_page_that_is_not_there(app: Flask) -> None:
    assert [seen(app, "/events/nothing").status_code for _ in range(2)] == [404, 404]


def test_a_database_that_does_not_say_whether_it_changed_is_asked_anew(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = an_event(seats=20)
    page, _form = paths(event)
    seen(app, page)

    def broken(_self: CommitWatch) -> object:
        raise OperationalError("mark", None, Exception("gone"))

    monkeypatch.setattr(CommitWatch, "mark", broken)
    a_registration(event)

    assert "noch 19 von 20" in seen(app, page).text


# ---- freshness, and that these tests would notice its lack ----

Check = Callable[[Flask], None]


def shows_a_registration_at_once(app: Flask) -> None:
    event = an_event(seats=20)
    page, _form = paths(event)
    seen(app, page)
    seen(app, page)
    a_registration(event, companions=2)

    assert "noch 17 von 20" in seen(app, page).text


def shows_the_last_seat_at_once(app: Flask) -> None:
    event = an_event(seats=1)
    _page, form = paths(event)
    for _ in range(2):
        assert "Warteliste" not in seen(app, form).text
    a_registration(event)

    assert "Warteliste" in seen(app, form).text


def shows_what_another_process_wrote(app: Flask) -> None:
    event = an_event(seats=20)
    page, _form = paths(event)
    seen(app, page)
    seen(app, page)
    statements = [
        f"UPDATE seat_pools SET taken = 5 WHERE event_id = {event.id}",
        f"UPDATE events SET version = version + 1 WHERE id = {event.id}",
    ]
    url = db.engine.url.render_as_string(hide_password=False)
    code = (
        "import sys; from sqlalchemy import create_engine, text\n"
        "with create_engine(sys.argv[1]).begin() as c:\n"
        "    [c.execute(text(s)) for s in sys.argv[2:]]"
    )
    subprocess.run([sys.executable, "-c", code, url, *statements], check=True, timeout=60)

    assert "noch 15 von 20" in seen(app, page).text


def answers_in_the_reader_s_language(app: Flask) -> None:
    for path in paths(an_event()):
        for language in ("de", "sl", "en", "de"):
            answer = seen(app, path, headers={"Accept-Language": language})
            assert f'<html lang="{language}">' in answer.text


def keeps_contingents_apart(app: Flask) -> None:
    event = an_event()
    chamber = an_organisation("Kammer")
    a_partner(event, chamber, seats=5)
    _page, form = paths(event)
    for _ in range(2):
        assert f'value="{chamber.slug}"' not in seen(app, form).text
        assert f'value="{chamber.slug}"' in seen(app, f"{form}?pool={chamber.slug}").text
        assert f'value="{chamber.slug}"' not in seen(app, form).text


def opens_and_closes_by_the_clock(app: Flask) -> None:
    now = utc_now()
    event = an_event(
        registration_opens_at=now + timedelta(minutes=1),
        registration_closes_at=now + timedelta(minutes=2),
    )
    page, form = paths(event)
    found = []
    for minutes in (0, 1, 2):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            for _ in range(2):
                is_open = form in seen(app, page).text
                assert is_open == ('name="csrf_token"' in seen(app, form).text)
            found.append(is_open)

    assert found == [False, True, False]


CHECKS: list[Check] = [
    shows_a_registration_at_once,
    shows_the_last_seat_at_once,
    shows_what_another_process_wrote,
    answers_in_the_reader_s_language,
    keeps_contingents_apart,
    opens_and_closes_by_the_clock,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_layer(app: Flask, check: Check) -> None:
    check(app)


def _deaf_to_commits(monkeypatch: pytest.MonkeyPatch, _app: Flask) -> None:
    monkeypatch.setattr(page_cache._KnownState, "holds", lambda *_given: True)


def _flawed(**keys: Any) -> Callable[[pytest.MonkeyPatch, Flask], None]:
    """A layer before the layer, whose pages forget one thing that they depend on."""

    def put_before(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
        def forgetful(page: VisitorPage[Any]) -> VisitorPage[Any]:
            def key(state: Any, locale: str, now: datetime, word: str) -> Any:
                told = {"locale": locale, "now": now, "word": word, **keys}
                return page.key(state, told["locale"], told["now"], told["word"])

            return replace(page, key=key)

        pages = [forgetful(event_page.FOR_VISITORS), forgetful(form_page.FOR_VISITORS)]
        monkeypatch.setattr(app, "wsgi_app", PageCache(app, app.wsgi_app, pages).answer)

    return put_before


@pytest.mark.parametrize(
    ("flaw", "check"),
    [
        (_deaf_to_commits, shows_a_registration_at_once),
        (_deaf_to_commits, shows_the_last_seat_at_once),
        (_deaf_to_commits, shows_what_another_process_wrote),
        (_flawed(locale="de"), answers_in_the_reader_s_language),
        (_flawed(word=""), keeps_contingents_apart),
        (
            _flawed(now=datetime.fromisoformat("2027-01-12T09:01:30+00:00")),
            opens_and_closes_by_the_clock,
        ),
    ],
)
def test_these_tests_notice_a_layer_that_forgets_something(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    flaw: Callable[[pytest.MonkeyPatch, Flask], None],
    check: Check,
) -> None:
    flaw(monkeypatch, app)

    with pytest.raises(AssertionError):
        check(app)
