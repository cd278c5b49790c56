"""What our own lists say comes back whole: in each language and in each format that is a list."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from event_mgmt.accounts.models import Role
from event_mgmt.attendee_lists.columns import STANDARD
from event_mgmt.audit.service import Actor
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.registration_desk.imports import columns, dry_run as planning, service
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.lifecycle.persistence import party_of
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party
from tests.attendee_lists.making import taken_by
from tests.builders import a_registration, a_user, an_event
from tests.readers import taken
from tests.registration_desk.imports.reading_files import Tried, tried

EVERYTHING = tuple(column.key for column in STANDARD)


@pytest.fixture
def event(sqlite_app: Flask) -> Event:
    return an_event(starts_at=utc_now() + timedelta(days=30), seats=50)


def people_of(event: Event) -> dict[str, tuple[Status, Party]]:
    found = db.session.scalars(select(Registration).where(Registration.event_id == event.id))
    return {
        registration.attendees[0].given_name: (registration.status, party_of(registration))
        for registration in found
    }


def a_full_house(event: Event) -> None:
    a_registration(event, given_name="Maja", companions=2, message="Pridem pozneje.\nHvala!")
    a_registration(event, given_name="Ivo", status=Status.WAITLISTED, locale="de")
    a_registration(event, given_name="Eva", status=Status.CANCELLED, country="DE")
    a_registration(event, given_name="Jan", status=Status.DECLINED)
    a_registration(event, given_name="Ida", status=Status.PENDING, locale="en")
    for registration in db.session.scalars(select(Registration)):
        contact = registration.attendees[0]
        contact.form_of_address, contact.academic_title = "ms", "Prof. Dr."
        contact.function, contact.phone = "Direktorica", "+38641555012"
        if len(registration.attendees) > 1:
            registration.attendees[1].form_of_address = "mr"
    db.session.commit()


def exported(event: Event, folder: Path, format_: str, locale: str) -> Tried:
    staff = a_user(event.host, Role.STAFF, locale=locale)
    statuses = tuple(Status)
    with force_locale(locale):
        file = taken_by(
            staff, event, folder, format=format_, locale=locale, columns=EVERYTHING,
            criteria=_everybody(statuses),
        )  # fmt: skip
        return tried(file.file.read())


def _everybody(statuses):
    from event_mgmt.attendee_lists.criteria import ListCriteria

    return ListCriteria(statuses=statuses)


@pytest.mark.parametrize("format_", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("locale", ["de", "sl", "en"])
def test_a_list_of_ours_comes_back_whole(
    event: Event, tmp_path: Path, format_: str, locale: str
) -> None:
    a_full_house(event)
    other = an_event(starts_at=event.starts_at, seats=50)

    list_ = exported(event, tmp_path, format_, locale)
    service.enter_all(
        other.id,
        planning.parties_of(list_.plan.parties),
        wishes=planning.wishes_of(list_.plan.parties),
        token="t" * 32,
        pool_id=other.pools[0].id,
        approved=False,
        by=Actor.user(1),
        now=utc_now(),
    )

    assert list_.plan.problems == list_.plan.unreadable == []
    assert not columns.lacking(list_.found.targets)
    before, after = people_of(event), people_of(other)
    assert after == before
    assert taken(other) == 3
    told = select(Message.to_address).where(Message.event_id == other.id)
    addresses = {before[name][1].email for name in ("Maja", "Ivo", "Ida")}
    assert set(db.session.scalars(told)) == addresses


def test_companions_find_their_contact_among_several_of_one_name(
    event: Event, tmp_path: Path
) -> None:
    for n in range(2):
        a_registration(
            event, given_name="Ana", family_name="Kos", email=f"ana{n}@e.org", companions=1 + n
        )

    for format_ in ("csv", "json"):
        list_ = exported(event, tmp_path, format_, "de")

        assert list_.plan.problems == []
        assert {row.email: row.seats for row in list_.plan.parties} == {
            "ana0@e.org": 2,
            "ana1@e.org": 3,
        }
