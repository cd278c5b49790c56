"""What people do with the pages of this room, as a browser without scripts does it."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from event_mgmt.events.models import Event
from tests.attendee_lists.reading import rows_in
from tests.web.sign_in import submit


def list_of(event: Event, query: str = "") -> str:
    """The address of an event's list."""
    return f"/desk/events/{event.id}/attendee-list{query}"


def export_of(event: Event, query: str = "") -> str:
    """The address of the page on which it is taken."""
    return f"/desk/events/{event.id}/attendee-list/export{query}"


def take(client: FlaskClient, event: Event, query: str = "", **fields: Any) -> TestResponse:
    """Send the form with which one puts a list together, and close the file that comes back as a server does."""
    here = export_of(event, query)
    answer = submit(client, here, to=export_of(event), having="position-email", **fields)
    answer.get_data()
    answer.close()
    return answer


def rows_of(answer: TestResponse, separator: str = ";") -> list[list[str]]:
    """The rows of the CSV file that came back, its heading first."""
    assert answer.status_code == 200, answer.text
    return rows_in(answer.data, separator)
