"""The demo tells its story once, and makes every page look alive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy import func, select

from event_mgmt.core.database import db
from event_mgmt.demo import service
from event_mgmt.demo.chapters import working_days
from event_mgmt.events.enums import EventKind, EventStatus, Visibility
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.organisations.models import Agreement, Organisation
from event_mgmt.registrations.enums import HOLDS_SEATS, Status
from event_mgmt.registrations.models import Attendee, Registration
from tests.conftest import BACKENDS, NOW, make_app

PASSWORD = "a long demo password"

pytestmark = pytest.mark.xdist_group("demo")  # one worker tells the story for all


@pytest.fixture(scope="module", params=BACKENDS)
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The demo as it was told once on each database, to be looked at alone."""
    url = ""
    if request.param == "postgresql":
        server = sa.make_url(request.getfixturevalue("postgresql_url"))
        engine = sa.create_engine(
            server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(sa.text("CREATE DATABASE demo ENCODING 'UTF8' TEMPLATE template0"))
        engine.dispose()
        url = server.set(database="demo").render_as_string(hide_password=False)
    app = make_app(tmp_path_factory.mktemp("demo"), url)
    with app.app_context():
        service.build(PASSWORD, now=NOW)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def told(stage: Flask) -> Iterator[Flask]:
    """The stage with its context pushed; what a test leaves open is undone."""
    with stage.app_context():
        yield stage
        db.session.rollback()


def _count(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_story_has_six_organisations_an_agreement_and_events_of_all_kinds_and_states(
    told: Flask,
) -> None:
    assert _count(Organisation) == 6
    assert db.session.scalars(select(Agreement)).one().signed_on == service.SIGNED_ON
    events = db.session.scalars(select(Event)).all()
    assert len(events) >= 12
    assert {event.kind for event in events} == set(EventKind)
    assert {event.status for event in events} == set(EventStatus) - {EventStatus.ARCHIVED}
    assert _count(Attendee) > 300


def test_the_agenda_is_a_year_of_all_six_houses_and_has_a_second_page(
    told: Flask, now: datetime
) -> None:
    to_come = db.session.scalars(
        select(Event).where(Event.visibility == Visibility.PUBLIC, Event.starts_at > now)
    ).all()
    online = [event for event in to_come if event.status is EventStatus.PUBLISHED]
    assert {event.host_id for event in online} == set(db.session.scalars(select(Organisation.id)))
    assert len({(event.starts_at.year, event.starts_at.month) for event in online}) >= 10
    with time_machine.travel(now, tick=False):
        page = told.test_client().get("/?page=2")
    assert 'class="event-card' in page.text


@pytest.mark.parametrize(("in_days", "days"), [(12, 1), (34, 4), (-24, 3)])
def test_nobody_meets_on_weekends_or_between_the_years(in_days: int, days: int) -> None:
    for n in range(365):
        today = date(2027, 1, 1) + timedelta(days=n)

        first = working_days(today, in_days, days)

        taken = [first + timedelta(days=k) for k in range(days)]
        assert all(each.weekday() < 5 for each in taken)
        assert not [each for each in taken if each.month == 12 and each.day > 22]
        further = (first - today).days - in_days
        assert 0 <= further <= 40 if in_days > 0 else -40 <= further <= 0


def test_registrations_and_mails_are_in_every_state_a_page_can_show(
    told: Flask,
) -> None:
    statuses = set(db.session.scalars(select(Registration.status).distinct()))
    assert statuses >= set(Status) - {Status.UNCONFIRMED}
    states = set(db.session.scalars(select(Message.state).distinct()))
    assert states >= {MessageState.SENT, MessageState.FAILED, MessageState.UNCERTAIN}


def test_seats_taken_equal_the_seats_of_live_registrations(told: Flask, now: datetime) -> None:
    db.session.expire_all()
    live = dict(
        db.session.execute(
            select(Registration.pool_id, func.sum(Registration.seats))
            .where(Registration.status.in_(HOLDS_SEATS))
            .group_by(Registration.pool_id)
        ).all()
    )
    for pool in db.session.scalars(select(SeatPool)):
        assert pool.taken == live.get(pool.id, 0)


def test_no_mail_of_the_story_is_left_to_go_out_at_once(told: Flask, now: datetime) -> None:
    waiting = select(func.count()).where(
        Message.state == MessageState.QUEUED, Message.due_at <= now
    )
    assert db.session.execute(waiting).scalar_one() == 0


def test_telling_it_twice_changes_nothing(told: Flask, now: datetime) -> None:
    before = (_count(Event), _count(Registration), _count(Message))

    service.build(PASSWORD, now=now)

    assert (_count(Event), _count(Registration), _count(Message)) == before


def test_an_empty_database_is_untouched(sqlite_app: Flask) -> None:
    assert service.is_untouched()
    assert not service.exists()


def test_a_database_that_somebody_uses_is_not_untouched(told: Flask) -> None:
    assert not service.is_untouched()
    assert service.exists()
