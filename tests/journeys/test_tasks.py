"""A long task in a real browser: its page follows it, with scripts and without, up to the file."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from event_mgmt.accounts import queries as accounts
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.attendee_lists.criteria import ListCriteria
from event_mgmt.attendee_lists.export_plan import ExportRequest
from event_mgmt.attendee_lists.list_task import ListArguments
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.tasks import queue, service
from event_mgmt.tasks.arguments import as_json
from event_mgmt.tasks.enums import Reason, TaskState
from event_mgmt.tasks.queue import Claim, Progress
from tests.builders import a_task
from tests.journeys.sound import MAJA, a_context, faults_of, faults_seen, listening, sign_in
from tests.journeys.system import System
from tests.tasks.kinds_for_tests import a_result

SLUG = "jahresempfang-des-konsulats-und-der-vier-branchencluster"
WIDTHS = pytest.mark.parametrize(
    ("width", "locale"), [(390, "sl"), (768, "de"), (1280, "en")], ids=str
)


def _arguments() -> ListArguments:
    event = db.session.scalars(select(Event).where(Event.slug == SLUG)).one()
    return ListArguments.of(
        event, ExportRequest("csv", "Empfang", ("family_name",), ListCriteria())
    )


def _a_task(told: System, **given: Any) -> int:
    """A task of Maja's; one that runs is nobody's but this test's, for longer than it takes."""
    with told.app.app_context():
        user = accounts.user_by_email(MAJA)
        assert user is not None
        now = utc_now()
        values = {"arguments": as_json(_arguments()), "created_at": now, "due_at": now, **given}
        if values.get("state") is TaskState.RUNNING:
            values |= {"claimed_by": "journey", "leased_until": now + timedelta(seconds=115)}
        return a_task(user, **values).id


def _report(told: System, task_id: int, percent: int) -> None:
    with told.app.app_context():
        said = Progress(percent, "read", {"count": percent * 100, "total": 10_000}, None)
        assert queue.report(Claim(task_id, "journey", "attendee_list"), said)


def _finish(told: System, task_id: int) -> None:
    with told.app.app_context():
        claim, now = Claim(task_id, "journey", "attendee_list"), utc_now()
        result = a_result(claim, now=now)
        assert queue.finish(claim, result, now=now)


def test_the_page_follows_its_task(browser: Browser, told: System) -> None:
    context = a_context(browser, told, 1280, "de")
    page = context.new_page()
    said = listening(page)
    sign_in(page, MAJA, "de")
    task_id = _a_task(told, state=TaskState.RUNNING)
    page.goto(f"/desk/tasks/{task_id}")
    page.evaluate("window.isTheSamePage = true")
    spoken = page.locator("[data-progress-said]")

    _report(told, task_id, 40)
    expect(page.get_by_text("4.000 von 10.000 Personen sind geschrieben.").first).to_be_visible()
    assert page.locator("progress").get_attribute("value") == "40"
    expect(spoken).to_have_text("4.000 von 10.000 Personen sind geschrieben.")
    page.get_by_role("button", name="Auftrag abbrechen").focus()
    _report(told, task_id, 80)
    expect(page.locator("progress")).to_have_attribute("value", "80")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Auftrag abbrechen"
    _finish(told, task_id)

    expect(spoken).to_have_text("Der Auftrag ist fertig.")
    assert page.evaluate("window.isTheSamePage")
    assert page.locator("progress").count() == 0
    assert faults_seen(page, 1280) == []
    assert said == []
    context.close()


def test_without_scripts_a_link_shows_how_far_it_is(browser: Browser, told: System) -> None:
    context = browser.new_context(base_url=told.url, java_script_enabled=False, locale="de")
    page = context.new_page()
    sign_in(page, MAJA, "de")
    task_id = _a_task(told, state=TaskState.RUNNING)
    page.goto(f"/desk/tasks/{task_id}")

    _report(told, task_id, 40)
    page.get_by_role("link", name="Fortschritt neu anzeigen").click()

    expect(page.get_by_text("4.000 von 10.000 Personen sind geschrieben.").first).to_be_visible()
    context.close()


def test_a_list_is_prepared_by_its_own_process_and_downloaded(
    browser: Browser, told: System
) -> None:
    context = a_context(browser, told, 1280, "de")
    page = context.new_page()
    sign_in(page, MAJA, "de")
    with told.app.app_context():
        user = accounts.user_by_email(MAJA)
        assert user is not None
        task_id = service.ask(
            "attendee_list", _arguments(), viewer=viewer_of(user), locale="de", now=utc_now()
        )
    page.goto(f"/desk/tasks/{task_id}")

    button = page.get_by_role("button", name="Ergebnis herunterladen")
    button.wait_for(timeout=60_000)
    with page.expect_download() as download:
        button.click()

    assert download.value.suggested_filename.endswith(".csv")
    assert "Nachname" in Path(download.value.path()).read_text("utf-8-sig")
    context.close()


@WIDTHS
def test_every_state_of_a_task_is_sound(
    browser: Browser, told: System, width: int, locale: str
) -> None:
    context = a_context(browser, told, width, locale)
    page = context.new_page()
    said = listening(page)
    sign_in(page, MAJA, locale)
    running = _a_task(told, state=TaskState.RUNNING)
    _report(told, running, 40)
    done = _a_task(told, state=TaskState.RUNNING)
    _finish(told, done)
    with told.app.app_context():
        ended = {"state": TaskState.FAILED, "reason": Reason.DIED, "ended_at": utc_now()}
    failed = _a_task(told, **ended)
    waiting = _a_task(told, kind="of_a_newer_version")

    found = {}
    pages = {"running": running, "done": done, "failed": failed, "waiting": waiting, "all": ""}
    for name, task_id in pages.items():
        path = f"/desk/tasks/{task_id}".rstrip("/")
        if faults := faults_of(page, said, path, width):
            found[name] = faults
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=f"{folder}/tasks-{name}-{width}.png", full_page=True)
    context.close()

    assert found == {}
