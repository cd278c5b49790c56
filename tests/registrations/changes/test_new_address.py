"""Where the event checks addresses, another one is confirmed before it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.privacy import service as privacy
from event_mgmt.registration_desk import commands as registration_desk
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.lifecycle import persistence, proposal_persistence
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.refusals import MailedTooOften, NotPossibleNow
from tests.builders import saved
from tests.readers import fresh
from tests.registrations.parties import a_party
from tests.registrations.proposing_guests import DESK, accepted, ask, decide, mail_of, mails_of

NEW = "luka@nova.example.org"


def _asked(now: datetime, **given: object) -> tuple[Registration, str]:
    registration = accepted(now, **{"approval_needed": False, "address_check": False, **given})
    event = db.session.get_one(Event, registration.event_id)
    event.address_check = True
    saved(event)
    ask(registration, replace(persistence.party_of(registration), email=NEW), now)
    return registration, _token(registration)


def _token(registration: Registration) -> str:
    proposal = proposal_persistence.find_proposal(registration.id)
    assert proposal is not None
    return proposal_commands.address_token(proposal)


def test_the_old_one_stays_and_both_are_written_to(app: Flask, now: datetime) -> None:
    registration, _token = _asked(now)

    assert fresh(registration).email == "luka.žagar@example.org"
    assert mail_of("new_address_check").to_address == NEW
    assert mail_of("change_proposed").to_address == "luka.žagar@example.org"


def test_confirmed_it_counts_and_the_old_link_ends(app: Flask, now: datetime) -> None:
    registration, token = _asked(now)
    version = registration.link_version

    assert proposal_commands.confirm_new_address(token, now=now) is True

    registration = fresh(registration)
    assert registration.email == NEW
    assert registration.address_confirmed_at == now
    assert registration.link_version != version
    told = {m.to_address for m in mails_of("registration_changed")}
    assert told == {NEW, "luka.žagar@example.org"}
    with pytest.raises(Missing):
        proposal_commands.confirm_new_address(token, now=now)


def test_other_entries_of_the_same_form_count_at_once(app: Flask, now: datetime) -> None:
    registration, _token = _asked(now)
    party = proposal_commands.requested_party(fresh(registration))
    contact = replace(party.contact, function="Direktor")

    ask(registration, replace(party, contact=contact), now)

    stored = fresh(registration)
    assert stored.attendees[0].function == "Direktor"
    assert stored.email == "luka.žagar@example.org"
    assert proposal_commands.requested_party(stored).email == NEW
    assert len(mails_of("new_address_check")) == 1


def test_after_three_days_it_is_too_late(app: Flask, now: datetime) -> None:
    registration, token = _asked(now)
    late = now + timedelta(days=3)

    with pytest.raises(Missing):
        proposal_commands.confirm_new_address(token, now=late)
    proposal_commands.expire_proposals(late)

    assert proposal_persistence.find_proposal(registration.id) is None
    assert fresh(registration).email == "luka.žagar@example.org"


def test_a_link_for_one_address_confirms_no_other(app: Flask, now: datetime) -> None:
    registration, token = _asked(now)
    other = replace(persistence.party_of(fresh(registration)), email="drug@example.org")
    ask(registration, other, now)

    with pytest.raises(Missing):
        proposal_commands.confirm_new_address(token, now=now)
    assert proposal_commands.confirm_new_address(_token(registration), now=now)
    assert fresh(registration).email == "drug@example.org"


def test_with_new_people_the_organiser_decides_after_it(app: Flask, now: datetime) -> None:
    registration, _first = _asked(now, approval_needed=True)
    ask(registration, a_party("Uwe", "Maier", email=NEW), now)
    with pytest.raises(NotPossibleNow):
        decide(registration, now)

    assert proposal_commands.confirm_new_address(_token(registration), now=now) is False
    assert fresh(registration).email == "luka.žagar@example.org"
    decide(registration, now)

    registration = fresh(registration)
    assert registration.email == NEW
    assert registration.address_confirmed_at == now
    assert registration.attendees[0].family_name == "Maier"


def test_an_address_gets_a_few_such_mails_only(app: Flask, now: datetime) -> None:
    sent = 0
    for _guest in range(5):
        try:
            _asked(now)
            sent += 1
        except MailedTooOften:
            pass

    assert sent == len(mails_of("new_address_check")) == 3


def test_erasing_the_new_address_takes_the_proposal_along(app: Flask, now: datetime) -> None:
    registration, _token = _asked(now)

    privacy.erase_person(NEW, by=DESK, now=now)

    assert proposal_persistence.find_proposal(registration.id) is None
    assert fresh(registration).email == "luka.žagar@example.org"


def test_once_the_desk_corrects_the_address_what_was_asked_for_is_off(
    app: Flask, now: datetime
) -> None:
    registration, token = _asked(now)

    registration_desk.correct_address(registration.id, "prav@example.org", by=DESK, now=now)

    with pytest.raises(Missing):
        proposal_commands.confirm_new_address(token, now=now)
    assert fresh(registration).email == "prav@example.org"
