"""What is due is queued, each once, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from event_mgmt.core.database import db, transactional
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.models import MessageState
from event_mgmt.messaging import planner, rules
from event_mgmt.messaging.enums import Unit
from event_mgmt.registrations.enums import Status
from tests.builders import NOW, a_registration, an_event, saved
from tests.messaging.builders import a_rule, messages
from tests.sql_counter import counted_statements

DAY = timedelta(days=1)


def test_a_reminder_is_queued_once_it_is_due_and_not_before(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    guest = a_registration(event, given_name="Špela", family_name="Žagar", locale="sl")

    early = planner.plan(NOW + 9 * DAY - timedelta(seconds=1))
    on_time = planner.plan(NOW + 9 * DAY)

    assert (early, on_time) == (0, 1)
    message = messages()[0]
    assert (message.to_address, message.to_name) == (guest.email, "Špela Žagar")
    assert (message.locale, message.event_id) == ("sl", event.id)
    assert (message.registration_id, message.state) == (guest.id, MessageState.QUEUED)
    assert message.due_at == message.created_at == NOW + 9 * DAY
    assert (message.facts, message.attempts, message.copies) == ({}, 0, 0)


def test_planning_twice_queues_each_reminder_once(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    for _ in range(3):
        a_registration(event)

    planned = [planner.plan(NOW + 9 * DAY + n * timedelta(seconds=20)) for n in range(3)]

    assert planned == [3, 0, 0]
    assert len(messages()) == 3


def test_the_key_in_the_database_is_the_key_of_the_rules(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    rule = a_rule(event)
    guest = a_registration(event)

    planner.plan(NOW + 9 * DAY)

    occurrence = rules.occurrence(rule.timing, event.starts_at)
    assert messages()[0].key == rules.key(rule.id, guest.id, occurrence)
    assert rules.occurrence_in(messages()[0].key) == occurrence


@pytest.mark.parametrize(
    ("late", "planned"),
    [(timedelta(hours=11), 1), (timedelta(hours=13), 0), (timedelta(days=2), 0)],
)
def test_a_planner_that_stood_still_reminds_as_long_as_that_makes_sense(
    app: Flask, late: timedelta, planned: int
) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)

    assert planner.plan(NOW + 9 * DAY + late) == planned


def test_only_the_statuses_of_the_rule_are_reminded(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event, statuses=[Status.CONFIRMED, Status.WAITLISTED])
    wanted = {
        a_registration(event, status=status).id for status in (Status.CONFIRMED, Status.WAITLISTED)
    }
    for status in (Status.CANCELLED, Status.PENDING, Status.DECLINED, Status.UNCONFIRMED):
        a_registration(event, status=status)

    planner.plan(NOW + 9 * DAY)

    assert {message.registration_id for message in messages()} == wanted


def test_an_address_that_was_refused_for_good_gets_no_reminder_until_it_is_corrected(
    app: Flask,
) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)
    lost = a_registration(event, address_failed_at=NOW)

    assert planner.plan(NOW + 9 * DAY) == 1
    assert lost.id not in {message.registration_id for message in messages()}

    lost.address_failed_at = None
    saved(lost)

    assert planner.plan(NOW + 9 * DAY) == 1
    assert lost.id in {message.registration_id for message in messages()}


def test_companions_get_no_mail_of_their_own(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event, companions=2)

    assert planner.plan(NOW + 9 * DAY) == 1


def test_who_registers_after_the_due_time_has_the_confirmation_and_needs_no_reminder(
    app: Flask,
) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event, created_at=NOW + 9 * DAY + timedelta(hours=4))

    assert planner.plan(NOW + 9 * DAY + timedelta(hours=5)) == 0


def test_who_came_from_the_waiting_list_after_the_due_time_needs_no_reminder(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event, created_at=NOW, confirmed_at=NOW + 9 * DAY + timedelta(hours=4))

    assert planner.plan(NOW + 9 * DAY + timedelta(hours=5)) == 0


@pytest.mark.parametrize(
    "status",
    [EventStatus.DRAFT, EventStatus.CANCELLED, EventStatus.POSTPONED, EventStatus.ARCHIVED],
)
def test_an_event_that_does_not_take_place_reminds_nobody(app: Flask, status: EventStatus) -> None:
    event = an_event(starts_at=NOW + 10 * DAY, status=status)
    a_rule(event)
    a_registration(event)

    assert planner.plan(NOW + 9 * DAY) == 0


def test_a_moved_event_reminds_anew(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)
    planner.plan(NOW + 9 * DAY)

    event.starts_at, event.ends_at = NOW + 40 * DAY, NOW + 41 * DAY
    saved(event)

    assert planner.plan(NOW + 39 * DAY - timedelta(minutes=1)) == 0
    assert planner.plan(NOW + 39 * DAY) == 1
    assert planner.plan(NOW + 39 * DAY + timedelta(hours=1)) == 0


def test_a_rule_with_a_date_of_its_own_does_not_repeat_itself_when_the_event_moves(
    app: Flask,
) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event, at=NOW + 3 * DAY)
    a_registration(event)
    assert planner.plan(NOW + 3 * DAY) == 1

    event.starts_at, event.ends_at = NOW + 40 * DAY, NOW + 41 * DAY
    saved(event)

    assert planner.plan(NOW + 3 * DAY + timedelta(hours=1)) == 0


def test_a_rule_that_was_made_too_late_stays_silent(app: Flask) -> None:
    event = an_event(starts_at=NOW + 5 * DAY)
    a_rule(event, 7, Unit.DAYS)
    a_registration(event, created_at=NOW - 30 * DAY)

    assert [planner.plan(NOW + n * DAY) for n in range(6)] == [0] * 6


def test_a_paused_rule_reminds_nobody(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event, is_active=False)
    a_registration(event)

    assert planner.plan(NOW + 9 * DAY) == 0


def test_thanks_go_out_after_an_event_that_is_finished(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY, status=EventStatus.FINISHED)
    a_rule(event, -1, Unit.DAYS)
    a_rule(event, 1, Unit.DAYS)
    a_registration(event)

    assert planner.plan(NOW + 11 * DAY - timedelta(seconds=1)) == 0
    assert planner.plan(NOW + 11 * DAY) == 1
    assert planner.plan(NOW + 12 * DAY) == 0


def test_hours_go_by_the_watch_and_days_by_the_clock_on_the_wall(app: Flask) -> None:
    """On 28 March 2027 Berlin's clocks skip an hour between the reminder and the event."""
    starts_at = datetime.fromisoformat("2027-03-28T18:00:00+02:00")
    event = an_event(starts_at=starts_at, time_zone="Europe/Berlin")
    by_day = a_rule(event, 1, Unit.DAYS)
    by_hours = a_rule(event, 24, Unit.HOURS)
    a_registration(event)

    planner.plan(datetime.fromisoformat("2027-03-27T17:00:00+01:00"))
    at_five = [message.rule_id for message in messages()]
    planner.plan(datetime.fromisoformat("2027-03-27T18:00:00+01:00"))

    assert at_five == [by_hours.id]
    assert [message.rule_id for message in messages()] == [by_hours.id, by_day.id]


def test_many_events_are_planned_in_as_many_statements_as_one(app: Flask) -> None:
    host_event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(host_event)
    a_registration(host_event)
    with counted_statements() as one:
        planner.plan(NOW + 9 * DAY)
    for _ in range(6):
        event = an_event(starts_at=NOW + 10 * DAY)
        a_rule(event)
        a_registration(event)

    with counted_statements() as many:
        assert planner.plan(NOW + 9 * DAY + timedelta(hours=1)) == 6

    assert len(many) == len(one)


def test_a_planner_with_nothing_to_do_writes_nothing(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)
    planner.plan(NOW + 9 * DAY)

    with counted_statements() as statements:
        planner.plan(NOW + 9 * DAY + timedelta(minutes=1))

    assert not any(statement.startswith("INSERT") for statement in statements)


def test_an_event_cancelled_between_looking_and_writing_reminds_nobody(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)
    write = planner._write

    @transactional
    def cancel() -> None:
        db.session.execute(
            update(Event).where(Event.id == event.id).values(status=EventStatus.CANCELLED)
        )

    def cancel_first(now: datetime) -> int:
        cancel()
        return write(now)

    monkeypatch.setattr(planner, "_write", cancel_first)

    assert planner.plan(NOW + 9 * DAY) == 0
    assert messages() == []


def test_two_rules_within_the_hour_give_a_guest_the_one_with_own_words(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event, 24, Unit.HOURS, statuses=[Status.CONFIRMED, Status.WAITLISTED])
    own = a_rule(
        event, at=NOW + 9 * DAY + timedelta(minutes=30), body=Localized(de="Tor 3, bitte.")
    )
    guest = a_registration(event)
    waiting = a_registration(event, status=Status.WAITLISTED)

    first = planner.plan(NOW + 9 * DAY)
    second = planner.plan(NOW + 9 * DAY + timedelta(minutes=30))

    assert (first, second) == (1, 1)
    written = {message.registration_id: message.rule_id for message in messages()}
    assert written == {waiting.id: own.id - 1, guest.id: own.id}


def test_one_that_is_over_has_spoken_all_the_same(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event, 2, Unit.HOURS)
    at = event.starts_at - timedelta(minutes=70)
    a_rule(event, at=at)
    a_registration(event)

    first = planner.plan(event.starts_at - timedelta(hours=2))
    second = planner.plan(at + timedelta(minutes=15))

    assert (first, second) == (1, 0)


@pytest.mark.parametrize("deed", ["pause", "change"])
def test_one_that_is_paused_or_changed_has_spoken_all_the_same(app: Flask, deed: str) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    rule = a_rule(event)
    at = NOW + 9 * DAY + timedelta(minutes=30)
    a_rule(event, at=at)
    a_registration(event)

    first = planner.plan(NOW + 9 * DAY)
    later = NOW + 9 * DAY + timedelta(minutes=10)
    values = {"is_active": False} if deed == "pause" else {"armed_at": later}
    db.session.execute(update(type(rule)).where(type(rule).id == rule.id).values(**values))
    db.session.commit()

    assert (first, planner.plan(at)) == (1, 0)


def test_one_that_is_over_without_a_word_silences_nobody(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event, 2, Unit.HOURS)
    at = event.starts_at - timedelta(minutes=70)
    a_rule(event, at=at)
    a_registration(event)

    assert planner.plan(at + timedelta(minutes=15)) == 1


def test_a_rule_within_the_hour_that_is_paused_silences_nobody(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    at = NOW + 9 * DAY + timedelta(minutes=30)
    a_rule(event, at=at, body=Localized(de="Tor 3."), is_active=False)
    a_registration(event)

    assert planner.plan(NOW + 9 * DAY) == 1
    assert planner.plan(at) == 0
