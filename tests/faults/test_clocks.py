"""Clocks that are an hour or two days off, between machines and between runs."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import ColumnElement

from event_mgmt.core.database import db
from event_mgmt.mail import clock_skew, queue
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.queue import ClaimRequest
from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.messaging import planner
from event_mgmt.messaging.enums import Unit
from event_mgmt.settings import MailRelay
from tests.builders import a_registration, an_event, saved
from tests.faults import wrong_clock
from tests.faults.crew import copies
from tests.faults.forked import begin
from tests.faults.wrong_clock import Order
from tests.mail.relay import Conversation, Relay
from tests.mail.samples import NOW, a_message, queued, states
from tests.messaging.builders import a_rule, messages

OFF = {
    "two-days-behind": timedelta(days=-2),
    "an-hour-behind": timedelta(hours=-1),
    "an-hour-ahead": timedelta(hours=1),
    "two-days-ahead": timedelta(days=2),
}
LONG_AGO = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

off_by = pytest.mark.parametrize("off_by", OFF.values(), ids=OFF)


class InTurn:
    """A relay in which the first conversation waits amid its first mail until another one ended."""

    def __init__(self) -> None:
        self.first_has_begun = threading.Event()
        self.second_has_ended = threading.Event()

    def __call__(self, step: str, conversation: Conversation) -> object:
        if step == "MAIL" and conversation.number == 1 and not self.first_has_begun.is_set():
            self.first_has_begun.set()
            self.second_has_ended.wait(60)
        return ...


def _two_workers(app: Flask, off_by: timedelta, *, trusts_itself: bool) -> Relay:
    """One worker with the right time is amid its first mail; one whose clock is off comes in."""
    turns = InTurn()
    with Relay(says=turns) as relay:
        right, wrong = (
            begin(
                wrong_clock.work,
                Order(
                    off,
                    trusts_itself,
                    app.instance_path,
                    app.config["SQLALCHEMY_DATABASE_URI"],
                    relay.url,
                ),
            )
            for off in (timedelta(), off_by)
        )
        db.session.remove()
        for worker in (right, wrong):
            assert worker.line.recv() == "ready"
        right.line.send("go")
        assert turns.first_has_begun.wait(60)
        wrong.line.send("go")
        assert wrong.line.recv() == "done"
        turns.second_has_ended.set()
        assert right.line.recv() == "done"
        assert [worker.end() for worker in (right, wrong)] == [0, 0]
        relay.settle()
    return relay


@pytest.mark.processes
@pytest.mark.parametrize("backend", ["postgresql"])
@off_by
def test_a_worker_whose_clock_is_off_takes_nothing_out_of_another_ones_hands(
    app: Flask, off_by: timedelta
) -> None:
    """Two machines on one database; the clock of one is off while the other is sending.

    Must hold: both go by the database's clock, so leases hold, and every message arrives once.
    """
    queued(20, due_at=LONG_AGO)

    relay = _two_workers(app, off_by, trusts_itself=False)

    assert states() == {MessageState.SENT: 20}
    assert set(copies(relay).values()) == {1}
    assert len(relay.received) == 20


@pytest.mark.processes
@pytest.mark.parametrize("backend", ["postgresql"])
def test_control_a_worker_that_trusts_its_own_clock_sends_what_another_one_is_sending(
    app: Flask,
) -> None:
    """The control: to a clock that is an hour ahead every lease has long run out."""
    queued(20, due_at=LONG_AGO)

    relay = _two_workers(app, timedelta(hours=1), trusts_itself=True)

    assert max(copies(relay).values()) == 2


def _deliver(relay: Relay, now: datetime) -> None:
    deliverer = Deliverer(SmtpTransport(MailRelay("smtp", "127.0.0.1", relay.port)))
    clock_skew.correct_future_due_times(now)
    deliverer.deliver_due(now)
    deliverer.rest()


@off_by
def test_what_a_worker_claimed_under_a_wrong_clock_is_freed_under_the_right_one(
    app: Flask, off_by: timedelta
) -> None:
    """The machine's clock is off, its worker claims and dies, the clock is put right.

    Must hold: another worker sends the messages at once, and not only when the wrong lease ends.
    """
    queued(8, due_at=NOW - timedelta(days=3))
    assert len(queue.settle_and_claim([], ClaimRequest("dead", 8), now=NOW + off_by)) == 8

    with Relay() as relay:
        _deliver(relay, NOW + timedelta(minutes=2))

    assert states() == {MessageState.SENT: 8}
    assert set(copies(relay).values()) == {1}


def test_control_a_lease_that_is_taken_at_its_word_holds_for_two_days(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: freeing only the leases that are over."""

    def is_over(now: datetime) -> ColumnElement[bool]:
        return (Message.state == MessageState.SENDING) & (Message.leased_until < now)

    monkeypatch.setattr(queue, "_is_stranded", is_over)
    queued(8, due_at=NOW - timedelta(days=3))
    queue.settle_and_claim([], ClaimRequest("dead", 8), now=NOW + timedelta(days=2))

    with Relay() as relay:
        _deliver(relay, NOW + timedelta(hours=47))

    assert states() == {MessageState.SENDING: 8}


@off_by
def test_a_mail_written_under_a_wrong_clock_goes_out_under_the_right_one(
    app: Flask, off_by: timedelta
) -> None:
    """A web process whose clock is off queues a mail that is to go out at once.

    Must hold: it goes out as soon as a worker looks, not when that time has come.
    """
    saved(a_message(id=None, created_at=NOW + off_by, due_at=NOW + off_by))

    with Relay() as relay:
        _deliver(relay, NOW)

    assert len(relay.received) == 1


def _remind(now: datetime, told: Counter[int]) -> None:
    """What a worker does at one tick, and who was told."""
    planner.plan(now)
    for message in messages():
        told[message.registration_id] = max(told[message.registration_id], 1)


@off_by
def test_a_clock_that_was_off_loses_no_reminder_and_doubles_none(
    app: Flask, off_by: timedelta
) -> None:
    """The machine's clock jumps around the moment a reminder is due, and is put right again.

    Must hold: everybody gets each reminder once: at the right time, or as much too early as the
    clock was ahead.
    """
    event = an_event(starts_at=NOW + timedelta(days=10), seats=100)
    rules = [a_rule(event, 1), a_rule(event, 7), a_rule(event, 3, Unit.HOURS)]
    guests = [a_registration(event).id for _ in range(5)]

    for day in range(11):
        moment = NOW + timedelta(days=day)
        planner.plan(moment + off_by)
        for step in range(0, 24 * 60, 120):
            planner.plan(moment + timedelta(minutes=step))

    written = Counter((m.rule_id, m.registration_id) for m in messages())
    expected = {(rule.id, guest): 1 for rule in rules for guest in guests}
    assert written == expected
    earliest = min(off_by, timedelta()) if off_by < timedelta() else -off_by
    for message in messages():
        due = (
            event.starts_at
            - {
                rules[0].id: timedelta(days=1),
                rules[1].id: timedelta(days=7),
                rules[2].id: timedelta(hours=3),
            }[message.rule_id]
        )
        assert message.created_at - due >= min(timedelta(), earliest) - timedelta(hours=2)


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=2)])
def test_somebody_who_registered_under_a_clock_that_was_ahead_is_reminded(
    app: Flask, ahead: timedelta
) -> None:
    """A web process whose clock is ahead enters a guest on the day before a reminder is due.

    Must hold: the guest, who seems to have come after it was due, is reminded, and once.
    """
    event = an_event(starts_at=NOW + timedelta(days=2))
    rule = a_rule(event, 1)
    due = event.starts_at - timedelta(days=1)
    at = due - timedelta(hours=1) + ahead
    guest = a_registration(event, created_at=at, confirmed_at=at)

    assert [planner.plan(due + timedelta(minutes=m)) for m in (0, 1, 2)] == [1, 0, 0]
    assert [(m.rule_id, m.registration_id) for m in messages()] == [(rule.id, guest.id)]
