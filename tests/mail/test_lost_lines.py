"""Lines that go dead and relays that are away, on both databases."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from flask import Flask
from structlog.testing import CapturingLogger

from event_mgmt.core.database import db
from event_mgmt.mail import delivery
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.relay_health import CUTS_OF_A_RELAY
from tests.mail.relay import HANG_UP, TAKEN, Relay
from tests.mail.samples import NOW, queued, states, the_message


def test_a_line_that_goes_dead_after_the_dot_leads_to_one_second_copy(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    relay.answers("dot", TAKEN)
    queued()

    deliverer.deliver_due(NOW)
    doubtful = the_message()
    assert (doubtful.state, doubtful.copies) == (MessageState.QUEUED, 1)
    deliverer.deliver_due(NOW + timedelta(minutes=2))

    assert the_message().state is MessageState.SENT
    ids = {message_from_bytes(r.content)["Message-ID"] for r in relay.received}
    assert (len(relay.received), len(ids)) == (2, 1)


def test_lost_twice_after_the_dot_is_parked_as_uncertain_and_never_sent_again(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    relay.answers("dot", TAKEN, TAKEN)
    queued()

    for minutes in (0, 2, 4, 60, 6000):
        deliverer.deliver_due(NOW + timedelta(minutes=minutes))

    assert the_message().state is MessageState.UNCERTAIN
    assert len(relay.received) == 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_line_that_goes_dead_before_the_dot_is_no_copy(
    app: Flask, relay: Relay, deliverer: Deliverer, step: str
) -> None:
    relay.answers(step, HANG_UP)
    queued()

    deliverer.deliver_due(NOW)

    waiting = the_message()
    assert (waiting.state, waiting.copies, waiting.attempts) == (MessageState.QUEUED, 0, 1)


def test_a_line_that_goes_dead_amid_the_content_never_makes_more_than_two_copies(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    relay.answers("content", *[HANG_UP] * 10)
    queued()

    for hours in range(10):
        deliverer.deliver_due(NOW + timedelta(hours=hours))

    assert relay.received == []
    assert the_message().copies <= 2
    assert the_message().state in {MessageState.QUEUED, MessageState.UNCERTAIN}


def test_a_kept_connection_that_was_closed_meanwhile_is_replaced_at_once(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    queued()
    deliverer.deliver_due(NOW)
    relay.answers("MAIL", "421 idle for too long")
    queued()

    report = deliverer.deliver_due(NOW)

    assert (report.sent, report.deferred, relay.connections) == (1, 0, 2)


@pytest.mark.parametrize("words", ["421 shutting down", HANG_UP])
def test_a_relay_that_ends_every_conversation_is_left_alone_after_a_few_messages(
    app: Flask, relay: Relay, deliverer: Deliverer, words: object
) -> None:
    relay.says = lambda step, _c: words if step == "MAIL" else ...
    queued(10)

    report = deliverer.deliver_due(NOW)
    next_look = deliverer.deliver_due(NOW)

    assert (report.deferred, report.is_relay_away) == (CUTS_OF_A_RELAY, True)
    assert (next_look.deferred, next_look.is_relay_away) == (1, True)
    assert set(states()) == {MessageState.QUEUED}
    assert relay.connections == CUTS_OF_A_RELAY + 1


def test_the_log_tells_that_a_relay_hung_up_and_not_whom_it_would_not_take(
    app: Flask, relay: Relay, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = CapturingLogger()
    monkeypatch.setattr(delivery, "log", log)
    words = {"RCPT": "550 5.1.1 <guest-0@example.org>: no such guest", "RSET": HANG_UP}
    relay.says = lambda step, _conversation: words.get(step, ...)
    queued(CUTS_OF_A_RELAY)

    deliverer.deliver_due(NOW)

    assert the_message(1).last_error == "5.1.1 <guest-0@example.org>: no such guest"
    (away,) = [call for call in log.calls if call.args == ("relay_away",)]
    assert away.kwargs["reason"] == "it answered 550 and ended the conversation"
    assert "guest-0" not in str(log.calls)


def test_a_relay_that_is_away_burns_no_attempts_and_everything_drains_after(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    queued(300)
    relay.stop()

    reports = [deliverer.deliver_due(NOW + timedelta(hours=n)) for n in range(3)]

    assert all(report.is_relay_away and report.total == 0 for report in reports)
    waiting = db.session.query(Message).all()
    assert {(m.state, m.attempts, m.copies) for m in waiting} == {(MessageState.QUEUED, 0, 0)}
    db.session.rollback()
    with Relay() as back:
        deliverer._transport = back.transport()
        assert deliverer.deliver_due(NOW + timedelta(days=3)).sent == 300
        assert len({r.recipient for r in back.received}) == 300


def test_a_relay_that_goes_away_amid_a_batch_leaves_the_rest_waiting(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    def says(step: str, conversation: Any) -> object:
        if conversation.number > 1:
            return "554 not today"
        return HANG_UP if step == "MAIL" and conversation.mails > 3 else ...

    relay.says = says
    queued(20)

    report = deliverer.deliver_due(NOW)

    assert report.is_relay_away
    assert states() == {MessageState.SENT: 3, MessageState.QUEUED: 17}
    assert sum(m.attempts for m in db.session.query(Message)) == 3


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("greeting", "554 go away"),
        ("greeting", "421 too busy"),
        ("MAIL", "550 sender not allowed"),
        ("MAIL", "450 too many from you"),
    ],
)
def test_a_relay_that_refuses_us_altogether_fails_no_message(
    app: Flask, relay: Relay, deliverer: Deliverer, step: str, words: str
) -> None:
    relay.says = lambda at, _conversation: words if at == step else ...
    queued(5)

    report = deliverer.deliver_due(NOW)

    assert report.is_relay_away
    assert states() == {MessageState.QUEUED: 5}
    assert the_message(1).attempts == 0


def test_a_relay_that_refuses_us_and_hangs_up_fails_no_message(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    answers = {"MAIL": "554 5.7.1 your machine is blocked", "RSET": HANG_UP}
    relay.says = lambda at, _conversation: answers.get(at, ...)
    queued(5)

    report = deliverer.deliver_due(NOW)

    assert report.is_relay_away
    assert states() == {MessageState.QUEUED: 5}
    assert the_message(1).attempts == 0


def test_a_relay_that_drips_its_answer_is_cut_off_at_the_deadline(app: Flask) -> None:
    over = threading.Event()

    def says(step: str, conversation: Any) -> object:
        if step == "RCPT":
            while not over.wait(0.05):
                conversation.sock.sendall(b"2")
            return HANG_UP
        return ...

    queued()
    with Relay(says=says) as relay:
        deliverer = Deliverer(relay.transport(deadline=0.5))
        started = time.monotonic()
        report = deliverer.deliver_due(NOW)
        took = time.monotonic() - started
        over.set()
        deliverer.rest()

    assert report.deferred == 1
    assert took < 2
    assert the_message().copies == 0
