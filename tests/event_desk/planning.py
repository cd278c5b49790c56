"""What organisers do with the pages of the event desk, as a browser without scripts does it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from tests.web.sign_in import HtmlForm, forms_of, submit as filled_and_sent

FAR = datetime(2090, 5, 10, 16, 0, tzinfo=UTC)  # 18:00 in Berlin; these pages ask the real clock


def submit(client: FlaskClient, url: str, *, to: str | None = None, **fields: Any) -> TestResponse:
    """Fill in and send the form of the page at ``url``, by one of its buttons."""
    return filled_and_sent(client, url, to=to or url, **fields)


def filled_in(**given: str) -> dict[str, str]:
    """What an organiser types for a new event."""
    return {
        "kind": "consulate_event",
        "title-de": "Jahresempfang",
        "date": "2090-05-10",
        "start_time": "18:00",
        "end_time": "21:00",
        "city": "Düsseldorf",
        "seats": "40",
        **given,
    }


def events() -> list[Event]:
    """All events, read anew."""
    db.session.rollback()
    return list(db.session.scalars(select(Event).order_by(Event.id)))


def page_form(page: TestResponse, url: str) -> HtmlForm:
    """The form of a page that posts to ``url``."""
    assert page.status_code == 200
    return next(form for form in forms_of(page) if form.action == url)
