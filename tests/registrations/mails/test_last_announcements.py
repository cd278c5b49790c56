"""What guests are told of changes is measured against what they were last told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from event_mgmt.audit.service import SYSTEM, Actor
from event_mgmt.events import service as events
from event_mgmt.events.models import Event
from event_mgmt.mail.models import MessageState
from event_mgmt.registrations import commands
from event_mgmt.registrations.mails import recipients
from tests.builders import a_registration, an_event
from tests.registrations.event_changes import LATER, WEEK, edit, guest, move, news_states, rows
from tests.registrations.fake_relay import Post
from tests.registrations.parties import a_party, enter


def test_an_event_held_on_its_old_date_after_all_says_so(event: Event, post: Post) -> None:
    guest(event, post)
    events.postpone(event.id, by=SYSTEM, now=LATER)
    (off,) = post.deliver(LATER)

    move(event, timedelta())
    (on,) = post.deliver(LATER)

    assert off.subject.startswith("Postponed: ")
    assert on.subject.startswith("Takes place after all: ")
    assert "Before" not in rows(on)
    assert rows(on)["When"] == "Monday, 15 February 2027, 18:00–21:00"
    assert recipients.count_notified(event.id, LATER) == 2


def test_an_event_held_on_its_old_date_before_anybody_heard_otherwise_says_nothing(
    event: Event, post: Post
) -> None:
    guest(event, post)
    events.postpone(event.id, by=SYSTEM, now=LATER)
    now = LATER + timedelta(minutes=1)

    move(event, timedelta(), now)

    assert recipients.count_notified(event.id, now) == 0
    assert post.deliver(now) == []


def test_a_venue_that_changed_while_the_event_was_postponed_is_told_with_the_new_date(
    event: Event, post: Post
) -> None:
    guest(event, post)
    events.postpone(event.id, by=SYSTEM, now=LATER)
    post.deliver(LATER)
    edit(event, venue_name="Rathaus")
    assert post.deliver(LATER) == []

    move(event, WEEK)
    (mail,) = post.deliver(LATER)

    told = rows(mail)
    assert told["New place"] == "Rathaus, Düsseldorf"
    assert told["Place before"] == "Ständehaus, Düsseldorf"
    assert told["Before"] == "Monday, 15 February 2027, 18:00–21:00"
    assert mail.subject.startswith("New date: Mon, 22 February 2027, 18:00 – ")


def test_two_moves_before_the_worker_runs_are_one_mail_with_the_date_that_was_known(
    event: Event, post: Post
) -> None:
    guest(event, post)
    move(event, WEEK)
    move(event, WEEK, LATER + timedelta(minutes=1))

    (mail,) = post.deliver(LATER + timedelta(minutes=2))

    told = rows(mail)
    assert told["New time"] == "Monday, 1 March 2027, 18:00–21:00"
    assert told["Before"] == "Monday, 15 February 2027, 18:00–21:00"
    assert news_states(event) == [MessageState.WITHDRAWN, MessageState.SENT]


def test_there_and_back_before_the_worker_runs_tells_nobody_and_promises_nothing(
    event: Event, post: Post
) -> None:
    guest(event, post)
    move(event, WEEK)
    now = LATER + timedelta(minutes=1)
    move(event, -WEEK, now)

    assert recipients.count_notified(event.id, now) == 0
    assert post.deliver(now) == []


@pytest.mark.parametrize(
    ("change", "label", "after", "before"),
    [
        ({"venue_name": "Rathaus"}, "New place", "Rathaus, Düsseldorf", "Ständehaus, Düsseldorf"),
        ({"venue_address": "Ring 1"}, "New place", "Ständehaus, Ring 1, Düsseldorf", "Ständehaus"),
        ({"city": "Köln"}, "New place", "Ständehaus, Köln", "Ständehaus, Düsseldorf"),
        ({"country": "SI"}, "New place", "Ständehaus, Düsseldorf, Slovenia", "Germany"),
        ({"online_url": "https://example.org/x"}, "Join online", "https://example.org/x", ""),
        ({"ends_at": timedelta(hours=1)}, "New time", "18:00–22:00", "18:00–21:00"),
        ({"time_zone": "Europe/London"}, "New time", "17:00–20:00", "18:00–21:00"),
    ],
)
def test_every_field_that_guests_count_on_is_told_and_told_once(
    event: Event, post: Post, change: dict[str, Any], label: str, after: str, before: str
) -> None:
    guest(event, post)
    if isinstance(longer := change.get("ends_at"), timedelta):
        change = {"ends_at": event.ends_at + longer}

    edit(event, **change)
    (mail,) = post.deliver(LATER)

    assert after in rows(mail)[label]
    assert before in mail.text
    edit(event, venue_name="Anderswo")
    (other,) = post.deliver(LATER)
    assert label == "New place" or label not in rows(other)


def test_of_two_clocks_each_is_named_beside_the_other(event: Event, post: Post) -> None:
    guest(event, post)

    edit(event, time_zone="Europe/London")

    told = rows(post.deliver(LATER)[0])
    assert told["New time"].endswith("17:00–20:00 (Greenwich Mean Time, UTC+00:00)")
    assert told["Before"].endswith("18:00–21:00 (Central European Standard Time, UTC+01:00)")


def test_a_zone_whose_clocks_show_the_same_is_no_news(event: Event, post: Post) -> None:
    guest(event, post)
    edit(event, time_zone="Europe/Ljubljana")

    assert news_states(event) == []


def test_a_city_that_the_address_names_already_is_no_news(app: Flask, post: Post) -> None:
    event = an_event(venue_name="", venue_address="Ring 1, Köln", city="")
    guest(event, post)
    edit(event, city="Köln")

    assert news_states(event) == []
    assert recipients.count_notified(event.id, LATER) == 0


def test_who_was_never_told_reads_the_new_value_and_no_before(event: Event, post: Post) -> None:
    a_registration(event, locale="en")
    move(event, WEEK)
    (mail,) = post.deliver(LATER)

    assert rows(mail)["When"] == "Monday, 22 February 2027, 18:00–21:00"
    assert "Before" not in rows(mail)
    assert mail.subject.startswith("New date: Mon, 22 February 2027, 18:00 – ")


def test_a_corrected_address_was_told_nothing(event: Event, post: Post) -> None:
    made = guest(event, post)
    moved = a_party("Luka", "Zagar", locale="en", email="new@example.org")
    commands.change(made.id, moved, by=Actor.user(1), now=LATER)
    move(event, WEEK)

    mails = {mail.to: mail for mail in post.deliver(LATER) if "Before" in rows(mail)}
    assert mails == {}
    move(event, WEEK)
    (mail,) = post.deliver(LATER)
    assert (mail.to, rows(mail)["Before"]) == (
        "new@example.org",
        "Monday, 22 February 2027, 18:00–21:00",
    )


def test_two_registrations_under_one_address_are_told_separately(event: Event, post: Post) -> None:
    guest(event, post, email="office@example.org")
    move(event, WEEK)
    other = enter(event, a_party("Ana", "Novak", locale="en", email="office@example.org"), LATER)

    by_name = {mail.text.split(",")[0]: mail for mail in post.deliver(LATER)}

    assert set(by_name) == {"Dear Luka Zagar", "Dear Ana Novak"}
    assert "Before" in rows(by_name["Dear Luka Zagar"])
    assert by_name["Dear Ana Novak"].subject.startswith("Confirmed")
    assert other.email == "office@example.org"
