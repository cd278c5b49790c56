"""The pages of one's own tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.accounts.models import User
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.core.database import db
from event_mgmt.tasks import queue, service
from event_mgmt.tasks.kinds import known_kinds
from event_mgmt.tasks.models import Task
from event_mgmt.tasks.queue import Claim, Progress
from tests.builders import NOW, a_user, an_organisation
from tests.tasks.kinds_for_tests import Counting, a_kind, a_result, known
from tests.web.sign_in import csrf_of, signed_in, submit

ABOUT = a_kind(about=lambda given, _locale: f"bis {given.last}")


@pytest.fixture
def asker(sqlite_app: Flask) -> Iterator[User]:
    with known(sqlite_app, ABOUT), time_machine.travel(NOW, tick=False):
        yield a_user(an_organisation())


@pytest.fixture
def browser(client: FlaskClient, asker: User) -> FlaskClient:
    return signed_in(client, asker)


def _ask(user: User) -> int:
    return service.ask("count", Counting(last=1000), viewer=viewer_of(user), locale="de", now=NOW)


def _claimed() -> Claim:
    claim = queue.claim("a", known_kinds(), now=NOW)
    assert claim is not None
    return claim


def _done(user: User) -> int:
    task_id = _ask(user)
    claim = _claimed()
    queue.finish(claim, a_result(claim, now=NOW), now=NOW)
    return task_id


def test_the_page_says_how_far_it_is_in_the_readers_language(
    browser: FlaskClient, asker: User
) -> None:
    task_id = _ask(asker)
    waiting = browser.get(f"/desk/tasks/{task_id}?lang=de").text
    queue.report(_claimed(), Progress(40, "counted", {"number": 400, "last": 1000}, None))

    german = browser.get(f"/desk/tasks/{task_id}?lang=de").text
    english = browser.get(f"/desk/tasks/{task_id}?lang=en").text

    assert "Der Auftrag beginnt gleich." in waiting
    assert "bis 1000" in german
    assert "400 von 1.000" in german
    assert "400 von 1,000" in english
    assert 'value="40"' in german


def test_the_fragment_is_the_part_of_the_page_that_changes(
    browser: FlaskClient, asker: User
) -> None:
    task_id = _ask(asker)

    part = browser.get(f"/desk/tasks/{task_id}/progress")

    assert part.json["is_open"] is True
    assert part.headers["Cache-Control"] == "no-store"
    words = re.search(r"<p data-progress-words.*?</p>", part.json["html"])
    assert words is not None
    assert words[0] in browser.get(f"/desk/tasks/{task_id}").text


def test_without_scripts_a_link_asks_again(browser: FlaskClient, asker: User) -> None:
    task_id = _ask(asker)

    page = browser.get(f"/desk/tasks/{task_id}?lang=en").text

    assert "See how far it is now" in page
    assert "http-equiv" not in page, "a page that reloads by itself takes the reader's place away"


def test_a_result_is_downloaded(browser: FlaskClient, asker: User) -> None:
    task_id = _done(asker)

    answer = submit(browser, f"/desk/tasks/{task_id}", to=f"/desk/tasks/{task_id}/result")

    assert answer.data == b"1\n2\n3\n"
    assert "numbers.txt" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_result_is_not_taken_by_a_link(browser: FlaskClient, asker: User) -> None:
    task_id = _done(asker)

    assert browser.get(f"/desk/tasks/{task_id}/result").status_code == 405


def test_after_a_day_there_is_nothing_to_download(browser: FlaskClient, asker: User) -> None:
    task_id = _done(asker)

    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        page = browser.get(f"/desk/tasks/{task_id}?lang=en").text

    assert "Download the result" not in page


def test_a_task_is_stopped(browser: FlaskClient, asker: User) -> None:
    task_id = _ask(asker)

    submit(browser, f"/desk/tasks/{task_id}", to=f"/desk/tasks/{task_id}/stop")

    assert not db.session.get_one(Task, task_id, populate_existing=True).is_open
    assert "abgebrochen" in browser.get(f"/desk/tasks/{task_id}?lang=de").text


def test_ones_tasks_are_listed(browser: FlaskClient, asker: User) -> None:
    assert "Kein Auftrag" in browser.get("/desk/tasks?lang=de").text
    task_id = _done(asker)

    page = browser.get("/desk/tasks?lang=de").text

    assert f"/desk/tasks/{task_id}" in page
    assert "Fertig" in page


@pytest.mark.parametrize("path", ["", "/progress"])
def test_anothers_task_answers_exactly_as_a_missing_one(
    browser: FlaskClient, asker: User, path: str
) -> None:
    foreign = _done(a_user(an_organisation()))

    answers = [browser.get(f"/desk/tasks/{each}{path}") for each in (foreign, 999_999)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text.replace("999999", str(foreign))


@pytest.mark.parametrize("verb", ["stop", "result"])
def test_nobody_stops_or_takes_anothers(browser: FlaskClient, asker: User, verb: str) -> None:
    own, foreign = _ask(asker), _done(a_user(an_organisation()))
    token = csrf_of(browser.get(f"/desk/tasks/{own}"))

    answer = browser.post(f"/desk/tasks/{foreign}/{verb}", data={"csrf_token": token})

    assert answer.status_code == 404
