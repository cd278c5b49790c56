"""Changes that guests propose: what stays in force meanwhile, and how they are decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from event_mgmt.audit.service import PARTICIPANT
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Refusal, Stale
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.models import MessageState
from event_mgmt.registrations import commands, erasure
from event_mgmt.registrations.changes import proposal_commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle import persistence, proposal_persistence
from event_mgmt.registrations.models import ChangeProposal
from event_mgmt.registrations.participant import queries
from event_mgmt.registrations.party import Party, Person
from event_mgmt.registrations.refusals import (
    AlreadyRegistered,
    RegistrationClosed,
    TooFewSeats,
    WebAddressInName,
)
from tests.builders import an_event, saved
from tests.readers import fresh, kinds_to, taken
from tests.registrations.parties import a_party, enter
from tests.registrations.proposing_guests import (
    DESK,
    accepted,
    ask,
    decide,
    mail_of,
    mails_of,
    stamp,
)

MAJA = Person("Maja", "Kos", answers={}, sensitive={})


@pytest.mark.parametrize(
    "party",
    [
        a_party("Uwe", "Maier"),
        a_party(companions=1),
        a_party("Uwe", "Maier", companions=3),
    ],
)
def test_new_people_are_proposed_and_the_accepted_ones_stay_in_force(
    app: Flask, now: datetime, party: Party
) -> None:
    registration = accepted(now)
    before = persistence.party_of(registration)

    proposal = ask(registration, replace(party, email=before.email), now)

    assert proposal is not None
    assert persistence.party_of(fresh(registration)) == before
    assert taken(db.session.get_one(Event, registration.event_id)) == 1
    assert kinds_to(registration) == ["registration_confirmed", "change_proposed"]


@pytest.mark.parametrize("status", [Status.PENDING, Status.UNCONFIRMED])
def test_what_nobody_has_decided_yet_is_changed_at_once(
    app: Flask, now: datetime, status: Status
) -> None:
    event = an_event(approval_needed=True, address_check=status is Status.UNCONFIRMED)
    registration = enter(event, a_party(), now)
    assert registration.status is status

    assert ask(registration, a_party(companions=2), now) is None
    assert fresh(registration).seats == 3


def test_without_approval_new_people_come_at_once(app: Flask, now: datetime) -> None:
    registration = accepted(now, approval_needed=False)

    assert ask(registration, a_party(companions=2), now) is None
    assert fresh(registration).seats == 3


def test_corrections_and_fewer_people_count_at_once(app: Flask, now: datetime) -> None:
    registration = accepted(now, a_party(companions=2))
    party = persistence.party_of(registration)
    contact = replace(party.contact, family_name="Žager", function="Direktor")

    later = replace(party, contact=contact, companions=party.companions[1:])
    assert ask(registration, later, now) is None

    assert persistence.party_of(fresh(registration)) == later
    assert kinds_to(registration) == ["registration_confirmed", "registration_changed"]


def test_who_waits_after_a_decision_does_not_move_back_for_what_is_proposed(
    app: Flask, now: datetime
) -> None:
    event = an_event(approval_needed=True, seats=1)
    enter(event, a_party("Ana", "Novak"), now, approved=True, nonce="n0")
    registration = enter(event, a_party(), now, approved=True)
    assert registration.status is Status.WAITLISTED

    assert ask(registration, a_party(companions=1), now + timedelta(hours=1)) is not None
    assert fresh(registration).queued_at == now


def test_accepting_brings_the_people_the_seats_and_a_mail(app: Flask, now: datetime) -> None:
    registration = accepted(now)
    ask(registration, a_party(companions=2, message="Zu dritt"), now)

    decide(registration, now)

    assert persistence.party_of(fresh(registration)) == a_party(companions=2, message="Zu dritt")
    assert taken(db.session.get_one(Event, registration.event_id)) == 3
    assert proposal_persistence.find_proposal(registration.id) is None
    assert mail_of("registration_changed").facts["accepted"] is True


def test_declining_leaves_everything_and_tells_the_reason(app: Flask, now: datetime) -> None:
    registration = accepted(now)
    before = persistence.party_of(registration)
    ask(registration, a_party(companions=2), now)

    decide(registration, now, accept=False)

    assert persistence.party_of(fresh(registration)) == before
    assert proposal_persistence.find_proposal(registration.id) is None
    assert mail_of("change_declined").facts["reason"] == "Der Saal ist klein."


def test_accepting_looks_again_at_seats_names_twins_and_the_event(
    app: Flask, now: datetime
) -> None:
    registration = accepted(now, seats=2)
    event = db.session.get_one(Event, registration.event_id)

    def refused_with(party: Party, refusal: type[Refusal]) -> None:
        ask(registration, party, now)
        with pytest.raises(refusal):
            decide(registration, now)
        assert proposal_persistence.find_proposal(registration.id) is not None

    refused_with(a_party(companions=3), TooFewSeats)
    twin = a_party("Uwe", "Maier", email="luka.žagar@example.org")
    enter(event, twin, now, approved=True, nonce="n2")
    refused_with(twin, AlreadyRegistered)
    event.status = EventStatus.CANCELLED
    saved(event)
    with pytest.raises(RegistrationClosed):
        decide(registration, now)
    assert fresh(registration).seats == 1


def test_names_are_looked_at_when_proposed(app: Flask, now: datetime) -> None:
    registration = accepted(now)
    bad = replace(a_party(), companions=(Person("www.example.com", "Kos"),))

    with pytest.raises(WebAddressInName):
        ask(registration, bad, now)


def test_a_second_change_replaces_the_first_and_what_was_seen_before_is_stale(
    app: Flask, now: datetime
) -> None:
    registration = accepted(now)
    ask(registration, a_party(companions=1), now)
    seen = stamp(registration)
    ask(registration, a_party(companions=2), now)

    with pytest.raises(Stale):
        decide(registration, now, seen=seen)
    assert db.session.execute(select(func.count()).select_from(ChangeProposal)).scalar() == 1
    receipts = [(m.state, m.facts["changes"][0][2]) for m in mails_of("change_proposed")]
    assert receipts == [
        (MessageState.WITHDRAWN, "Gost Številka 1"),
        (MessageState.QUEUED, "Gost Številka 1, Gost Številka 2"),
    ]

    decide(registration, now)
    assert fresh(registration).seats == 3
    with pytest.raises(Stale):
        decide(registration, now, seen=seen)


def test_the_same_form_sent_twice_is_one_proposal_and_one_mail(app: Flask, now: datetime) -> None:
    registration = accepted(now)
    ask(registration, a_party(companions=1), now)
    seen = stamp(registration)

    ask(registration, a_party(companions=1), now)

    assert stamp(registration) == seen
    assert kinds_to(registration).count("change_proposed") == 1


def test_a_decision_over_what_a_colleague_changed_meanwhile_is_stale(
    app: Flask, now: datetime
) -> None:
    registration = accepted(now)
    ask(registration, a_party(companions=1), now)
    seen = stamp(registration)
    later = now + timedelta(minutes=1)
    commands.change(registration.id, a_party(function="Direktor"), by=DESK, now=later)

    with pytest.raises(Stale):
        decide(registration, later, seen=seen)


def test_going_back_to_what_is_accepted_takes_the_proposal_away(app: Flask, now: datetime) -> None:
    registration = accepted(now)
    ask(registration, a_party(companions=1), now)

    assert ask(registration, a_party(), now) is None


def test_a_guest_withdraws_it_once_or_twice(app: Flask, now: datetime) -> None:
    registration = accepted(now)
    ask(registration, a_party(companions=1), now)
    seen = stamp(registration)

    for _time in range(2):
        proposal_commands.withdraw_proposal(registration.id, now=now)

    assert proposal_persistence.find_proposal(registration.id) is None
    with pytest.raises(Stale):
        decide(registration, now, seen=seen)


def test_it_ends_with_calling_off_with_erasure_and_with_the_event(
    app: Flask, now: datetime
) -> None:
    gone, erased, over, on = (accepted(now) for _one in range(4))
    for registration in (gone, erased, over, on):
        ask(registration, a_party(companions=1), now)
    commands.cancel(gone.id, by=PARTICIPANT, now=now)
    _blank(erased.id, now)
    ended = db.session.get_one(Event, over.event_id)
    ended.starts_at, ended.ends_at = now - timedelta(hours=2), now
    saved(ended)

    proposal_commands.expire_proposals(now)

    left = set(db.session.scalars(select(ChangeProposal.registration_id)))
    assert left == {on.id}


@transactional
def _blank(registration_id: int, now: datetime) -> None:
    erasure.erase_people([registration_id], now=now)


def test_guests_read_it_among_their_data_and_sensitive_answers_go_first(
    app: Flask, now: datetime
) -> None:
    registration = accepted(now)
    party = a_party(companions=1)
    proposal = ask(registration, party, now)
    assert proposal is not None
    proposal.sensitive = [{}, {"9": "Nüsse"}]
    saved(proposal)
    event = db.session.get_one(Event, registration.event_id)

    data = queries.personal_data_of(fresh(registration), event, [])["proposed_change"]
    without = queries.personal_data_of(fresh(registration), event, [], sensitive=False)[
        "proposed_change"
    ]
    assert "Nüsse" in str(data)
    assert "Številka 1" in str(data)
    assert "Nüsse" not in str(without)

    _erase_sensitive(registration.id)
    again = proposal_persistence.find_proposal(registration.id)
    assert again is not None
    assert again.sensitive == []
    assert (
        proposal_persistence.proposed_party(again, persistence.party_of(fresh(registration)))
        == party
    )


@transactional
def _erase_sensitive(registration_id: int) -> None:
    erasure.erase_sensitive([registration_id])
