"""The ledger of erasures outlives a restore from an older backup."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.privacy import ledger, service
from event_mgmt.privacy.models import Erasure
from event_mgmt.registrations.models import Registration
from tests.builders import a_registration, a_user, an_event
from tests.privacy import people
from tests.privacy.people import ADDRESS, WORDS
from tests.privacy.traces import traces_of

ADMINISTRATOR = Actor.user(4711)


@transactional
def forget_the_ledger() -> None:
    """As in a database from before the erasure."""
    db.session.execute(delete(Erasure))


def erased_elsewhere(now: datetime, **given: object) -> list[dict[str, object]]:
    """The ledger of a system in which she was erased at ``now``, as it is carried over."""
    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now, **given)
    entries = json.loads(json.dumps(ledger.entries()))
    forget_the_ledger()
    return entries


def test_a_restored_older_database_forgets_again(app: Flask, now: datetime) -> None:
    entries = erased_elsewhere(now)
    event = an_event()
    people.questions_for(event)
    people.registered(event, now=now - timedelta(days=2))
    people.mentioned(event, a_user(event.host), now=now - timedelta(days=1))
    people.with_account(now=now - timedelta(days=2))

    assert ledger.import_entries(entries) == 1
    assert service.erase_again(now=now + timedelta(days=1)) == 1

    assert traces_of(*WORDS) == []
    assert service.erase_again(now=now + timedelta(days=1)) == 0


def test_without_the_ledger_a_restored_database_remembers(app: Flask, now: datetime) -> None:
    """The control of the test above."""
    event = an_event()
    people.questions_for(event)
    people.registered(event, now=now - timedelta(days=2))

    assert service.erase_again(now=now + timedelta(days=1)) == 0

    assert traces_of(*WORDS) != []


def test_whoever_came_back_after_the_erasure_stays(app: Flask, now: datetime) -> None:
    entries = erased_elsewhere(now)
    before = a_registration(an_event(), email=ADDRESS, changed_at=now - timedelta(seconds=1))
    after = a_registration(an_event(), email=ADDRESS, changed_at=now + timedelta(seconds=1))
    ledger.import_entries(entries)

    service.erase_again(now=now + timedelta(days=1))

    erased = {r.id: r.erased_at is not None for r in db.session.scalars(select(Registration))}
    assert erased == {before.id: True, after.id: False}


def test_an_erasure_at_one_host_is_repeated_at_that_host_only(app: Flask, now: datetime) -> None:
    here, there = an_event(), an_event()
    entries = erased_elsewhere(now, host_ids={here.host_id})
    past = now - timedelta(days=1)
    at_home = a_registration(here, email=ADDRESS, changed_at=past)
    abroad = a_registration(there, email=ADDRESS, changed_at=past)
    ledger.import_entries(entries)

    service.erase_again(now=now + timedelta(days=1))

    erased = {r.id: r.erased_at is not None for r in db.session.scalars(select(Registration))}
    assert erased == {at_home.id: True, abroad.id: False}


def test_admitting_twice_adds_nothing(app: Flask, now: datetime) -> None:
    entries = erased_elsewhere(now)

    assert ledger.import_entries(entries) == 1
    assert ledger.import_entries(entries) == 0
    assert ledger.entries() == entries


def test_nothing_to_admit_is_fine(app: Flask) -> None:
    assert ledger.import_entries([]) == 0


def test_what_is_no_entry_is_refused_whole(app: Flask, now: datetime) -> None:
    good = erased_elsewhere(now)

    with pytest.raises(ValueError, match="ledger"):
        ledger.import_entries([*good, {"key": "half"}])

    assert ledger.entries() == []


def test_the_command_prints_a_line_for_each_entry(sqlite_app: Flask, now: datetime) -> None:
    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now)
    service.erase_person("drugi@example.org", by=ADMINISTRATOR, now=now)

    run = sqlite_app.test_cli_runner().invoke(args=["privacy", "ledger"])

    assert [json.loads(line) for line in run.output.splitlines()] == ledger.entries()
    assert "@" not in run.output
