"""The time line tells what goes out when and to how many, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import update

from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.messaging import group_messages, planner
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.group_messages import GroupDraft
from event_mgmt.messaging.timeline import TimelineItem, timeline_of
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails.audience import Audience
from tests.builders import NOW, a_registration, a_user, an_event, saved
from tests.messaging.builders import a_rule
from tests.sql_counter import counted_statements

DAY = timedelta(days=1)


def _timeline(event: Event, now: Any = NOW, locale: str = "en") -> list[TimelineItem]:
    db.session.rollback()
    with force_locale(locale):
        return timeline_of(event, now=now)


def _one(event: Event, now: Any = NOW) -> tuple[str, str, str]:
    item = _timeline(event, now)[0]
    return item.state, item.state_label, item.meta.partition(" · ")[2]


def _became(state: MessageState, *, but_one: MessageState | None = None) -> None:
    db.session.rollback()
    db.session.connection(execution_options={"writes": True})
    if but_one is not None:
        db.session.execute(update(Message).where(Message.id == 1).values(state=but_one))
    db.session.execute(
        update(Message).where(Message.state == MessageState.QUEUED).values(state=state)
    )
    db.session.commit()


def _reminded(app: Flask, guests: int = 2) -> Event:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    for _ in range(guests):
        a_registration(event)
    planner.plan(NOW + 9 * DAY)
    return event


def test_what_is_to_come_says_when_and_to_how_many_as_things_stand(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_rule(event, 7, Unit.DAYS)
    for status in (Status.CONFIRMED, Status.CONFIRMED, Status.WAITLISTED):
        a_registration(event, status=status)

    items = _timeline(event)

    assert [(item.title, item.meta, item.state) for item in items] == [
        (
            "Reminder, 7 days before",
            "15 Jan 2027, 10:00 · to 2 people as things stand",
            "due",
        ),
        ("Reminder, 1 day before", "21 Jan 2027, 10:00 · to 2 people as things stand", "due"),
    ]


def test_addresses_that_no_mail_reaches_are_counted_apart(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)
    a_registration(event, address_failed_at=NOW)

    assert _one(event)[2] == "to 1 person as things stand, 1 address unreachable"


def test_slovenian_has_four_plurals(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    for days in (1, 2, 3, 5):
        a_rule(event, days, Unit.DAYS)

    titles = [item.title for item in _timeline(event, locale="sl")]

    assert titles == [
        "Opomnik, 5 dni pred začetkom",
        "Opomnik, 3 dni pred začetkom",
        "Opomnik, 2 dneva pred začetkom",
        "Opomnik, 1 dan pred začetkom",
    ]


@pytest.mark.parametrize(
    ("state", "but_one", "expected"),
    [
        (MessageState.QUEUED, None, ("due", "Going out", "2 waiting")),
        (MessageState.SENDING, MessageState.SENT, ("due", "Going out", "1 sent, 1 waiting")),
        (MessageState.SENT, None, ("done", "Sent", "2 sent")),
        (MessageState.SENT, MessageState.FAILED, ("failed", "1 not delivered", "1 sent")),
        (MessageState.SENT, MessageState.UNCERTAIN, ("missed", "1 perhaps delivered", "1 sent")),
    ],
)
def test_what_is_going_out_says_how_far_it_has_come(
    app: Flask, state: MessageState, but_one: MessageState | None, expected: tuple[str, str, str]
) -> None:
    event = _reminded(app)
    _became(state, but_one=but_one)

    assert _one(event, NOW + 9 * DAY + timedelta(minutes=1)) == expected


def test_a_rule_nobody_fits_says_so_once_it_was_due(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)

    assert _one(event, NOW + 9 * DAY + timedelta(minutes=1))[:2] == ("done", "Nobody to remind")


def test_a_rule_that_came_too_late_is_shown_as_missed(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event, 14, Unit.DAYS)
    a_registration(event)

    assert _one(event) == ("missed", "Came too late", "")


def test_a_rule_that_nothing_carried_out_is_shown_as_missed(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    a_registration(event)

    assert _one(event, NOW + 10 * DAY) == ("missed", "Not sent", "")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (EventStatus.DRAFT, ("due", "Once published")),
        (EventStatus.POSTPONED, ("off", "Will not go out")),
        (EventStatus.CANCELLED, ("off", "Will not go out")),
    ],
)
def test_an_event_that_is_not_on_says_what_becomes_of_its_reminders(
    app: Flask, status: EventStatus, expected: tuple[str, str]
) -> None:
    event = an_event(starts_at=NOW + 10 * DAY, status=status)
    a_rule(event)

    assert _one(event)[:2] == expected


def test_a_paused_rule_is_shown_as_paused(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event, is_active=False)

    assert _one(event)[:2] == ("off", "Paused")


def test_a_moved_event_shows_its_reminders_as_to_come_again(app: Flask) -> None:
    event = _reminded(app)
    _became(MessageState.SENT)
    event.starts_at, event.ends_at = NOW + 40 * DAY, NOW + 41 * DAY
    saved(event)

    assert _one(event, NOW + 10 * DAY) == ("due", "", "to 2 people as things stand")


def test_messages_to_groups_stand_in_the_time_line_too(app: Flask) -> None:
    event = _reminded(app)
    draft = GroupDraft(
        Localized(en="Parking"), Localized(en="In the yard."), Audience((Status.CONFIRMED,))
    )
    user = a_user(event.host)
    group_messages.send_to_group(event.id, draft, nonce="n" * 32, user_id=user.id, now=NOW)

    first, second = _timeline(event, NOW + 9 * DAY)

    assert (first.title, first.meta) == ("Parking", "12 Jan 2027, 10:00 · 2 waiting")
    assert second.rule_id is not None


def test_the_time_line_takes_five_statements_however_long_it_is(app: Flask) -> None:
    event = _reminded(app)
    for hours in range(1, 6):
        a_rule(event, hours, Unit.HOURS)
    user = a_user(event.host)
    for number in range(3):
        draft = GroupDraft(Localized(en="A"), Localized(en="B"), Audience((Status.CONFIRMED,)))
        group_messages.send_to_group(
            event.id, draft, nonce=f"{number}" * 32, user_id=user.id, now=NOW
        )
    db.session.refresh(event)

    with counted_statements() as statements, force_locale("en"):
        items = timeline_of(event, now=NOW)

    assert len(items) == 9
    assert len(statements) == 5


def test_a_rule_that_gives_way_to_another_within_the_hour_says_so(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event)
    at = NOW + 9 * DAY + timedelta(minutes=30)
    a_rule(event, at=at, body=Localized(de="Tor 3."))
    a_registration(event)

    standard, own = _timeline(event)

    assert (standard.state, standard.state_label) == ("off", "Instead: another one within the hour")
    assert "person" not in standard.meta
    assert (own.state, own.meta.partition(" · ")[2]) == ("due", "to 1 person as things stand")


@pytest.mark.parametrize("deed", ["over", "paused"])
def test_a_rule_gives_way_to_one_that_has_spoken_and_is_no_longer_at_work(
    app: Flask, deed: str
) -> None:
    """The time line promises nobody a mail that the planner will not write."""
    event = an_event(starts_at=NOW + 10 * DAY)
    gone = a_rule(event, 2, Unit.HOURS)
    at = event.starts_at - timedelta(minutes=61)
    a_rule(event, at=at)
    a_registration(event)
    planner.plan(event.starts_at - timedelta(hours=2))
    if deed == "paused":
        gone.is_active = False
        saved(gone)
    now = at + timedelta(minutes=2 if deed == "over" else -20)

    _first, second = _timeline(event, now)

    assert (second.state, second.state_label) == ("off", "Instead: another one within the hour")
    assert "person" not in second.meta
    assert planner.plan(at + timedelta(minutes=2)) == 0


def test_a_rule_gives_way_to_none_that_is_over_without_a_word(app: Flask) -> None:
    event = an_event(starts_at=NOW + 10 * DAY)
    a_rule(event, 2, Unit.HOURS)
    at = event.starts_at - timedelta(minutes=61)
    a_rule(event, at=at)
    a_registration(event)

    _first, second = _timeline(event, at + timedelta(minutes=2))

    assert (second.state, second.state_label) == ("due", "Going out")
