"""Deciding, replacing and withdrawing a proposed change at once: one after the other, and whole."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask

from event_mgmt.audit.service import PARTICIPANT
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Refusal
from event_mgmt.events.models import Event
from event_mgmt.registrations import commands
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.registrations.models import Registration
from tests.builders import an_event
from tests.readers import taken
from tests.registrations.parties import a_party, enter
from tests.registrations.proposing_guests import DESK, ask, stamp


@pytest.mark.parametrize("round_", range(4))
def test_whoever_comes_first_what_was_seen_is_decided_or_nothing(
    app: Flask, now: datetime, round_: int
) -> None:
    event = an_event(approval_needed=True)
    registration = enter(event, a_party(), now, approved=True)
    ask(registration, a_party(companions=1), now)
    number, seen = registration.id, stamp(registration)
    start = Barrier(3)

    def at_once(deed: Callable[[], object]) -> str:
        with app.app_context():
            start.wait()
            try:
                deed()
            except Refusal as refusal:
                return type(refusal).__name__
            return "done"

    deeds = (
        lambda: proposal_commands.decide_proposal(
            number, seen, accept=True, reason="", by=DESK, now=now
        ),
        lambda: commands.change(number, a_party(companions=2), by=PARTICIPANT, now=now),
        lambda: proposal_commands.withdraw_proposal(number, now=now),
    )
    event_id = event.id
    db.session.remove()
    with ThreadPoolExecutor(3) as pool:
        decided, replaced, withdrawn = pool.map(at_once, deeds)

    assert (replaced, withdrawn) == ("done", "done")
    assert decided in {"done", "Stale"}
    registration = db.session.get_one(Registration, number)
    assert registration.seats == (2 if decided == "done" else 1)
    assert (
        taken(db.session.get_one(Event, event_id))
        == len(registration.attendees)
        == registration.seats
    )
    left = proposal_persistence.find_proposal(number)
    assert left is None or len(left.party["people"]) == 3
