"""What organisers do with rules and what events do to them, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import SYSTEM, Actor
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.core.refusals import Missing, Stale
from event_mgmt.events import service as events
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import planner, refusals, rules, service
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.messaging.rules import Timing
from event_mgmt.messaging.service import RuleInput
from event_mgmt.registrations.enums import Status
from tests.builders import NOW, a_registration, a_user, an_event, an_organisation, saved
from tests.messaging.builders import a_rule, messages
from tests.readers import actions

DAY = timedelta(days=1)
A_DAY_BEFORE = RuleInput(Timing(1, Unit.DAYS), (Status.CONFIRMED,))


def _rules(event: Event) -> list[ReminderRule]:
    db.session.expire_all()
    found = select(ReminderRule).where(ReminderRule.event_id == event.id)
    return list(db.session.scalars(found.order_by(ReminderRule.id)))


def _change(rule: ReminderRule, plan: RuleInput, *, now: datetime = NOW, **given: Any) -> Any:
    revision = given.get("revision", rule.revision)
    return service.change_rule(rule.event_id, rule.id, plan, revision=revision, by=SYSTEM, now=now)


def _move(event: Event, starts_at: datetime, now: datetime) -> None:
    events.move(
        event.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), by=SYSTEM, now=now
    )


def test_a_rule_that_was_added_reminds(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_registration(event)

    rule = service.add_rule(event.id, A_DAY_BEFORE, by=Actor.user(7), now=NOW)

    assert planner.plan(NOW + 9 * DAY) == 1
    assert rule.armed_at == NOW
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.user_id, entry.event_id) == ("reminder.added", 7, event.id)
    assert entry.changes["amount"] == 1


def test_two_rules_at_the_same_time_for_the_same_people_are_refused(app: Flask) -> None:
    event = an_event()
    service.add_rule(event.id, A_DAY_BEFORE, by=SYSTEM, now=NOW)

    with pytest.raises(refusals.DuplicateTiming):
        service.add_rule(event.id, A_DAY_BEFORE, by=SYSTEM, now=NOW)

    waiting = RuleInput(A_DAY_BEFORE.timing, (Status.WAITLISTED,))
    service.add_rule(event.id, waiting, by=SYSTEM, now=NOW)
    assert len(_rules(event)) == 2


def test_a_point_in_time_must_lie_ahead(app: Flask) -> None:
    event = an_event()

    with pytest.raises(refusals.TimeHasPassed):
        service.add_rule(
            event.id, RuleInput(Timing(at=NOW), (Status.CONFIRMED,)), by=SYSTEM, now=NOW
        )


def test_an_event_has_only_so_many_rules(app: Flask) -> None:
    event = an_event()
    for hours in range(1, rules.MAX_RULES + 1):
        plan = RuleInput(Timing(hours, Unit.HOURS), (Status.CONFIRMED,))
        service.add_rule(event.id, plan, by=SYSTEM, now=NOW)

    with pytest.raises(refusals.TooManyRules):
        service.add_rule(event.id, A_DAY_BEFORE, by=SYSTEM, now=NOW)


def test_a_subject_without_a_text_in_its_language_is_refused(app: Flask) -> None:
    event = an_event()
    plan = RuleInput(
        A_DAY_BEFORE.timing, (Status.CONFIRMED,), Localized(de="Bald"), Localized(sl="Kmalu")
    )

    with pytest.raises(refusals.TextMissing):
        service.add_rule(event.id, plan, by=SYSTEM, now=NOW)


def test_a_change_by_two_people_at_once_is_noticed(app: Flask) -> None:
    rule = a_rule(an_event())
    _change(rule, RuleInput(Timing(2, Unit.DAYS), (Status.CONFIRMED,)))

    with pytest.raises(Stale):
        _change(rule, A_DAY_BEFORE, revision=1)


def test_a_change_is_recorded_with_what_differs(app: Flask) -> None:
    rule = a_rule(an_event())

    _change(rule, RuleInput(Timing(2, Unit.DAYS), (Status.CONFIRMED,)))

    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.changes == {"amount": [1, 2]}


def test_a_rule_that_has_reminded_somebody_keeps_its_time_but_not_its_words(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    rule = a_rule(event)
    a_registration(event)
    planner.plan(NOW + 9 * DAY)
    later = NOW + 9 * DAY + timedelta(hours=1)

    with pytest.raises(refusals.AlreadySent):
        _change(rule, RuleInput(Timing(2, Unit.HOURS), (Status.CONFIRMED,)), now=later)

    words = RuleInput(rule.timing, (Status.CONFIRMED,), Localized(de="A"), Localized(de="B"))
    assert _change(rule, words, now=later).body == Localized(de="B")


def test_a_new_time_that_has_passed_does_not_remind_at_once(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    rule = a_rule(event)
    a_registration(event)

    week_before = RuleInput(Timing(7, Unit.DAYS), (Status.CONFIRMED,))
    _change(rule, week_before, now=NOW + 4 * DAY)

    assert planner.plan(NOW + 4 * DAY + timedelta(minutes=1)) == 0


def test_a_paused_rule_takes_back_what_waits_and_makes_up_for_nothing(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    rule = a_rule(event)
    a_registration(event)
    planner.plan(NOW + 9 * DAY)

    service.pause_rule(event.id, rule.id, by=SYSTEM, now=NOW + 9 * DAY)
    a_registration(event)
    service.resume_rule(event.id, rule.id, by=SYSTEM, now=NOW + 9 * DAY + timedelta(hours=1))

    assert [message.state for message in messages()] == [MessageState.WITHDRAWN]
    assert planner.plan(NOW + 9 * DAY + timedelta(hours=2)) == 0
    assert actions() == ["reminder.paused", "reminder.resumed"]


def test_pausing_and_resuming_twice_is_harmless(app: Flask) -> None:
    rule = a_rule(an_event())

    for _ in range(2):
        service.pause_rule(rule.event_id, rule.id, by=SYSTEM, now=NOW)
    for _ in range(2):
        service.resume_rule(rule.event_id, rule.id, by=SYSTEM, now=NOW)

    assert actions() == ["reminder.paused", "reminder.resumed"]


def test_a_deleted_rule_leaves_what_it_sent_on_record(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    rule = a_rule(event)
    a_registration(event)
    planner.plan(NOW + 9 * DAY)

    service.delete_rule(event.id, rule.id, by=SYSTEM, now=NOW + 9 * DAY)

    assert _rules(event) == []
    assert [message.state for message in messages()] == [MessageState.WITHDRAWN]


@pytest.mark.parametrize("verb", ["pause_rule", "resume_rule", "delete_rule"])
def test_a_rule_of_another_event_is_as_one_that_does_not_exist(app: Flask, verb: str) -> None:
    rule, other = a_rule(an_event()), an_event()

    with pytest.raises(Missing):
        getattr(service, verb)(other.id, rule.id, by=SYSTEM, now=NOW)


def test_a_test_goes_to_the_organiser_once_per_page(app: Flask) -> None:
    host = an_organisation()
    event, user = an_event(host), a_user(host)
    rule = a_rule(event)

    for nonce in ("page-1", "page-1", "page-2"):
        address = service.send_test(
            event.id, rule.id, user_id=user.id, locale="sl", nonce=nonce, now=NOW
        )

    assert address == user.email
    sent = messages(kind="reminder_test")
    assert [(m.to_address, m.locale, m.registration_id) for m in sent] == [
        (user.email, "sl", None)
    ] * 2


def test_a_new_event_reminds_a_week_and_a_day_before(app: Flask) -> None:
    event = an_event()

    service.add_default_rules(None, event=event, by=SYSTEM, now=NOW)
    db.session.commit()

    found = [(rule.amount, rule.unit, rule.statuses) for rule in _rules(event)]
    assert found == [(7, Unit.DAYS, ["confirmed"]), (1, Unit.DAYS, ["confirmed"])]


def test_a_copied_event_takes_the_relative_rules_along(app: Flask) -> None:
    source = an_event()
    a_rule(source, 3, Unit.DAYS, subject=Localized(de="Bald"), body=Localized(de="Text"))
    a_rule(source, 2, Unit.HOURS, is_active=False)
    a_rule(source, at=NOW + 3 * DAY)

    copy = events.duplicate(
        source.id,
        starts_at=source.starts_at + 90 * DAY,
        with_partners=False,
        nonce="n" * 32,
        by=SYSTEM,
        now=NOW,
    )

    found = [(rule.amount, rule.unit, rule.is_active) for rule in _rules(copy)]
    assert found == [(3, Unit.DAYS, True), (2, Unit.HOURS, False)]
    assert _rules(copy)[0].body == Localized(de="Text")


def test_a_cancelled_event_takes_back_its_waiting_reminders(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)
    planner.plan(NOW + 9 * DAY)

    events.cancel(event.id, reason=Localized(), by=SYSTEM, now=NOW + 9 * DAY)

    assert [message.state for message in messages()] == [MessageState.WITHDRAWN]
    assert planner.plan(NOW + 9 * DAY + timedelta(hours=1)) == 0


def test_a_postponed_event_reminds_of_its_new_date_only(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)
    planner.plan(NOW + 9 * DAY)
    events.postpone(event.id, by=SYSTEM, now=NOW + 9 * DAY)

    assert planner.plan(NOW + 9 * DAY + timedelta(hours=1)) == 0
    _move(event, NOW + 60 * DAY, NOW + 20 * DAY)

    assert planner.plan(NOW + 58 * DAY) == 0
    assert planner.plan(NOW + 59 * DAY) == 1
    assert [m.state for m in messages()] == [MessageState.WITHDRAWN, MessageState.QUEUED]


def test_a_shift_of_minutes_after_the_reminder_reminds_nobody_twice(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    rule = a_rule(event)
    guest = a_registration(event)
    planner.plan(NOW + 9 * DAY)
    saved(_as_sent(messages()[0]))

    _move(event, NOW + 10 * DAY + timedelta(minutes=10), NOW + 9 * DAY + timedelta(minutes=5))

    assert planner.plan(NOW + 9 * DAY + timedelta(minutes=10)) == 0
    assert [(m.rule_id, m.registration_id) for m in messages()] == [(rule.id, guest.id)]


def test_a_shift_of_minutes_long_before_reminds_who_had_none_yet(app: Flask) -> None:
    """The control: it is the reminder that went out, which silences the next one."""
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)

    _move(event, NOW + 10 * DAY + timedelta(minutes=10), NOW + 9 * DAY - timedelta(minutes=5))

    assert planner.plan(NOW + 9 * DAY + timedelta(minutes=10)) == 1


def _as_sent(message: Message) -> Message:
    message.state = MessageState.SENT
    return message


def test_a_moved_event_takes_back_what_waits_and_reminds_anew(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)
    planner.plan(NOW + 9 * DAY)

    _move(event, NOW + 40 * DAY, NOW + 9 * DAY + timedelta(minutes=5))

    assert [message.state for message in messages()] == [MessageState.WITHDRAWN]
    assert planner.plan(NOW + 39 * DAY) == 1


def test_people_just_told_of_a_move_are_not_reminded_of_it_as_well(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event, 7, Unit.DAYS)
    a_registration(event)

    _move(event, NOW + 6 * DAY, NOW + 2 * DAY)

    assert planner.plan(NOW + 2 * DAY + timedelta(minutes=1)) == 0


def test_a_new_venue_leaves_waiting_reminders_in_place(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)
    planner.plan(NOW + 9 * DAY)

    service.reschedule_reminders(None, event=event, old={"venue_name": "Altbau"}, now=NOW + 9 * DAY)
    db.session.commit()

    assert [message.state for message in messages()] == [MessageState.QUEUED]
