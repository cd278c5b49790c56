"""The steps of an event's life, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events import refusals, service, signals
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event, ProgrammeItem
from tests.builders import an_event, saved
from tests.events.plans import NOW, SOMEBODY, START


@pytest.fixture
def changes():
    """What ``signals.changed`` said."""
    heard = []

    def listen(_sender, **facts):
        heard.append(facts)

    signals.changed.connect(listen)
    yield heard
    signals.changed.disconnect(listen)


def test_a_draft_goes_online_once(app):
    event = an_event(status=EventStatus.DRAFT, published_at=None)

    service.publish(event.id, by=SOMEBODY, now=NOW)

    assert event.status is EventStatus.PUBLISHED
    assert event.published_at == NOW
    with pytest.raises(refusals.InvalidTransition):
        service.publish(event.id, by=SOMEBODY, now=NOW)


def test_a_draft_of_the_past_does_not_go_online(app):
    event = an_event(status=EventStatus.DRAFT, starts_at=NOW - timedelta(days=1))
    with pytest.raises(refusals.StartsInThePast):
        service.publish(event.id, by=SOMEBODY, now=NOW)


def test_a_postponed_event_keeps_its_old_date_in_mind(app):
    event = an_event(starts_at=START)
    heard = []

    def listen(_sender, event, **_):
        heard.append((event.id, event.status))

    signals.postponed.connect(listen)
    service.postpone(event.id, by=SOMEBODY, now=NOW)
    signals.postponed.disconnect(listen)

    assert heard == [(event.id, EventStatus.POSTPONED)]
    assert (event.postponed_from, event.revision) == (START, 1)


def test_a_postponed_event_gets_its_new_date(app, changes):
    event = an_event(starts_at=START)
    service.postpone(event.id, by=SOMEBODY, now=NOW)

    new = START + timedelta(days=30)
    service.move(event.id, starts_at=new, ends_at=new + timedelta(hours=2), by=SOMEBODY, now=NOW)

    assert event.status is EventStatus.PUBLISHED
    assert (event.starts_at, event.postponed_from, event.revision) == (new, START, 2)
    assert [facts["old"]["starts_at"] for facts in changes] == [START]


def test_a_postponed_event_can_take_place_on_its_old_date_after_all(app, changes):
    event = an_event(starts_at=START)
    service.postpone(event.id, by=SOMEBODY, now=NOW)

    service.move(event.id, starts_at=START, ends_at=event.ends_at, by=SOMEBODY, now=NOW)

    assert event.status is EventStatus.PUBLISHED
    assert event.postponed_from is None
    assert len(changes) == 1


def test_a_moved_event_takes_its_programme_along_across_the_change_of_clocks(app):
    event = an_event(starts_at=START)
    saved(
        ProgrammeItem(
            event_id=event.id, starts_at=START + timedelta(hours=1), title=Localized(de="Rede")
        )
    )
    in_summer = START + timedelta(days=60, hours=-1)  # 18:00 there too

    service.move(
        event.id,
        starts_at=in_summer,
        ends_at=in_summer + timedelta(hours=3),
        by=SOMEBODY,
        now=NOW,
    )

    item = db.session.scalars(select(ProgrammeItem)).one()
    assert item.starts_at == in_summer + timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "refusal"), [(-1, refusals.EndsBeforeItStarts), (2, refusals.StartsInThePast)]
)
def test_an_event_does_not_move_where_nobody_could_attend(app, changes, hours, refusal):
    event = an_event(starts_at=START)
    new = NOW - timedelta(hours=1)
    with pytest.raises(refusal):
        service.move(
            event.id,
            starts_at=new,
            ends_at=new + timedelta(hours=hours),
            by=SOMEBODY,
            now=NOW,
        )
    assert changes == []
    assert db.session.get(Event, event.id).starts_at == START


def test_a_draft_is_edited_and_not_moved(app):
    event = an_event(status=EventStatus.DRAFT)
    with pytest.raises(refusals.InvalidTransition):
        service.move(
            event.id, starts_at=START, ends_at=START + timedelta(hours=1), by=SOMEBODY, now=NOW
        )


def test_a_cancelled_event_says_why_and_is_told_once(app):
    event = an_event()
    heard = []

    def listen(_sender, event, **_):
        heard.append(event.revision)

    signals.cancelled.connect(listen)
    service.cancel(event.id, reason=Localized(de="Krankheit"), by=SOMEBODY, now=NOW)
    with pytest.raises(refusals.InvalidTransition):
        service.cancel(event.id, reason=Localized(), by=SOMEBODY, now=NOW)
    signals.cancelled.disconnect(listen)

    assert heard == [1]
    assert event.cancel_reason.into("sl") == "Krankheit"
    service.archive(event.id, by=SOMEBODY, now=NOW)
    assert event.status is EventStatus.ARCHIVED


def test_what_is_to_come_is_not_archived(app):
    event = an_event()
    with pytest.raises(refusals.InvalidTransition):
        service.archive(event.id, by=SOMEBODY, now=NOW)


def test_events_that_ended_become_finished_once(app):
    over = an_event(starts_at=NOW - timedelta(hours=5), ends_at=NOW)
    running = an_event(starts_at=NOW - timedelta(hours=5), ends_at=NOW + timedelta(minutes=1))
    postponed = an_event(starts_at=NOW - timedelta(days=5), status=EventStatus.POSTPONED)

    service.finish(NOW)
    service.finish(NOW)

    statuses = {event.id: event.status for event in db.session.scalars(select(Event))}
    assert statuses == {
        over.id: EventStatus.FINISHED,
        running.id: EventStatus.PUBLISHED,
        postponed.id: EventStatus.POSTPONED,
    }
    entries = db.session.scalars(select(AuditEntry)).all()
    assert [(entry.action, entry.actor) for entry in entries] == [("event_finished", "system")]
