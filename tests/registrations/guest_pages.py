"""What guests do with the pages of this room, as a browser without scripts does it."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from event_mgmt.core import tokens
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.registrations.models import Registration
from tests.web.sign_in import submit

GUEST: dict[str, Any] = {
    "given_name": "Ana",
    "family_name": "Novak",
    "email": "ana.novak@example.org",
    "organisation": "Tehnika d.o.o.",
    "country": "SI",
}


def register(client: FlaskClient, event: Event, **fields: Any) -> TestResponse:
    """Fill in the event's form as ``GUEST``, but for ``fields``, and send it."""
    url = f"/events/{event.slug}/register"
    return submit(client, url, to=url, **{**GUEST, **fields})


def nonce_of(page: TestResponse) -> str:
    """The nonce of the form on a page."""
    found = re.search(r'name="nonce"[^>]*value="([^"]+)"', page.text)
    assert found, "no form with a nonce"
    return found[1]


def path_of(location: str) -> str:
    """An address without what a browser that has no cookie yet carries in its query."""
    return location.partition("?")[0]


def the_registration() -> Registration:
    """The only registration there is, read anew."""
    db.session.rollback()
    return db.session.scalars(select(Registration)).one()


def registrations() -> int:
    """How many registrations there are."""
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(Registration)).scalar_one()


def main_text(html: str) -> str:
    """The words of a page's main part, without its markup."""
    inner = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", inner).split())


def opened(client: FlaskClient, registration: Registration) -> str:
    """The address of the participant's own page, after following the link in the mail."""
    token = tokens.sign("registration", registration.id, registration.link_version)
    response = client.get(f"/registration/{token}")
    assert response.status_code == 303
    return response.location
