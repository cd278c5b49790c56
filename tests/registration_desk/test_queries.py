"""What the desk reads of registrations, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from event_mgmt.accounts.models import Role
from event_mgmt.accounts.policy import Viewer
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.audit import service as audit
from event_mgmt.audit.service import PARTICIPANT, Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.events.enums import AttendeeAccess, PartnerStatus
from event_mgmt.events.models import Event
from event_mgmt.registration_desk import queries
from event_mgmt.registration_desk.queries import PartyFilter, PartyPage
from event_mgmt.registration_desk.rules import PoolSeats, WaitingListHead
from event_mgmt.registrations.enums import OPEN, Status
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation
from tests.sql_counter import counted_statements


def organiser(event: Event) -> Viewer:
    return viewer_of(a_user(event.host, Role.ORGANISER))


def names(found: PartyPage) -> list[str]:
    return [row.family_name for row in found.rows]


def test_parties_stand_newest_first_with_what_the_list_shows(app: Flask, now: datetime) -> None:
    event = an_event()
    a_registration(event, family_name="Prva", companions=2, staff_note="near the door")
    a_registration(event, family_name="Druga", created_at=now + timedelta(minutes=1))

    found = queries.parties_of(event, organiser(event), PartyFilter())

    assert names(found) == ["Druga", "Prva"]
    assert (found.rows[1].seats, found.rows[1].has_note, found.rows[0].has_note) == (3, True, False)


def test_places_in_line_count_within_their_contingent(app: Flask) -> None:
    event = an_event()
    a_partner(event, an_organisation(), seats=5)
    general, own = sorted(event.pools, key=lambda pool: pool.organisation_id is not None)
    for name, pool in (("A", general), ("B", own), ("C", general), ("D", own)):
        a_registration(event, status=Status.WAITLISTED, family_name=name, pool=pool)

    found = queries.parties_of(event, organiser(event), PartyFilter(status=Status.WAITLISTED))

    assert [(row.family_name, found.positions[row.id]) for row in found.rows] == [
        ("A", 1),
        ("C", 2),
        ("B", 1),
        ("D", 2),
    ]


def test_counts_follow_the_search_and_not_the_chosen_status(app: Flask) -> None:
    event = an_event()
    a_registration(event, family_name="Kos")
    a_registration(event, family_name="Kos", status=Status.PENDING)
    a_registration(event, family_name="Novak", status=Status.PENDING)

    found = queries.parties_of(
        event, organiser(event), PartyFilter(status=Status.PENDING, text="kos")
    )

    assert (found.total, found.by_status) == (1, {Status.CONFIRMED: 1, Status.PENDING: 1})


@pytest.mark.parametrize("text", ["zagar", "ŽAGAR luka", "tehnika", "guest@zagar", "Begleitung"])
def test_a_search_finds_people_companions_organisations_and_addresses(
    app: Flask, text: str
) -> None:
    event = an_event()
    a_registration(event, family_name="Žagar", companions=1, email="guest@zagar.example")
    a_registration(event, family_name="Kos", organisation="Kos GmbH", email="k@kos.example")

    assert names(queries.parties_of(event, organiser(event), PartyFilter(text=text))) == ["Žagar"]


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", "\\"])
def test_a_search_takes_signs_as_they_are(app: Flask, text: str) -> None:
    event = an_event()
    a_registration(event)

    assert queries.parties_of(event, organiser(event), PartyFilter(text=text)).total == 0


def test_a_page_has_fifty_and_the_statements_stay_three(app: Flask) -> None:
    event = an_event(seats=100)
    for n in range(53):
        a_registration(event, family_name=f"Gost {n}")
    viewer = organiser(event)

    with counted_statements() as sent:
        found = queries.parties_of(event, viewer, PartyFilter(), number=2)

    assert (len(found.rows), found.total, found.number) == (3, 53, 2)
    assert len(sent) <= 3


@pytest.mark.parametrize(
    ("access", "status", "seen"),
    [
        (AttendeeAccess.ALL, PartnerStatus.ACCEPTED, {"Ours", "Theirs"}),
        (AttendeeAccess.OWN, PartnerStatus.ACCEPTED, {"Ours"}),
        (AttendeeAccess.NONE, PartnerStatus.ACCEPTED, set()),
        (AttendeeAccess.ALL, PartnerStatus.INVITED, set()),
        (AttendeeAccess.ALL, PartnerStatus.DECLINED, set()),
    ],
)
def test_a_co_host_sees_what_it_was_granted(
    app: Flask, access: AttendeeAccess, status: PartnerStatus, seen: set[str]
) -> None:
    event, partner = an_event(), an_organisation()
    a_partner(event, partner, access=access, status=status, seats=5)
    general, own = sorted(event.pools, key=lambda pool: pool.organisation_id is not None)
    ours = a_registration(event, family_name="Ours", pool=own)
    theirs = a_registration(event, family_name="Theirs", pool=general)
    viewer = viewer_of(a_user(partner, Role.ADMINISTRATOR))

    found = queries.parties_of(event, viewer, PartyFilter())

    assert set(names(found)) == seen
    assert {
        row.family_name for row in queries.selected_parties(event, viewer, [ours.id, theirs.id])
    } == seen
    for registration in (ours, theirs):
        if registration.attendees[0].family_name in seen:
            assert queries.party_of(event, viewer, registration.id).id == registration.id
        else:
            with pytest.raises(Missing):
                queries.party_of(event, viewer, registration.id)


def test_the_host_of_one_event_sees_nothing_of_another(app: Flask) -> None:
    event, other = an_event(), an_event()
    foreign = a_registration(other)
    viewer = organiser(event)

    assert queries.selected_parties(event, viewer, [foreign.id]) == []
    assert queries.parties_of(other, viewer, PartyFilter()).total == 0
    with pytest.raises(Missing):
        queries.party_of(event, viewer, foreign.id)


def test_seats_tell_what_is_free_and_whether_somebody_waits(app: Flask) -> None:
    event = an_event(seats=5)
    a_partner(event, an_organisation(), seats=2)
    general, own = sorted(event.pools, key=lambda pool: pool.organisation_id is not None)
    a_registration(event, companions=1, pool=general)
    a_registration(event, status=Status.WAITLISTED, pool=own)

    assert queries.pool_seats(event.id) == {
        general.id: PoolSeats(3, is_waited_for=False),
        own.id: PoolSeats(2, is_waited_for=True),
    }


def test_lines_are_named_only_where_seats_are_free_and_somebody_waits(app: Flask) -> None:
    event = an_event(seats=3)
    assert queries.waiting_list_heads(event.id) == []

    a_registration(event)
    a_registration(event, status=Status.WAITLISTED, companions=2)
    a_registration(event, status=Status.WAITLISTED)

    assert queries.waiting_list_heads(event.id) == [WaitingListHead(event.pools[0].id, 2, 3)]


def test_the_history_names_who_did_what(app: Flask, now: datetime) -> None:
    event = an_event()
    guest = a_registration(event)
    user = a_user(event.host)

    @transactional
    def act() -> None:
        for minute, by in enumerate((PARTICIPANT, Actor.user(user.id), Actor.user(99_999))):
            audit.record(
                "registration.changed",
                by=by,
                now=now + timedelta(minutes=minute),
                subject="registration",
                subject_id=guest.id,
                event_id=event.id,
            )

    act()

    deeds = queries.history_of(guest.id)
    assert [(deed.actor, deed.who) for deed in deeds] == [
        ("user", ""),
        ("user", user.display_name),
        ("participant", ""),
    ]


def test_who_is_known_is_told_by_address_and_folded_name(app: Flask) -> None:
    event = an_event()
    a_registration(event, given_name="Luka", family_name="Žagar", email="l@example.org")
    a_registration(event, status=Status.CANCELLED, family_name="Kos")

    known = queries.registered_contacts(event.id, OPEN)

    assert known.people == {("l@example.org", "luka zagar")}
    assert known.names == {"luka zagar"}


def test_own_contingents_are_the_only_ones_a_co_host_may_choose_among(app: Flask) -> None:
    event, partner = an_event(), an_organisation()
    a_partner(event, partner, access=AttendeeAccess.OWN, seats=5)

    pools = queries.pools_of(event, viewer_of(a_user(partner)))

    assert [pool.organisation_id for pool in pools] == [partner.id]
    assert len(queries.pools_of(event, organiser(event))) == 2
    db.session.rollback()


def test_a_search_gives_its_pages_in_order_and_counts_by_status(app: Flask, now: datetime) -> None:
    event = an_event(seats=100)
    for minute in range(queries.PAGE_SIZE + 2):
        a_registration(
            event, family_name=f"Kos {minute}", created_at=now + timedelta(minutes=minute),
            status=Status.PENDING if minute % 2 else Status.CONFIRMED,
        )  # fmt: skip
    a_registration(event, family_name="Novak")

    found = queries.parties_of(event, organiser(event), PartyFilter(text="kos"), number=9)

    assert names(found) == ["Kos 1", "Kos 0"]
    assert (found.total, found.number) == (queries.PAGE_SIZE + 2, 2)
    assert found.by_status == {Status.PENDING: 26, Status.CONFIRMED: 26}
