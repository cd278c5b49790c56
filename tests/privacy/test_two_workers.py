"""Two processes let the same data go at once: everything goes, and everything counts once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.dashboard import queries as desk
from event_mgmt.privacy import retention
from event_mgmt.privacy.enums import RetentionKind
from event_mgmt.privacy.models import RetentionRecord
from tests.builders import a_registration, an_event
from tests.faults.forked import Forked, forked
from tests.privacy import rounds
from tests.privacy.traces import traces_of

pytestmark = pytest.mark.processes
PARTIES = 30


def _all_done(workers: list[Forked]) -> list[int]:
    assert [worker.line.recv() for worker in workers] == ["ready"] * len(workers)
    for worker in workers:
        worker.line.send("go")
    return [worker.line.recv() for worker in workers]


def test_two_workers_at_once_erase_everything_and_count_it_once(app: Flask, now: datetime) -> None:
    events = [an_event(seats=PARTIES), an_event(seats=PARTIES)]
    for event in events:
        for _n in range(PARTIES):
            a_registration(event, country="SI")
    at = now + timedelta(days=800)
    db.session.remove()

    order = (app.instance_path, app.config["SQLALCHEMY_DATABASE_URI"], at, 2)
    with forked(rounds.work, *order) as one, forked(rounds.work, *order) as other:
        batches = _all_done([one, other])
        assert [worker.end() for worker in (one, other)] == [0, 0]
    retention.erase_due(at)  # what one left to the other because it was held

    assert sum(batches) >= PARTIES
    assert traces_of("Luka", "Žagar", "guest-") == []
    for event in events:
        record = db.session.scalars(
            select(RetentionRecord).where(
                RetentionRecord.event_id == event.id,
                RetentionRecord.kind == RetentionKind.PERSONAL,
            )
        ).one()
        assert record.counts == {"registrations": PARTIES, "people": PARTIES, "organisations": 1}
        assert record.completed_at == at
        assert desk.countries_of(event.id) == [("SI", PARTIES)]
    told = select(AuditEntry).where(AuditEntry.action == "retention.personal")
    assert len(db.session.scalars(told).all()) == len(events)
