"""A reminder reaches a real SMTP server at the right time of day, also when clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from event_mgmt.core.clock import at_wall_clock
from event_mgmt.core.database import db
from event_mgmt.mail.delivery import deliver_due
from event_mgmt.messaging import planner
from event_mgmt.messaging.models import ReminderRule, Unit
from tests.builders import NOW, a_registration, an_event, saved
from tests.conftest import make_app
from tests.journeys.system import Letterbox
from tests.serving.processes import free_port


@pytest.fixture
def letterbox() -> Iterator[tuple[Letterbox, int]]:
    """An SMTP server's inbox and its port."""
    inbox = Letterbox()
    relay = Controller(inbox, hostname="127.0.0.1", port=free_port())
    relay.start()
    yield inbox, relay.port
    relay.stop()


@pytest.fixture
def posting_app(tmp_path: Path, letterbox: tuple[Letterbox, int]) -> Iterator[Flask]:
    """An application that sends to the letterbox."""
    app = make_app(tmp_path, "", MAIL_URL=f"smtp://127.0.0.1:{letterbox[1]}")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _work(now: datetime) -> None:
    """What a worker does at one tick."""
    planner.plan(now)
    deliver_due(now)


@pytest.mark.parametrize(
    ("evening", "reminded_at"),
    [
        (datetime(2027, 3, 28, 18, 0), datetime(2027, 3, 27, 17, 0, tzinfo=UTC)),
        (datetime(2027, 10, 31, 18, 0), datetime(2027, 10, 30, 16, 0, tzinfo=UTC)),
    ],
    ids=["clocks-go-forward", "clocks-go-back"],
)
def test_a_day_before_means_the_same_time_of_day_when_clocks_change(
    posting_app: Flask,
    letterbox: tuple[Letterbox, int],
    evening: datetime,
    reminded_at: datetime,
) -> None:
    event = an_event(starts_at=at_wall_clock(evening, "Europe/Berlin"))
    a_registration(event, email="guest@example.org", confirmed_at=NOW, locale="de")
    saved(
        ReminderRule(
            event_id=event.id,
            amount=1,
            unit=Unit.DAYS,
            statuses=["confirmed"],
            created_at=NOW,
            armed_at=NOW,
        )
    )
    letters = letterbox[0].letters

    _work(reminded_at - timedelta(minutes=1))
    assert letters == []

    _work(reminded_at)
    assert [letter["To"].addresses[0].addr_spec for letter in letters] == ["guest@example.org"]
    assert "18:00" in letters[0].get_body(("plain",)).get_content()

    _work(reminded_at + timedelta(minutes=1))
    assert len(letters) == 1
