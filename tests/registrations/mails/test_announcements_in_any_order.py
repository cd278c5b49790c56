"""Whatever happens to an event, in whatever order: guests end up knowing how it is.

And nobody is told a "before" that they never heard of, or news that is none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from event_mgmt.audit.service import SYSTEM, Actor
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events import service as events
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail import service as mail_service
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.rules import AttemptResult
from event_mgmt.registrations import commands
from event_mgmt.registrations.mails import event_mails
from event_mgmt.registrations.mails.announcements import Announcement
from event_mgmt.registrations.models import Registration
from event_mgmt.registrations.party import Party
from event_mgmt.web import times
from tests.builders import NOW, an_event
from tests.registrations.event_changes import edit, rows
from tests.registrations.fake_relay import Mail, Post
from tests.registrations.parties import a_party, enter

Known = dict[str, str]
NEWS = ("Changed: ", "New date: ", "Takes place after all: ")
LABELS = {
    "When": "time",
    "New time": "time",
    "Where": "place",
    "New place": "place",
    "Join online": "link",
}
VENUES = st.sampled_from(["Ständehaus", "Rathaus", "Flora"])
LINKS = st.sampled_from(["", "https://example.org/a", "https://example.org/b"])
SHIFTS = st.sampled_from([timedelta(), timedelta(hours=1), timedelta(days=7), timedelta(days=-7)])
VERDICTS = st.sampled_from([AttemptResult.DEFERRED, AttemptResult.REFUSED, AttemptResult.LOST])


class NewsOfAnEvent(RuleBasedStateMachine):
    """An event, its guests, a relay; and what each address has read so far."""

    @initialize()
    def begin(self) -> None:
        self.now, self.guests = NOW, 0
        self.event: Event = an_event(seats=50, starts_at=NOW + timedelta(days=60))
        self.event_id = self.event.id
        self.heard: dict[tuple[str, str], Known] = {}
        self.doubts: set[tuple[str, str]] = set()
        self.lost: list[Mail] = []
        self.arrives = True
        self.post = Post()
        self.register()

    def _fresh(self) -> Event:
        self.now += timedelta(minutes=1)
        db.session.rollback()
        self.event = db.session.get_one(Event, self.event_id, populate_existing=True)
        return self.event

    def _is(self, *statuses: EventStatus) -> bool:
        return hasattr(self, "event_id") and self._fresh().status in statuses

    @precondition(lambda self: self._is(EventStatus.PUBLISHED))
    @rule()
    def register(self) -> None:
        self.guests += 1
        event = self._fresh()
        enter(event, self._party(self.guests), self.now, nonce=f"n{self.guests}")

    def _party(self, number: int, address: str = "") -> Party:
        address = address or f"guest{number}-{self.event_id}@example.org"
        return a_party(f"Guest{number}", f"Of{self.event_id}", locale="en", email=address)

    @precondition(lambda self: self._is(EventStatus.PUBLISHED))
    @rule(data=st.data())
    def correct_an_address(self, data: st.DataObject) -> None:
        self._fresh()
        number = data.draw(st.integers(1, self.guests))
        address = data.draw(st.sampled_from(["", f"other{number}-{self.event_id}@example.org"]))
        mine = select(Registration).where(Registration.event_id == self.event_id)
        found = db.session.scalars(mine.order_by(Registration.id)).all()[number - 1]
        commands.change(found.id, self._party(number, address), by=Actor.user(1), now=self.now)

    @precondition(lambda self: self._is(EventStatus.PUBLISHED, EventStatus.POSTPONED))
    @rule(by=SHIFTS)
    def move(self, by: timedelta) -> None:
        event = self._fresh()
        span = {"starts_at": event.starts_at + by, "ends_at": event.ends_at + by}
        events.move(event.id, **span, by=SYSTEM, now=self.now)

    @precondition(lambda self: self._is(EventStatus.PUBLISHED, EventStatus.POSTPONED))
    @rule(venue=VENUES, link=LINKS)
    def change_the_place(self, venue: str, link: str) -> None:
        edit(self._fresh(), self.now, venue_name=venue, online_url=link)

    @precondition(lambda self: self._is(EventStatus.PUBLISHED))
    @rule()
    def postpone(self) -> None:
        events.postpone(self._fresh().id, by=SYSTEM, now=self.now)

    @precondition(lambda self: self._is(EventStatus.PUBLISHED, EventStatus.POSTPONED))
    @rule(is_meant=st.integers(0, 9))
    def cancel(self, is_meant: int) -> None:
        if is_meant == 0:
            events.cancel(self._fresh().id, reason=Localized(), by=SYSTEM, now=self.now)

    @rule()
    def deliver(self) -> None:
        self._deliver(AttemptResult.ACCEPTED)

    @rule(verdict=VERDICTS, arrives=st.booleans())
    def deliver_badly(self, verdict: AttemptResult, arrives: bool) -> None:
        self.arrives = arrives
        self._deliver(verdict)

    def _deliver(self, verdict: AttemptResult) -> None:
        self.now += timedelta(minutes=1)
        self.post.answers, self.post.taken = (lambda _to: verdict), []
        self.post.reads = self._read
        self.post.run(self.now)

    def _read(self, mail: Mail, verdict: AttemptResult) -> None:
        """As its reader does. A mail that is lost may arrive all the same."""
        reader = (mail.to, mail.text.split(",", 1)[0])
        if verdict is AttemptResult.LOST:
            self.doubts.add(reader)
        if verdict is not AttemptResult.ACCEPTED and not (
            verdict is AttemptResult.LOST and self.arrives
        ):
            return
        said, known = rows(mail), self.heard.get(reader, {})
        if "When" not in said and "New time" not in said and not mail.subject.startswith(NEWS):
            return  # the former address hears that it is no longer written to
        if "Before" in said and reader not in self.doubts:
            assert said["Before"] == known.get("time")
        if "Place before" in said and reader not in self.doubts:
            assert said["Place before"] == known.get("place")
        now = {**known, "on": "no" if mail.subject.startswith(("Post", "Canc")) else "yes"}
        now |= {known_as: said[label] for label, known_as in LABELS.items() if label in said}
        is_receipt = "The organiser has changed your registration." in mail.text
        if mail.subject.startswith(NEWS) and not is_receipt and reader not in self.doubts:
            assert now != known, "news that is none"
        self.heard[reader] = now
        if verdict is AttemptResult.ACCEPTED:
            self.doubts.discard(reader)

    def teardown(self) -> None:
        """The relay works again, the organiser tries again what failed: all know how it is."""
        if not hasattr(self, "event_id"):
            return
        self._settle()
        failed = select(Message.id).where(
            Message.event_id == self.event_id,
            Message.state.in_((MessageState.FAILED, MessageState.UNCERTAIN)),
        )
        for message_id in db.session.scalars(failed).all():
            again = {"event_id": self.event_id, "by": SYSTEM, "now": self.now}
            mail_service.retry(message_id, **again)
        self._settle()
        event = self._fresh()
        open_ones = select(Registration).where(Registration.event_id == self.event_id)
        for guest in db.session.scalars(open_ones).all():
            self._knows(event, guest)

    def _settle(self) -> None:
        for _ in range(3):
            self._deliver(AttemptResult.ACCEPTED)
            self.now += timedelta(hours=2)
        db.session.rollback()

    def _knows(self, event: Event, guest: Registration) -> None:
        contact = guest.attendees[0]
        known = self.heard.get((guest.email, f"Dear {contact.given_name} {contact.family_name}"))
        if event.status is not EventStatus.PUBLISHED:
            assert known is None or known["on"] == "no"
            return
        assert known is not None
        span = times.span(event.starts_at, event.ends_at, event.time_zone, "en")
        assert (known["on"], known["time"]) == ("yes", span)
        assert known["place"] == f"{event.venue_name}, Düsseldorf"
        assert known.get("link", "").replace("–", "") == event.online_url


USUAL = settings(
    max_examples=25,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_guests_know_how_an_event_is_whatever_happened_to_it(app: Flask) -> None:
    run_state_machine_as_test(NewsOfAnEvent, settings=USUAL)


def test_news_measured_against_the_event_s_former_row_is_found_out(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a "before" from the row, which perhaps nobody ever heard of."""
    last_told_of = event_mails._known

    def former_row(message: Message) -> tuple[Announcement | None, bool]:
        known, is_doubtful = last_told_of(message)
        old = message.facts.get("old", {})
        if known and "starts_at" in old:
            known = replace(known, starts_at=datetime.fromisoformat(old["starts_at"]))
        return known, is_doubtful

    monkeypatch.setattr(event_mails, "_known", former_row)
    once = settings(USUAL, phases=[Phase.generate], report_multiple_bugs=False)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(NewsOfAnEvent, settings=once)
