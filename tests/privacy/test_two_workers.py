"""Two processes let the same data go at once: everything goes, and everything counts once."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.desk import queries as desk
from event_mgmt.privacy import retention
from event_mgmt.privacy.models import RetentionRecord
from event_mgmt.privacy.words import RetentionKind
from tests.builders import a_registration, an_event
from tests.privacy.traces import traces_of

pytestmark = pytest.mark.processes
PARTIES = 30


def _hired(app: Flask, at: datetime) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.privacy.rounds"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    order = {
        "instance": app.instance_path,
        "database_url": app.config["SQLALCHEMY_DATABASE_URI"],
        "now": at.isoformat(),
        "parties_at_once": 2,
    }
    assert process.stdin is not None
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    return process


def _all_done(processes: list[subprocess.Popen[str]]) -> list[int]:
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [int(process.communicate(timeout=60)[0]) for process in processes]


def test_two_workers_at_once_erase_everything_and_count_it_once(app: Flask, now: datetime) -> None:
    events = [an_event(seats=PARTIES), an_event(seats=PARTIES)]
    for event in events:
        for _n in range(PARTIES):
            a_registration(event, country="SI")
    at = now + timedelta(days=800)
    db.session.remove()

    workers = [_hired(app, at), _hired(app, at)]
    try:
        batches = _all_done(workers)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
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
