"""Delivering to a real relay, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from event_mgmt.core.database import db
from event_mgmt.mail import delivery
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.signals import refused_for_good
from tests.mail.relay import HANG_UP, Relay
from tests.mail.samples import NOW, queued, states, the_message


def test_what_is_due_is_sent_once_and_what_is_not_yet_due_waits(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    queued(3)
    queued(1, due_at=NOW + timedelta(hours=1))

    report = deliverer.deliver_due(NOW)
    again = deliverer.deliver_due(NOW)

    assert (report.sent, again.total) == (3, 0)
    assert [r.recipient for r in relay.received] == [f"guest-{n}@example.org" for n in range(3)]
    assert states() == {MessageState.SENT: 3, MessageState.QUEUED: 1}


def test_a_sent_message_keeps_when_it_went_and_its_subject(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    queued()

    deliverer.deliver_due(NOW)

    sent = the_message()
    assert (sent.attempts, sent.copies, sent.last_code, sent.last_error) == (1, 1, 250, "")
    assert sent.subject.startswith("Sie sind angemeldet")
    assert sent.sent_at is not None
    assert NOW <= sent.sent_at < NOW + timedelta(seconds=10)
    assert sent.leased_until is None


def test_messages_go_out_in_the_order_in_which_they_came_due(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    queued(1, due_at=NOW - timedelta(hours=1), to_address="second@example.org")
    queued(1, due_at=NOW - timedelta(hours=2), to_address="first@example.org")

    deliverer.deliver_due(NOW)

    assert [r.recipient for r in relay.received] == ["first@example.org", "second@example.org"]


@pytest.mark.parametrize("step", ["RCPT", "DATA", "dot"])
def test_a_temporary_refusal_at_any_step_backs_off_and_takes_the_copy_back(
    app: Flask, relay: Relay, deliverer: Deliverer, step: str
) -> None:
    relay.answers(step, "451 greylisted, come back")
    queued()

    report = deliverer.deliver_due(NOW)

    waiting = the_message()
    assert report.deferred == 1
    assert (waiting.state, waiting.attempts, waiting.copies) == (MessageState.QUEUED, 1, 0)
    assert (waiting.last_code, waiting.last_error) == (451, "greylisted, come back")
    assert NOW + timedelta(seconds=60) <= waiting.due_at < NOW + timedelta(seconds=70)
    assert deliverer.deliver_due(NOW + timedelta(seconds=30)).total == 0
    assert deliverer.deliver_due(NOW + timedelta(seconds=90)).sent == 1


def test_a_relays_words_are_kept_as_far_as_a_database_takes_them(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    relay.answers("RCPT", "451 grey\x00listed\x1b[31m, come back")
    queued()

    deliverer.deliver_due(NOW)

    assert the_message().last_error == "grey listed [31m, come back"


@pytest.mark.parametrize("step", ["RCPT", "DATA", "dot"])
def test_a_permanent_refusal_at_any_step_fails_at_once_and_is_told(
    app: Flask, relay: Relay, deliverer: Deliverer, step: str
) -> None:
    relay.answers(step, "550 5.1.1 no such mailbox")
    queued(2)
    told: list[tuple[int, MessageState, int | None]] = []

    def listen(_kind: object, message: Message, now: datetime) -> None:
        told.append((message.id, message.state, message.last_code))

    with refused_for_good.connected_to(listen):
        report = deliverer.deliver_due(NOW)

    assert (report.failed, report.sent) == (1, 1)
    refused = the_message(told[0][0])
    assert told == [(refused.id, MessageState.FAILED, 550)]
    assert (refused.copies, refused.last_error) == (0, "5.1.1 no such mailbox")
    assert relay.connections == 1


@pytest.mark.parametrize(
    ("step", "words", "is_told"),
    [
        ("RCPT", "550 no such mailbox", True),
        ("DATA", "550 no such mailbox", False),
        ("dot", "550 no such mailbox", False),
        ("DATA", "550 5.1.1 no such mailbox", True),
        ("dot", "554 5.7.1 looks like spam", False),
    ],
)
def test_an_address_is_condemned_by_an_answer_about_it_alone(
    app: Flask, relay: Relay, deliverer: Deliverer, step: str, words: str, is_told: bool
) -> None:
    relay.answers(step, words)
    queued()
    told: list[int] = []

    def listen(_kind: object, message: Message, now: datetime) -> None:
        told.append(message.id)

    with refused_for_good.connected_to(listen):
        report = deliverer.deliver_due(NOW)

    assert report.failed == 1
    assert len(told) == is_told


def test_a_domain_that_rests_costs_its_messages_no_attempt(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    relay.says = lambda step, _c: (
        HANG_UP if step == "DATA" and "broken" in relay.commands[-2] else ...
    )
    for n in range(12):
        queued(to_address=f"guest-{n}@{'broken' if n % 2 else 'good'}.example")

    report = deliverer.deliver_due(NOW)

    waiting = db.session.query(Message).filter_by(state=MessageState.QUEUED).order_by(Message.id)
    assert (report.sent, report.deferred) == (6, 6)
    assert [(m.attempts, m.rested_seconds) for m in waiting] == [(1, 0)] * 3 + [(0, 60)] * 3
    assert {m.last_error for m in waiting if m.rested_seconds} == {delivery._RESTING}
    assert all(m.due_at >= NOW + timedelta(seconds=60) for m in waiting)


def test_a_subscriber_that_fails_does_not_undo_what_the_relay_answered(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    relay.answers("RCPT", "550 no such mailbox")
    queued(2)

    def fail(_kind: object, **_facts: object) -> None:
        raise RuntimeError("subscriber")

    with refused_for_good.connected_to(fail):
        deliverer.deliver_due(NOW)

    assert states() == {MessageState.FAILED: 1, MessageState.SENT: 1}


def test_a_notice_with_nothing_to_say_skips_and_a_broken_one_fails_alone(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    queued(1, facts={"pointless": True})
    queued(1, facts={"broken": True})
    queued(1, kind="unheard_of")
    queued(1)

    report = deliverer.deliver_due(NOW)

    assert (report.skipped, report.failed, report.sent) == (1, 1, 1)
    assert the_message(1).state is MessageState.SKIPPED
    assert the_message(2).last_error == "letter: ValueError"
    assert the_message(3).state is MessageState.QUEUED
    assert len(relay.received) == 1


@pytest.mark.parametrize(
    "address",
    ["a@example.org>\r\nRCPT TO:<b@example.org", "a b@example.org", "žan@example.org", "nobody"],
)
def test_an_address_that_no_relay_can_take_fails_without_a_word_to_it(
    app: Flask, relay: Relay, deliverer: Deliverer, address: str
) -> None:
    queued(1, to_address=address)

    assert deliverer.deliver_due(NOW).failed == 1
    assert not any(command.startswith(("RCPT", "rcpt")) for command in relay.commands)


def test_the_limit_is_kept(app: Flask, relay: Relay, deliverer: Deliverer) -> None:
    queued(20)

    assert deliverer.deliver_due(NOW, limit=11).sent == 11
