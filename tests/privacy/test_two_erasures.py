"""Somebody is erased twice at the same moment, by hand and by the clock: it counts once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text, update

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db
from event_mgmt.privacy import service
from event_mgmt.registrations.models import KeptNumber, Registration
from tests.builders import a_registration, an_event


@pytest.mark.parametrize("backend", ["postgresql"])  # SQLite has one writer
def test_whoever_comes_second_waits_and_counts_nobody_again(app: Flask, now: datetime) -> None:
    event = an_event(starts_at=now - timedelta(days=30))
    guest = a_registration(event, country="SI")
    facts = {"event_id": event.id, "pool_id": guest.pool_id, "status": guest.status}
    address, guest_id = guest.email, guest.id
    db.session.remove()

    went: list[dict[str, int]] = []

    def erase() -> None:
        with app.app_context():
            went.append(service.erase_person(address, by=SYSTEM, now=now))

    second = threading.Thread(target=erase)
    with db.engine.connect() as first:
        first.execute(select(Registration.id).where(Registration.id == guest_id).with_for_update())
        first.execute(insert(KeptNumber).values(**facts, country="SI", people=1))
        second.start()
        _wait_for_the_lock(second)
        gone = {"email": "", "erased_at": now}
        first.execute(update(Registration).where(Registration.id == guest_id).values(**gone))
        first.commit()
    second.join(timeout=10)

    assert db.session.execute(select(func.sum(KeptNumber.people))).scalar() == 1
    assert (went[0]["registrations"], went[0]["people"]) == (0, 0)


def _wait_for_the_lock(waiting: threading.Thread) -> None:
    """Until somebody waits for a lock that we hold."""
    asked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while waiting.is_alive():
        with db.engine.connect() as connection:
            if connection.execute(asked).scalar():
                return
