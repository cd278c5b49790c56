"""Two planners in two processes write each reminder once, on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask

from event_mgmt.core.database import db
from tests.builders import NOW, a_registration, an_event
from tests.reminders.builders import a_rule, messages

DUE = NOW + timedelta(days=9)
GUESTS = 40

pytestmark = pytest.mark.processes


@contextmanager
def _planners(app: Flask, way: str, now: datetime = DUE) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that stand ready to plan."""
    order = {
        "way": way,
        "now": now.isoformat(),
        "instance": app.instance_path,
        "database_url": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    db.session.remove()
    command = [sys.executable, "-m", "tests.reminders.planning"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(command, **pipes) for _ in range(2)]
    try:
        for process in running:
            _tell(process, json.dumps(order))
        assert [process.stdout.readline() for process in running] == ["ready\n"] * 2
        yield running
    finally:
        for process in running:
            process.stdin.close()
            process.stdout.close()
            process.wait(timeout=60)


def _tell(process: subprocess.Popen[str], line: str) -> None:
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def _all_due() -> None:
    event = an_event(starts_at=NOW + timedelta(days=10), seats=2 * GUESTS)
    a_rule(event)
    for _ in range(GUESTS):
        a_registration(event)


def test_two_planners_at_once_queue_each_reminder_once(app: Flask) -> None:
    _all_due()

    with _planners(app, "fair") as running:
        for process in running:
            _tell(process, "go")
        written = [int(process.stdout.readline()) for process in running]

    assert sum(written) == GUESTS
    assert len({message.registration_id for message in messages()}) == len(messages()) == GUESTS


def test_two_planners_that_wake_up_late_queue_each_reminder_once(app: Flask) -> None:
    _all_due()

    with _planners(app, "fair", DUE + timedelta(hours=10)) as running:
        for process in running:
            _tell(process, "go")
        written = [int(process.stdout.readline()) for process in running]

    assert sum(written) == GUESTS


def test_two_careless_planners_would_remind_everybody_twice(app: Flask) -> None:
    """The control: without the unique key the same race writes every reminder twice."""
    _all_due()

    with _planners(app, "careless") as running:
        for process in running:
            _tell(process, "go")
        assert [process.stdout.readline() for process in running] == ["looked\n"] * 2
        for process in running:
            _tell(process, "write")
        written = [int(process.stdout.readline()) for process in running]

    copies = Counter(message.registration_id for message in messages())
    assert written == [GUESTS, GUESTS]
    assert set(copies.values()) == {2}
