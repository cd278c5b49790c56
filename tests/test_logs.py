"""What the logs say, and what they keep to themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog
from flask import Flask
from structlog.testing import capture_logs

from event_mgmt import settings as settings_module
from event_mgmt.accounts.access import ANYONE, open_to
from event_mgmt.core import schema
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.wiring import create_app
from tests.builders import an_event

PERSON = "Marko.Kos@example.org"


@pytest.fixture
def live_app(tmp_path, monkeypatch) -> Iterator[Flask]:
    """An application as operators run it, with one page that breaks."""
    before, configure = structlog.get_config(), structlog.configure
    monkeypatch.setattr(  # a logger that is kept would outlive this test
        structlog,
        "configure",
        lambda **how: configure(**how | {"cache_logger_on_first_use": False}),
    )
    settings = settings_module.load({"INSTANCE_DIR": str(tmp_path)})
    app = create_app(settings)

    @app.get("/broken/<name>")
    @open_to(ANYONE)
    def broken(name: str) -> str:
        raise ValueError(f"no seat for {name}")

    with app.app_context():
        schema.upgrade(db.engine)
    yield app
    configure(**before)


def test_a_request_is_noted_by_its_route_and_not_by_its_address(live_app: Flask) -> None:
    with capture_logs() as lines:
        live_app.test_client().get("/events/a-secret-reception?email=" + PERSON)

    assert [line["route"] for line in lines] == ["/events/<slug>"]
    assert "secret" not in json.dumps(lines)
    assert PERSON not in json.dumps(lines)


def test_a_page_of_the_cache_is_noted_as_the_application_does(live_app: Flask) -> None:
    with live_app.app_context():
        in_a_week = utc_now() + timedelta(days=7)
        event = an_event(slug="a-secret-reception", starts_at=in_a_week, published_at=utc_now())
        path = f"/events/{event.slug}"
    with capture_logs() as lines:
        for _ in range(2):
            assert live_app.test_client().get(path).status_code == 200

    told = [{key: line[key] for key in line if key != "ms"} for line in lines]
    assert (
        told[0]
        == told[1]
        == {
            "event": "request",
            "log_level": "info",
            "method": "GET",
            "route": "/events/<slug>",
            "status": 200,
        }
    )
    assert "secret" not in json.dumps(lines)


def test_a_fault_is_noted_with_its_place_and_without_its_words(live_app: Flask) -> None:
    with capture_logs() as lines:
        answer = live_app.test_client().get(f"/broken/{PERSON}")

    fault = next(line for line in lines if line["event"] == "fault")
    assert answer.status_code == 500
    assert fault["error"] == "ValueError"
    assert fault["where"][-1].startswith("test_logs.py:")
    assert PERSON not in json.dumps(lines)


def test_a_monitors_questions_do_not_fill_the_log(live_app: Flask) -> None:
    with capture_logs() as lines:
        assert live_app.test_client().get("/health").status_code == 200

    assert lines == []
