"""When guests count as told: what the relay took, what perhaps arrived, what goes on meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from event_mgmt.audit.service import PARTICIPANT, SYSTEM, Actor
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events import service as events
from event_mgmt.events.models import Event
from event_mgmt.mail import queue, service as mail_service
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.rules import AttemptResult
from event_mgmt.messaging import planner
from event_mgmt.privacy import service as privacy
from event_mgmt.registrations import commands
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails import recipients
from event_mgmt.registrations.models import LastAnnouncement, Registration
from tests.builders import NOW, a_registration, an_event
from tests.messaging.builders import a_rule
from tests.registrations.event_changes import LATER, WEEK, edit, guest, move, news_states, rows
from tests.registrations.fake_relay import Post
from tests.registrations.parties import a_party, enter
from tests.sql_counter import counted_statements


@pytest.mark.parametrize("verdict", [AttemptResult.REFUSED, AttemptResult.DEFERRED])
def test_what_the_relay_did_not_take_was_not_told(
    event: Event, post: Post, verdict: AttemptResult
) -> None:
    guest(event, post)
    move(event, WEEK)
    assert post.deliver(LATER, lambda _to: verdict) == []

    move(event, WEEK, LATER + timedelta(minutes=1))
    (mail,) = post.deliver(LATER + timedelta(hours=2))

    assert rows(mail)["Before"] == "Monday, 15 February 2027, 18:00–21:00"


def test_a_failed_mail_that_is_tried_again_later_says_how_things_stand_by_then(
    event: Event, post: Post
) -> None:
    guest(event, post)
    move(event, WEEK)
    post.deliver(LATER, lambda _to: AttemptResult.REFUSED)
    failed = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()

    move(event, -WEEK, LATER + timedelta(minutes=1))
    mail_service.retry(failed.id, event_id=event.id, by=Actor.user(1), now=LATER)

    assert post.deliver(LATER + timedelta(minutes=1)) == []
    assert news_states(event) == [MessageState.SKIPPED]


def test_a_withdrawn_mail_was_not_told(event: Event, post: Post) -> None:
    guest(event, post)
    move(event, WEEK)
    waiting = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    mail_service.withdraw(waiting.id, event_id=event.id, by=Actor.user(1), now=LATER)

    edit(event, venue_name="Rathaus")
    (mail,) = post.deliver(LATER)

    assert rows(mail)["Before"] == "Monday, 15 February 2027, 18:00–21:00"
    assert rows(mail)["New place"] == "Rathaus, Düsseldorf"


def test_a_mail_that_perhaps_arrived_is_set_right_though_the_event_is_as_before(
    event: Event, post: Post
) -> None:
    guest(event, post)
    move(event, WEEK)
    post.deliver(LATER, lambda _to: AttemptResult.LOST)

    now = LATER + timedelta(minutes=1)
    move(event, -WEEK, now)

    assert recipients.count_notified(event.id, now) == 1
    (mail,) = post.deliver(now + timedelta(minutes=1))
    assert rows(mail)["When"] == "Monday, 15 February 2027, 18:00–21:00"
    assert "Before" not in rows(mail)
    assert post.deliver(now + timedelta(hours=2)) == []


def test_a_worker_that_died_leaves_a_doubt_that_the_next_mail_clears(
    event: Event, post: Post
) -> None:
    made = guest(event, post)
    move(event, WEEK)
    queue.settle_and_claim([], queue.ClaimRequest("dead", 1), now=LATER)

    queue.release_stranded(LATER + timedelta(hours=1))

    assert _told(made).is_doubtful
    (mail,) = post.deliver(LATER + timedelta(hours=2))
    assert rows(mail)["Before"] == "Monday, 15 February 2027, 18:00–21:00"
    assert not _told(made).is_doubtful


def _told(registration: Registration) -> LastAnnouncement:
    db.session.expire_all()
    found = select(LastAnnouncement).where(LastAnnouncement.registration_id == registration.id)
    return db.session.scalars(found).one()


def test_a_reminder_that_named_the_new_place_has_told_it(event: Event, post: Post) -> None:
    made = guest(event, post)
    edit(event, venue_name="Rathaus")
    waiting = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    mail_service.withdraw(waiting.id, event_id=event.id, by=Actor.user(1), now=LATER)
    a_rule(event, 7)
    due = event.starts_at - WEEK
    planner.plan(due)

    (reminder,) = post.deliver(due)

    assert "Rathaus" in reminder.text
    assert _told(made).venue_name == "Rathaus"
    edit(event, now=due, venue_name="Flora")
    (mail,) = post.deliver(due)
    assert rows(mail)["Place before"] == "Rathaus, Düsseldorf"


def test_news_waits_for_another_mail_in_the_same_batch_and_is_not_told_twice(
    event: Event, post: Post
) -> None:
    enter(event, a_party("Luka", "Zagar", locale="en"), NOW)
    move(event, WEEK)

    mails = post.deliver(LATER)

    assert [mail.subject.partition(":")[0] for mail in mails] == ["Confirmed"]
    assert news_states(event) == [MessageState.SKIPPED]


def test_an_event_moved_back_while_a_worker_tells_of_the_move_is_set_right(
    event: Event, post: Post
) -> None:
    guest(event, post)
    move(event, WEEK)
    back = LATER + timedelta(minutes=1)
    post.during = lambda: _move_back_once(post, event, back)
    mails = post.deliver(LATER)
    mails += post.deliver(back + timedelta(minutes=1))

    first, second = mails
    assert rows(first)["New time"] == rows(second)["Before"]
    assert rows(second)["New time"] == "Monday, 15 February 2027, 18:00–21:00"


def _move_back_once(post: Post, event: Event, now: datetime) -> None:
    post.during = lambda: None
    move(event, -WEEK, now)
    db.session.rollback()


def test_news_waits_for_what_another_worker_has_in_its_hands(event: Event, post: Post) -> None:
    guest(event, post)
    move(event, WEEK)
    other = Post()
    back = LATER + timedelta(minutes=1)

    def meanwhile() -> None:
        post.during = lambda: None
        move(event, -WEEK, back)
        assert other.run(back).total == 0

    post.during = meanwhile
    (first,) = post.deliver(LATER)

    (second,) = other.deliver(back + timedelta(minutes=1))
    assert rows(first)["New time"] == rows(second)["Before"]


def test_the_link_is_told_to_those_who_come_only(event: Event, post: Post) -> None:
    guest(event, post)
    waiting = a_registration(event, status=Status.PENDING, locale="en")
    edit(event, online_url="https://example.org/room")

    mails = {mail.to: mail for mail in post.deliver(LATER)}

    assert "https://example.org/room" not in mails[waiting.email].text
    assert rows(mails["luka.zagar@example.org"])["Join online"] == "https://example.org/room"
    edit(event, online_url="")
    mails = {mail.to: rows(mail) for mail in post.deliver(LATER)}
    assert list(mails) == ["luka.zagar@example.org"]
    assert mails["luka.zagar@example.org"]["Join online"] == "–"


def test_a_cancelled_event_names_the_date_that_its_guests_know(event: Event, post: Post) -> None:
    guest(event, post)
    move(event, WEEK)
    events.cancel(event.id, reason=Localized(), by=SYSTEM, now=LATER)

    (mail,) = post.deliver(LATER)

    assert rows(mail)["When"] == "Monday, 15 February 2027, 18:00–21:00"
    assert mail.entry is not None
    assert mail.entry[0] == "CANCEL"


def test_a_postponed_event_leaves_no_confirmed_entry_in_a_calendar(
    event: Event, post: Post
) -> None:
    guest(event, post)
    before = event.revision
    events.postpone(event.id, by=SYSTEM, now=LATER)
    (mail,) = post.deliver(LATER)

    assert mail.entry is not None
    method, entry = mail.entry
    assert (method, entry["STATUS"], entry["TRANSP"]) == ("REQUEST", "TENTATIVE", "TRANSPARENT")
    assert entry["SUMMARY"].startswith("Postponed: ")
    assert entry["SEQUENCE"] > before


def test_moved_and_then_postponed_names_the_date_that_was_known(event: Event, post: Post) -> None:
    guest(event, post)
    move(event, WEEK)
    events.postpone(event.id, by=SYSTEM, now=LATER)
    (off,) = post.deliver(LATER)
    assert rows(off)["When"] == "Monday, 15 February 2027, 18:00–21:00"

    move(event, timedelta())
    (on,) = post.deliver(LATER)
    assert rows(on)["Before"] == "Monday, 15 February 2027, 18:00–21:00"
    assert rows(on)["New time"] == "Monday, 22 February 2027, 18:00–21:00"


def test_an_erased_guest_leaves_nothing_of_what_they_were_told(event: Event, post: Post) -> None:
    made = guest(event, post)
    moved = a_party("Luka", "Zagar", locale="en", email="new@example.org")
    commands.change(made.id, moved, by=PARTICIPANT, now=LATER)
    post.deliver(LATER)
    assert _count() == 2

    privacy.erase_person("new@example.org", by=SYSTEM, now=LATER)

    assert _count() == 0


def test_a_former_address_that_is_erased_leaves_what_the_new_one_was_told(
    event: Event, post: Post
) -> None:
    made = guest(event, post)
    moved = a_party("Luka", "Zagar", locale="en", email="new@example.org")
    commands.change(made.id, moved, by=PARTICIPANT, now=LATER)
    post.deliver(LATER)

    privacy.erase_person("luka.zagar@example.org", by=SYSTEM, now=LATER)

    assert list(db.session.scalars(select(LastAnnouncement.address))) == ["new@example.org"]


def _count() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(LastAnnouncement)).scalar_one()


def test_who_is_erased_while_a_worker_has_their_mail_is_not_written_down(
    event: Event, post: Post
) -> None:
    made = enter(event, a_party("Luka", "Zagar"), NOW)
    address = made.email

    def erase() -> None:
        post.during = lambda: None
        privacy.erase_person(address, by=SYSTEM, now=NOW)

    post.during = erase
    post.run(NOW)

    assert _count() == 0


def test_a_batch_is_written_down_in_one_statement_more(app: Flask, post: Post) -> None:
    event = an_event(seats=50)
    for _ in range(5):
        a_registration(event)
    move(event, WEEK)
    with counted_statements() as statements:
        post.run(LATER)

    assert sum("INTO last_told" in each for each in statements) == 1


CLOCKS = {
    "de": ("Mitteleuropäische Normalzeit, UTC+01:00", "Mittlere Greenwich-Zeit, UTC+00:00"),
    "sl": ("Srednjeevropski standardni čas, UTC+01:00", "Greenwiški srednji čas, UTC+00:00"),
    "en": ("Central European Standard Time, UTC+01:00", "Greenwich Mean Time, UTC+00:00"),
}


@pytest.mark.parametrize("locale", ["de", "sl", "en"])
@pytest.mark.parametrize(
    "zones", [("Europe/Berlin", "Europe/London"), ("Europe/London", "Europe/Berlin")]
)
def test_where_the_clock_changes_both_are_named(
    app: Flask, post: Post, locale: str, zones: tuple[str, str]
) -> None:
    event = an_event(time_zone=zones[0])
    enter(event, a_party("Luka", "Zagar", locale=locale), NOW)
    post.deliver(NOW)

    edit(event, time_zone=zones[1])
    (mail,) = post.deliver(LATER)

    home, london = CLOCKS[locale]
    before, now = (london, home) if zones[0] == "Europe/London" else (home, london)
    lines = mail.text.splitlines()
    (new_time,) = [line for line in lines if now in line and ":" in line.partition("2027")[0]]
    assert lines[lines.index(new_time) + 1].endswith(f"({before})")


def test_where_the_readers_own_clock_stays_it_is_not_named(event: Event, post: Post) -> None:
    guest(event, post)

    edit(
        event,
        time_zone="Europe/Ljubljana",
        starts_at=event.starts_at + WEEK,
        ends_at=event.ends_at + WEEK,
    )
    (mail,) = post.deliver(LATER)

    assert "UTC" not in mail.text
