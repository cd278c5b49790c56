"""What becomes of a proposed change when the desk changes the registration meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.registration_desk import commands as registration_desk
from event_mgmt.registrations import commands
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.lifecycle import proposal_persistence
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party
from tests.builders import saved
from tests.readers import fresh
from tests.registrations.parties import a_party
from tests.registrations.proposing_guests import DESK, accepted, ask, decide

OLD, ASKED, RIGHT = "old@example.org", "asked@example.org", "right@example.org"
LATER = timedelta(minutes=1)


@pytest.fixture
def guest(app: Flask, now: datetime) -> Registration:
    """Accepted; the event checks addresses."""
    registration = accepted(now, a_party(email=OLD))
    event = db.session.get_one(Event, registration.event_id)
    event.address_check = True
    saved(event)
    return registration


def corrected_by_desk(guest: Registration, address: str, now: datetime) -> None:
    """Through the page for the address."""
    registration_desk.correct_address(guest.id, address, by=DESK, now=now + LATER)


def changed_by_desk(guest: Registration, party: Party, now: datetime) -> None:
    """Through the form for everything."""
    commands.change(guest.id, party, by=DESK, now=now + LATER)


def test_who_is_accepted_later_is_written_to_at_the_address_that_the_desk_has_corrected(
    guest: Registration, now: datetime
) -> None:
    ask(guest, a_party(email=OLD, companions=1), now)
    corrected_by_desk(guest, RIGHT, now)

    decide(guest, now + 2 * LATER)

    assert (fresh(guest).email, fresh(guest).seats) == (RIGHT, 2)


def test_an_address_that_the_guest_gave_besides_stays_proposed(
    guest: Registration, now: datetime
) -> None:
    ask(guest, a_party(email=ASKED, companions=1), now)
    corrected_by_desk(guest, RIGHT, now)

    proposal = proposal_persistence.find_proposal(guest.id)
    assert proposal is not None
    assert proposal.email == ASKED
    assert proposal.awaits_address


def test_an_address_that_the_desk_writes_itself_waits_for_nobody(
    guest: Registration, now: datetime
) -> None:
    proposal = ask(guest, a_party(email=ASKED, companions=1), now)
    assert proposal is not None
    token = proposal_commands.address_token(proposal)

    corrected_by_desk(guest, ASKED, now)

    with pytest.raises(Missing):
        proposal_commands.confirm_new_address(token, now=now + LATER)
    decide(guest, now + 2 * LATER)
    assert (fresh(guest).email, fresh(guest).seats) == (ASKED, 2)


def test_an_address_alone_is_asked_for_no_more_once_the_desk_writes_one(
    guest: Registration, now: datetime
) -> None:
    ask(guest, a_party(email=ASKED), now)

    changed_by_desk(guest, a_party(email=RIGHT), now)

    assert proposal_persistence.find_proposal(guest.id) is None
    assert fresh(guest).email == RIGHT


def test_what_the_desk_enters_itself_is_proposed_no_more(
    guest: Registration, now: datetime
) -> None:
    wanted = a_party(email=OLD, companions=1)
    ask(guest, wanted, now)

    changed_by_desk(guest, replace(wanted, message="Am Fenster"), now)
    assert proposal_persistence.find_proposal(guest.id) is not None

    changed_by_desk(guest, wanted, now)
    assert proposal_persistence.find_proposal(guest.id) is None
