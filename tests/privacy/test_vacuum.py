"""PostgreSQL's dead rows after an erasure."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import text

from event_mgmt.core.database import db
from event_mgmt.privacy import service, vacuum
from tests.builders import an_event
from tests.privacy import people
from tests.privacy.people import ADDRESS
from tests.privacy.test_erasing import ADMINISTRATOR


def test_tables_are_vacuumed_after_an_erasure_and_only_then(app: Flask, now: datetime) -> None:
    event = an_event(seats=10)
    people.registered(event, now=now)
    assert vacuum.after_erasure(now) == 0

    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now)
    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            connection.execute(text("SELECT pg_stat_force_next_flush()"))
        db.engine.dispose()

    done = vacuum.after_erasure(now)
    assert (done > 0) == (db.engine.dialect.name == "postgresql")
