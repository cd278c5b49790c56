"""Two planners in two processes write each reminder once, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.connection import Connection

import pytest
from flask import Flask

from event_mgmt.core.database import db
from tests.builders import NOW, a_registration, an_event
from tests.faults.forked import forked
from tests.messaging import planning
from tests.messaging.builders import a_rule, messages

DUE = NOW + timedelta(days=9)
GUESTS = 40

pytestmark = pytest.mark.processes


@contextmanager
def _planners(app: Flask, way: str, now: datetime = DUE) -> Iterator[list[Connection]]:
    """The lines to two processes that stand ready to plan."""
    db.session.remove()
    order = (app.instance_path, app.config["SQLALCHEMY_DATABASE_URI"], way, now)
    with forked(planning.work, *order) as one, forked(planning.work, *order) as other:
        lines = [one.line, other.line]
        assert _heard(lines) == ["ready"] * 2
        yield lines
        assert [one.end(), other.end()] == [0, 0]


def _tell(lines: list[Connection], word: str) -> None:
    for line in lines:
        line.send(word)


def _heard(lines: list[Connection]) -> list[object]:
    return [line.recv() for line in lines]


def _all_due() -> None:
    event = an_event(starts_at=NOW + timedelta(days=10), seats=2 * GUESTS)
    a_rule(event)
    for _ in range(GUESTS):
        a_registration(event)


def test_two_planners_at_once_queue_each_reminder_once(app: Flask) -> None:
    _all_due()

    with _planners(app, "fair") as lines:
        _tell(lines, "go")
        written = _heard(lines)

    assert sum(written) == GUESTS
    assert len({message.registration_id for message in messages()}) == len(messages()) == GUESTS


def test_two_planners_that_wake_up_late_queue_each_reminder_once(app: Flask) -> None:
    _all_due()

    with _planners(app, "fair", DUE + timedelta(hours=10)) as lines:
        _tell(lines, "go")
        written = _heard(lines)

    assert sum(written) == GUESTS


def test_two_careless_planners_would_remind_everybody_twice(app: Flask) -> None:
    """The control: without the unique key the same race writes every reminder twice."""
    _all_due()

    with _planners(app, "careless") as lines:
        _tell(lines, "go")
        assert _heard(lines) == ["looked"] * 2
        _tell(lines, "write")
        written = _heard(lines)

    copies = Counter(message.registration_id for message in messages())
    assert written == [GUESTS, GUESTS]
    assert set(copies.values()) == {2}
