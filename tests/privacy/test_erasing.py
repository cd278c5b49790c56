"""Erasing a person: nothing of them is left anywhere, and nothing of anybody else goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.accounts.models import Membership, OneTimeLink, Role, User
from event_mgmt.accounts.refusals import AccountStillNeeded, OwnAccount
from event_mgmt.attendee_lists import service as lists
from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder
from event_mgmt.attendee_lists.models import SavedView
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import SYSTEM, Actor
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import SeatPool
from event_mgmt.mail import queue
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.queue import ClaimRequest, DeliveryResult
from event_mgmt.mail.rules import NextState
from event_mgmt.privacy import ledger, service
from event_mgmt.privacy.models import Erasure
from event_mgmt.registration_desk.imports import uploads
from event_mgmt.registration_desk.imports.models import ImportList
from event_mgmt.registrations import commands as registrations
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.rooms import rooms_of
from event_mgmt.wiring import ROOMS
from tests.builders import a_registration, a_user, an_event, an_organisation
from tests.privacy import people
from tests.privacy.people import ADDRESS, WORDS, Scene
from tests.privacy.traces import tables_in, traces_of

ADMINISTRATOR = Actor.user(4711)
ERASING = [room.name for room in ROOMS if room.personal_data and room.personal_data.erase]


@pytest.fixture
def scene(app: Flask, now: datetime) -> Scene:
    """She, another guest, and staff who wrote her name down here and there."""
    event = an_event(seats=10)
    people.questions_for(event)
    staff = a_user(event.host, Role.STAFF)
    hers = people.registered(event, now=now)
    people.mentioned(event, staff, now=now)
    people.with_account(now=now)
    other = a_registration(event, given_name="Bojan", family_name="Drugič", function="Vodja")
    return Scene(event, hers, other, staff)


def test_nothing_of_an_erased_person_is_left_in_any_table(scene: Scene, now: datetime) -> None:
    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now + timedelta(hours=1))

    assert traces_of(*WORDS) == []


def test_the_search_for_traces_finds_them_where_they_are(scene: Scene) -> None:
    """The control of the test above: before the erasure every place that it cleans is found."""
    assert tables_in(traces_of(*WORDS)) == {
        "attendees",
        "audit_entries",
        "change_proposals",
        "exports",
        "file_chunks",
        "import_lists",
        "last_told",
        "list_templates",
        "messages",
        "registrations",
        "saved_views",
        "sensitive_answers",
        "tasks",
        "users",
    }


def test_what_holds_traces_is_declared_as_personal_by_its_room(app: Flask, scene: Scene) -> None:
    declared = {
        table for room in rooms_of(app) if room.personal_data for table in room.personal_data.tables
    }

    assert tables_in(traces_of(*WORDS)) <= declared


@pytest.mark.parametrize("name", ERASING)
def test_an_erasure_that_misses_a_room_is_found_out(
    app: Flask, scene: Scene, now: datetime, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    rooms = [
        replace(room, personal_data=None) if room.name == name else room for room in rooms_of(app)
    ]
    monkeypatch.setitem(app.extensions, "rooms", tuple(rooms))

    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now + timedelta(hours=1))

    assert traces_of(*WORDS) != []


def test_saved_views_lose_the_search_and_keep_a_name_of_their_own(
    scene: Scene, now: datetime
) -> None:
    everybody = ListCriteria(statuses=(Status.PENDING,))
    lists.save_view(scene.staff.id, "Miza […]", everybody, SortOrder.SURNAME)
    both = ListCriteria(search="zlahtnikova", country="SI")
    lists.save_view(scene.staff.id, "Slovenija", both, SortOrder.SURNAME)

    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now + timedelta(hours=1))

    found = db.session.scalars(select(SavedView).where(SavedView.user_id == scene.staff.id))
    assert {view.name: view.criteria for view in found} == {
        "Miza […]": {"statuses": "pending", "order": "surname"},
        "Miza […] 2": {"statuses": "confirmed", "order": "surname"},
        "Slovenija": {"country": "SI", "order": "surname"},
    }


def test_nobody_else_is_touched(scene: Scene, now: datetime) -> None:
    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now + timedelta(hours=1))

    other = db.session.get_one(Registration, scene.other.id, populate_existing=True)
    assert (other.status, other.erased_at) == (Status.CONFIRMED, None)
    assert other.attendees[0].family_name == "Drugič"
    assert db.session.get_one(User, scene.staff.id, populate_existing=True).is_active


def test_what_is_left_holds_status_seats_and_instants(scene: Scene, now: datetime) -> None:
    before = db.session.get_one(Registration, scene.hers.id)
    kept = (before.seats, before.created_at, before.consents)

    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now + timedelta(hours=1))

    left = db.session.get_one(Registration, scene.hers.id, populate_existing=True)
    assert (left.seats, left.created_at, left.consents) == kept
    assert (left.status, left.erased_at) == (Status.CANCELLED, now + timedelta(hours=1))
    assert len(left.attendees) == 2


def test_seats_of_an_event_to_come_go_to_whoever_waits(app: Flask, now: datetime) -> None:
    event = an_event(seats=2)
    registrations.register(event.id, people.her_party(event), nonce="n", by=SYSTEM, now=now)
    waiting = a_registration(event, status=Status.WAITLISTED, companions=1)

    service.erase_person(people.FORMER_ADDRESS, by=ADMINISTRATOR, now=now)

    assert db.session.get_one(Registration, waiting.id, populate_existing=True).status is (
        Status.OFFERED
    )
    assert _taken(event.id) == 2


def test_whoever_was_at_a_past_event_still_counts_there(app: Flask, now: datetime) -> None:
    event = an_event(seats=2, starts_at=now - timedelta(days=3))
    was_there = a_registration(event, email=ADDRESS)

    counts = service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now)

    left = db.session.get_one(Registration, was_there.id, populate_existing=True)
    assert (left.status, counts["called_off"], _taken(event.id)) == (Status.CONFIRMED, 0, 1)


def test_mails_that_wait_are_withdrawn_and_none_is_written_anew(
    scene: Scene, now: datetime
) -> None:
    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now + timedelta(hours=1))

    states = db.session.scalars(
        select(Message.state).where(Message.registration_id == scene.hers.id)
    ).all()
    assert set(states) == {MessageState.SENT, MessageState.WITHDRAWN}


def test_a_worker_that_has_her_mail_in_hand_cannot_write_it_back(app: Flask, now: datetime) -> None:
    event = an_event()
    registrations.register(event.id, people.her_party(event), nonce="n", by=SYSTEM, now=now)
    (message,) = queue.settle_and_claim([], ClaimRequest("worker", 5), now=now)

    service.erase_person(people.FORMER_ADDRESS, by=ADMINISTRATOR, now=now)
    refused = DeliveryResult(
        message_id=message.id,
        token="worker",
        state=NextState.FAILED,
        due_at=now,
        uncounted_copies=1,
        uncounted_attempts=0,
        rested=timedelta(),
        subject="Za Ljudmilo Žlahtnikova",
        code=550,
        words=f"<{people.FORMER_ADDRESS}> unknown",
        refused_for_good=True,
    )
    queue.settle_and_claim([refused], None, now=now)

    assert traces_of(*WORDS) == []


def test_an_account_is_closed_and_its_id_given_to_nobody(scene: Scene, now: datetime) -> None:
    user_id = db.session.scalars(select(User.id).where(User.email == ADDRESS)).one()

    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now + timedelta(hours=1))

    user = db.session.get_one(User, user_id, populate_existing=True)
    assert (user.is_active, user.password_hash, user.totp_secret) == (False, None, None)
    assert (user.display_name, user.erased_at) == ("", now + timedelta(hours=1))
    assert db.session.scalars(select(OneTimeLink).where(OneTimeLink.user_id == user_id)).all() == []
    assert a_user().id != user_id


def test_nobody_erases_their_own_account(app: Flask, now: datetime) -> None:
    user = people.with_account(now=now)

    with pytest.raises(OwnAccount):
        service.erase_person(ADDRESS, by=Actor.user(user.id), now=now)


@pytest.mark.parametrize("another", [False, True])
def test_an_organisation_keeps_an_administrator(app: Flask, now: datetime, another: bool) -> None:
    organisation = an_organisation()
    people.with_account(now=now, role=Role.ADMINISTRATOR, organisation=organisation)
    if another:
        a_user(organisation, Role.ADMINISTRATOR, password_hash="x")
        service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now)
        assert len(db.session.scalars(select(Membership)).all()) == 1
    else:
        with pytest.raises(AccountStillNeeded):
            service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now)


def test_an_organisation_erases_at_its_own_events_only(scene: Scene, now: datetime) -> None:
    elsewhere = a_registration(an_event(), email=ADDRESS, family_name="Žlahtnikova")

    service.erase_person(
        ADDRESS, by=ADMINISTRATOR, now=now, host_ids={scene.event.host_id, 999_999}
    )

    left = db.session.get_one(Registration, elsewhere.id, populate_existing=True)
    assert left.erased_at is None
    assert db.session.get_one(Registration, scene.hers.id, populate_existing=True).erased_at == now
    assert db.session.scalars(select(User.id).where(User.email == ADDRESS)).all() != []
    assert {entry["host_id"] for entry in ledger.entries()} == {scene.event.host_id, 999_999}


def test_no_address_at_all_erases_nobody(scene: Scene, now: datetime) -> None:
    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now)

    with pytest.raises(Missing):
        service.erase_person("  ", by=ADMINISTRATOR, now=now)


def test_the_ledger_and_the_history_tell_how_much_went_and_name_nobody(
    scene: Scene, now: datetime
) -> None:
    service.erase_person(f" {ADDRESS.upper()} ", by=ADMINISTRATOR, now=now)

    (entry,) = ledger.entries()
    assert entry["counts"]["people"] == 2
    assert entry["counts"]["sensitive_answers"] == 1
    assert entry["counts"]["accounts"] == 1
    assert entry["address_digest"] == ledger.digest(ADDRESS)
    told = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "privacy.person_erased")
    ).one()
    assert (told.user_id, told.changes) == (4711, entry["counts"])


def test_the_digest_depends_on_the_secret(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ledger.digest(ADDRESS)
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret of enough characters")

    assert ledger.digest(ADDRESS) != before


def test_people_without_a_name_stand_last_in_a_list(scene: Scene, now: datetime) -> None:
    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now)

    order = db.session.scalars(select(Attendee.family_name).order_by(Attendee.sort_key)).all()
    assert order == ["Drugič", "", ""]


def test_a_guest_who_is_called_like_a_country_takes_no_saved_view_along(
    app: Flask, now: datetime
) -> None:
    event = an_event()
    staff = a_user(event.host, Role.STAFF)
    guest = a_registration(event, given_name="Li", family_name="Si")
    lists.save_view(staff.id, "Iz Slovenije", ListCriteria(country="SI"), SortOrder.SURNAME)

    service.erase_person(guest.email, by=ADMINISTRATOR, now=now)

    assert db.session.scalars(select(SavedView.criteria)).all() == [
        {"country": "SI", "order": "surname"}
    ]


def _taken(event_id: int) -> int:
    return db.session.scalars(select(SeatPool.taken).where(SeatPool.event_id == event_id)).one()


def test_two_erasures_are_two_entries(scene: Scene, now: datetime) -> None:
    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now)
    service.erase_person(ADDRESS, by=ADMINISTRATOR, now=now)

    first, second = db.session.scalars(select(Erasure).order_by(Erasure.id))
    assert first.key != second.key
    assert sum(second.counts.values()) == 0


@pytest.mark.parametrize("host_only", [False, True])
def test_an_address_that_nobody_has_takes_only_lists_along_that_hold_it(
    scene: Scene, now: datetime, *, host_only: bool
) -> None:
    waiting = db.session.scalars(select(ImportList.token)).all()
    held = uploads.keep(
        b"Ime;Naslov\nX;Nobody.Here@Example.org\n",
        event_id=scene.event.id,
        user_id=a_user(scene.event.host, Role.ORGANISER).id,
        kept_at=now,
        file_name="more.csv",
        pool_id=scene.event.pools[0].id,
        locale="de",
    ).token
    reach = {scene.event.host_id} if host_only else None

    counts = service.erase_person(
        "nobody.here@example.org", by=ADMINISTRATOR, now=now, host_ids=reach
    )

    assert counts["uploads"] == 1
    assert db.session.get(ImportList, held) is None
    assert set(db.session.scalars(select(ImportList.token))) == set(waiting) - {held}
