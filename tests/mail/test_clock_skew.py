"""What a wrong clock sent into the future comes back; what is meant for later stays."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from event_mgmt.core.database import db
from event_mgmt.mail import clock_skew
from event_mgmt.mail.models import Message
from tests.builders import saved
from tests.mail.samples import NOW, a_message

AHEAD = timedelta(days=2)


def _saved(key: str, **given: object) -> None:
    saved(a_message(id=None, key=key, **{"due_at": given.get("created_at", NOW), **given}))


def _due() -> dict[str, timedelta]:
    db.session.expire_all()
    return {m.key: m.due_at - NOW for m in db.session.query(Message).order_by(Message.id)}


def test_a_message_of_a_clock_that_was_ahead_comes_due_as_it_was_meant_to(app: Flask) -> None:
    _saved("at once", created_at=NOW + AHEAD)
    _saved("in an hour", created_at=NOW + AHEAD, due_at=NOW + AHEAD + timedelta(hours=1))
    _saved("tried", created_at=NOW, due_at=NOW + AHEAD, attempts=2)
    _saved("rested", created_at=NOW, due_at=NOW + AHEAD, rested_seconds=60)

    clock_skew.correct_future_due_times(NOW)

    assert _due() == {
        "at once": timedelta(),
        "in an hour": timedelta(hours=1),
        "tried": timedelta(),
        "rested": timedelta(),
    }


def test_what_is_meant_for_later_stays(app: Flask) -> None:
    _saved("tomorrow morning", created_at=NOW, due_at=NOW + timedelta(hours=20))
    _saved("tried", created_at=NOW, due_at=NOW + timedelta(hours=1), attempts=5)
    _saved("rested", created_at=NOW, due_at=NOW + timedelta(hours=1), rested_seconds=7200)
    _saved("a little ahead", created_at=NOW + timedelta(minutes=1))
    before = _due()

    clock_skew.correct_future_due_times(NOW)

    assert _due() == before
