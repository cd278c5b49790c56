"""A PostgreSQL that cuts its connections, again and again, while guests register."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import APPLICATION_NAME, db
from event_mgmt.events.models import SeatPool
from event_mgmt.mail.models import Message
from event_mgmt.registrations.models import Registration
from tests.builders import an_event
from tests.faults.guests import fields_of
from tests.faults.serving import served

pytestmark = pytest.mark.processes

GUESTS = 25


def _cut_until(over: threading.Event, url: str) -> None:
    """End every connection of the system at random moments, as a restart of the server does."""
    dice = random.Random(5)
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    cut = sa.text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = :name AND pid <> pg_backend_pid()"
    )
    while not over.wait(dice.uniform(0.05, 0.8)):
        with engine.connect() as connection:
            connection.execute(cut, {"name": APPLICATION_NAME})
    engine.dispose()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_database_that_cuts_every_connection_loses_and_doubles_no_registration(
    app: Flask, tmp_path: Path
) -> None:
    """All connections end at random moments, in the middle of whatever they are doing.

    Must hold: every answer is the page, the registration or 503, never a fault; whoever sends the
    same form until it is taken is registered once, with one mail.
    """
    event = an_event(
        seats=2 * GUESTS, starts_at=utc_now() + timedelta(days=30), published_at=utc_now()
    )
    path = f"/events/{event.slug}/register"
    statuses: Counter[int] = Counter()
    with served(app, tmp_path) as server:
        forms = []
        for number in range(GUESTS):
            guest = server.guest()
            forms.append((guest, fields_of(guest.form(path), number)))
        over = threading.Event()
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        cutter = threading.Thread(target=_cut_until, args=(over, url))
        cutter.start()
        for guest, fields in forms:
            for _ in range(100):
                status = guest.post(path, fields).status
                statuses[status] += 1
                if status == 303:
                    break
        over.set()
        cutter.join()

    assert set(statuses) <= {303, 503}
    assert statuses[303] == GUESTS
    db.session.remove()
    for counted in (Registration, Message):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(counted)) == GUESTS
    assert db.session.scalars(sa.select(SeatPool.taken)).one() == GUESTS
