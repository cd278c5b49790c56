"""A room that is added is its folder and one line; all that it declares works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from event_mgmt import settings
from event_mgmt.audit.labels import action_label
from event_mgmt.core import schema
from event_mgmt.core.database import db
from event_mgmt.mail.kinds import mail_kind_label
from event_mgmt.privacy import erasure
from event_mgmt.wiring import ROOMS, create_app
from event_mgmt.worker import Worker
from tests.architecture.example import room as example


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    given = {"PUBLIC_BASE_URL": "http://localhost", "INSTANCE_DIR": str(tmp_path)}
    app = create_app(settings.load(given, testing=True), rooms=(*ROOMS, example.ROOM))
    with app.app_context():
        schema.upgrade(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()
    for signal, hear in example.ROOM.listeners:
        signal.disconnect(hear)
    example.done.clear()


def test_its_page_is_served_and_stands_in_the_navigation(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/example").text == "an empty room"
    assert 'href="/example"' in client.get("/").text


def test_its_labels_and_filters_are_known(app: Flask) -> None:
    with app.test_request_context():
        shown = render_template_string(
            "{{ mood | enum_label }} {{ mood | tone }} {{ 'a' | shouted }}", mood=example.Mood.CALM
        )

        assert shown == "Calm ok A"
        assert action_label("example.done") == "Example done"
        assert mail_kind_label("example") == "Example mail"


def test_the_worker_does_its_jobs_and_signals_reach_it(app: Flask) -> None:
    Worker(app).do_jobs()
    example.happened.send(None)

    assert len(example.done) == 2
    assert example.done[1] == "heard"


def test_the_privacy_room_asks_it_first(app: Flask) -> None:
    assert next(erasure.declared()) is example.ROOM.personal_data


def test_without_its_line_nothing_of_it_is_there(sqlite_app: Flask) -> None:
    """The control: it is the line that adds it."""
    assert "example.index" not in sqlite_app.view_functions
    assert sqlite_app.test_client().get("/example").status_code == 404
