"""Ten times the guests are ten times the work at most, for every page about an event.

The embedded database tells how many steps its programs took. So this needs no clock, and finds what
a count of statements cannot: one statement that looks at all guests for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, Response
from sqlalchemy import event as hooks, func, select
from sqlalchemy.orm import aliased

from benchmarks import guests
from event_mgmt.accounts.models import User
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.registrations.models import Registration
from tests.web.sign_in import signed_in

FEW, MANY = 300, 3000
GROWTH = 15  # ten times, and something for sorting
NOISE = 20_000
QUERIES = {
    "registration_desk.index": ("search=zagar", "search=ana+zagar", "status=waitlisted", "page=6"),
    "attendee_lists.index": (
        "search=zagar+tehnika",
        "statuses=waitlisted&country=SI",
        "order=organisation",
        "page=6",
    ),
    "reminder.messages": ("search=ana",),
}
CONTROL = "system_pages.robots"


@pytest.fixture(autouse=True)
def _after_the_event_began_to_fill() -> Iterator[None]:
    with time_machine.travel(guests.BEGAN + timedelta(days=20), tick=False):
        yield


@dataclass
class Steps:
    """How many steps the database took, in hundreds."""

    hundreds: int = 0

    def __call__(self) -> int:
        self.hundreds += 1
        return 0


@contextmanager
def _counted() -> Iterator[Steps]:
    steps = Steps()

    def listen(connection: Any, *_rest: object) -> None:
        connection.set_progress_handler(steps, 100)

    def leave(connection: Any, *_rest: object) -> None:
        connection.set_progress_handler(None, 0)

    db.session.remove()
    hooks.listen(db.engine, "checkout", listen)
    hooks.listen(db.engine, "checkin", leave)
    try:
        yield steps
    finally:
        hooks.remove(db.engine, "checkout", listen)
        hooks.remove(db.engine, "checkin", leave)


def _efforts(app: Flask, event: Event, user: User) -> dict[str, int]:
    """Steps of each page about the event, with and without something that is looked for."""
    party = db.session.scalars(
        select(Registration.id).where(Registration.event_id == event.id).limit(1)
    ).one()
    known = {"event_id": event.id, "slug": event.slug, "registration_id": party}
    client = signed_in(app.test_client(), user)
    found: dict[str, int] = {}
    for rule in app.url_map.iter_rules():
        is_about_it = rule.arguments and rule.arguments <= known.keys()
        if "GET" not in (rule.methods or ()) or not (is_about_it or rule.endpoint == CONTROL):
            continue
        values = {name: known[name] for name in rule.arguments}
        path = app.url_map.bind("localhost").build(rule.endpoint, values)
        for query in ("", *QUERIES.get(rule.endpoint, ())):
            with _counted() as steps:
                answer = client.get(f"{path}?{query}")
            if answer.status_code == 200:
                found[f"{rule.endpoint} {query}".strip()] = steps.hundreds * 100
    return found


def _all_for_each(event: Event) -> Any:
    """A page that looks at all guests of an event for each of them."""

    def page() -> Response:
        other = aliased(Registration)
        later = (
            select(func.count())
            .where(other.event_id == event.id, other.staff_note > Registration.staff_note)
            .scalar_subquery()
        )
        db.session.execute(select(later).where(Registration.event_id == event.id)).all()
        return Response("User-agent: *", mimetype="text/plain")

    return page


def test_no_page_but_one_made_to_looks_at_all_guests_for_each_of_them(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_app.test_client().get("/")
    efforts = []
    for people in (FEW, MANY):
        event, user = guests.an_event_with(people, slug=f"of-{people}")
        monkeypatch.setitem(sqlite_app.view_functions, CONTROL, _all_for_each(event))
        efforts.append(_efforts(sqlite_app, event, user))
    few, many = efforts

    assert few.keys() == many.keys()
    assert {page.split()[0] for page in few} >= QUERIES.keys() - {"reminder.messages"}
    grown = {
        page: (few[page], many[page]) for page in few if many[page] > few[page] * GROWTH + NOISE
    }
    assert grown.pop(CONTROL)
    assert grown == {}
