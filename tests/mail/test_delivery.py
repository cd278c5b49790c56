"""Delivering to a real relay, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from flask import Flask

from event_mgmt.core.database import db
from event_mgmt.mail.delivery import Courier
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.signals import refused_for_good
from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.settings import MailRelay
from tests.mail.relay import HANG_UP, TAKEN, Relay
from tests.mail.samples import NOW, queued, states, the_message

Deliver = Callable[..., Any]


@pytest.fixture
def relay() -> Iterator[Relay]:
    """A relay that behaves well until told otherwise."""
    with Relay() as relay:
        yield relay


@pytest.fixture
def courier(relay: Relay) -> Iterator[Courier]:
    """A courier that speaks to the relay."""
    courier = Courier(_transport(relay))
    yield courier
    courier.rest()


def _transport(relay: Relay, deadline: float = 5.0) -> SmtpTransport:
    return SmtpTransport(MailRelay("smtp", "127.0.0.1", relay.port), deadline=deadline)


def _at(relay: Relay, step: str, *answers: object) -> None:
    """Let the relay answer at ``step`` with each of ``answers`` in turn, then behave well."""
    left = list(answers)
    relay.says = lambda at, _conversation: left.pop(0) if at == step and left else ...


def test_what_is_due_is_sent_once_and_what_is_not_yet_due_waits(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    queued(3)
    queued(1, due_at=NOW + timedelta(hours=1))

    report = courier.deliver_due(NOW)
    again = courier.deliver_due(NOW)

    assert (report.sent, again.total) == (3, 0)
    assert [r.recipient for r in relay.received] == [f"guest-{n}@example.org" for n in range(3)]
    assert states() == {MessageState.SENT: 3, MessageState.QUEUED: 1}


def test_a_sent_message_keeps_when_it_went_and_its_subject(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    queued()

    courier.deliver_due(NOW)

    sent = the_message()
    assert (sent.attempts, sent.copies, sent.last_code, sent.last_error) == (1, 1, 250, "")
    assert sent.subject.startswith("Sie sind angemeldet")
    assert sent.sent_at is not None
    assert NOW <= sent.sent_at < NOW + timedelta(seconds=10)
    assert sent.leased_until is None


def test_messages_go_out_in_the_order_in_which_they_came_due(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    queued(1, due_at=NOW - timedelta(hours=1), to_address="second@example.org")
    queued(1, due_at=NOW - timedelta(hours=2), to_address="first@example.org")

    courier.deliver_due(NOW)

    assert [r.recipient for r in relay.received] == ["first@example.org", "second@example.org"]


@pytest.mark.parametrize("step", ["RCPT", "DATA", "dot"])
def test_a_temporary_refusal_at_any_step_backs_off_and_takes_the_copy_back(
    app: Flask, relay: Relay, courier: Courier, step: str
) -> None:
    _at(relay, step, "451 greylisted, come back")
    queued()

    report = courier.deliver_due(NOW)

    waiting = the_message()
    assert report.deferred == 1
    assert (waiting.state, waiting.attempts, waiting.copies) == (MessageState.QUEUED, 1, 0)
    assert (waiting.last_code, waiting.last_error) == (451, "greylisted, come back")
    assert NOW + timedelta(seconds=60) <= waiting.due_at < NOW + timedelta(seconds=70)
    assert courier.deliver_due(NOW + timedelta(seconds=30)).total == 0
    assert courier.deliver_due(NOW + timedelta(seconds=90)).sent == 1


@pytest.mark.parametrize("step", ["RCPT", "DATA", "dot"])
def test_a_permanent_refusal_at_any_step_fails_at_once_and_is_told(
    app: Flask, relay: Relay, courier: Courier, step: str
) -> None:
    _at(relay, step, "550 5.1.1 no such mailbox")
    queued(2)
    told: list[tuple[int, MessageState, int | None]] = []

    def listen(_kind: object, message: Message, now: datetime) -> None:
        told.append((message.id, message.state, message.last_code))

    with refused_for_good.connected_to(listen):
        report = courier.deliver_due(NOW)

    assert (report.failed, report.sent) == (1, 1)
    refused = the_message(told[0][0])
    assert told == [(refused.id, MessageState.FAILED, 550)]
    assert (refused.copies, refused.last_error) == (0, "5.1.1 no such mailbox")
    assert relay.connections == 1


def test_a_subscriber_that_fails_does_not_undo_what_the_relay_answered(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    _at(relay, "RCPT", "550 no such mailbox")
    queued(2)

    def fail(_kind: object, **_facts: object) -> None:
        raise RuntimeError("subscriber")

    with refused_for_good.connected_to(fail):
        courier.deliver_due(NOW)

    assert states() == {MessageState.FAILED: 1, MessageState.SENT: 1}


def test_a_line_that_goes_dead_after_the_dot_leads_to_one_second_copy(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    _at(relay, "dot", TAKEN)
    queued()

    courier.deliver_due(NOW)
    doubtful = the_message()
    assert (doubtful.state, doubtful.copies) == (MessageState.QUEUED, 1)
    courier.deliver_due(NOW + timedelta(minutes=2))

    assert the_message().state is MessageState.SENT
    ids = {message_from_bytes(r.content)["Message-ID"] for r in relay.received}
    assert (len(relay.received), len(ids)) == (2, 1)


def test_lost_twice_after_the_dot_is_parked_as_uncertain_and_never_sent_again(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    _at(relay, "dot", TAKEN, TAKEN)
    queued()

    for minutes in (0, 2, 4, 60, 6000):
        courier.deliver_due(NOW + timedelta(minutes=minutes))

    assert the_message().state is MessageState.UNCERTAIN
    assert len(relay.received) == 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_line_that_goes_dead_before_the_dot_is_no_copy(
    app: Flask, relay: Relay, courier: Courier, step: str
) -> None:
    _at(relay, step, HANG_UP)
    queued()

    courier.deliver_due(NOW)

    waiting = the_message()
    assert (waiting.state, waiting.copies, waiting.attempts) == (MessageState.QUEUED, 0, 1)


def test_a_line_that_goes_dead_amid_the_content_never_makes_more_than_two_copies(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    _at(relay, "content", *[HANG_UP] * 10)
    queued()

    for hours in range(10):
        courier.deliver_due(NOW + timedelta(hours=hours))

    assert relay.received == []
    assert the_message().copies <= 2
    assert the_message().state in {MessageState.QUEUED, MessageState.UNCERTAIN}


def test_a_kept_connection_that_was_closed_meanwhile_is_replaced_at_once(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    queued()
    courier.deliver_due(NOW)
    _at(relay, "MAIL", "421 idle for too long")
    queued()

    report = courier.deliver_due(NOW)

    assert (report.sent, report.deferred, relay.connections) == (1, 0, 2)


@pytest.mark.parametrize("words", ["421 shutting down", HANG_UP])
def test_a_relay_that_ends_every_conversation_is_left_alone_after_one_message(
    app: Flask, relay: Relay, courier: Courier, words: object
) -> None:
    relay.says = lambda step, _c: words if step == "MAIL" else ...
    queued(3)

    report = courier.deliver_due(NOW)

    assert (report.deferred, report.is_relay_away) == (1, True)
    assert set(states()) == {MessageState.QUEUED}
    assert relay.connections == 1


def test_a_relay_that_is_away_burns_no_attempts_and_everything_drains_after(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    queued(300)
    relay.stop()

    reports = [courier.deliver_due(NOW + timedelta(hours=n)) for n in range(3)]

    assert all(report.is_relay_away and report.total == 0 for report in reports)
    waiting = db.session.query(Message).all()
    assert {(m.state, m.attempts, m.copies) for m in waiting} == {(MessageState.QUEUED, 0, 0)}
    db.session.rollback()
    with Relay() as back:
        courier._transport = _transport(back)
        assert courier.deliver_due(NOW + timedelta(days=3)).sent == 300
        assert len({r.recipient for r in back.received}) == 300


def test_a_relay_that_goes_away_amid_a_batch_leaves_the_rest_waiting(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    def says(step: str, conversation: Any) -> object:
        if conversation.number > 1:
            return "554 not today"
        return HANG_UP if step == "MAIL" and conversation.mails > 3 else ...

    relay.says = says
    queued(20)

    report = courier.deliver_due(NOW)

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
    app: Flask, relay: Relay, courier: Courier, step: str, words: str
) -> None:
    relay.says = lambda at, _conversation: words if at == step else ...
    queued(5)

    report = courier.deliver_due(NOW)

    assert report.is_relay_away
    assert states() == {MessageState.QUEUED: 5}
    assert the_message(1).attempts == 0


def test_a_relay_that_drips_its_answer_is_cut_off_at_the_deadline(app: Flask) -> None:
    import threading
    import time

    over = threading.Event()

    def says(step: str, conversation: Any) -> object:
        if step == "RCPT":
            while not over.wait(0.05):
                conversation.sock.sendall(b"2")
            return HANG_UP
        return ...

    queued()
    with Relay(says=says) as relay:
        courier = Courier(_transport(relay, deadline=0.5))
        started = time.monotonic()
        report = courier.deliver_due(NOW)
        took = time.monotonic() - started
        over.set()
        courier.rest()

    assert report.deferred == 1
    assert took < 2
    assert the_message().copies == 0


def test_a_notice_with_nothing_to_say_skips_and_a_broken_one_fails_alone(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    queued(1, facts={"pointless": True})
    queued(1, facts={"broken": True})
    queued(1, kind="unheard_of")
    queued(1)

    report = courier.deliver_due(NOW)

    assert (report.skipped, report.failed, report.sent) == (1, 2, 1)
    assert the_message(1).state is MessageState.SKIPPED
    assert the_message(2).last_error == "letter: ValueError"
    assert the_message(3).state is MessageState.FAILED
    assert len(relay.received) == 1


@pytest.mark.parametrize(
    "address",
    ["a@example.org>\r\nRCPT TO:<b@example.org", "a b@example.org", "žan@example.org", "nobody"],
)
def test_an_address_that_no_relay_can_take_fails_without_a_word_to_it(
    app: Flask, relay: Relay, courier: Courier, address: str
) -> None:
    queued(1, to_address=address)

    assert courier.deliver_due(NOW).failed == 1
    assert not any(command.startswith(("RCPT", "rcpt")) for command in relay.commands)


def test_claims_of_a_dead_worker_are_freed_however_old_they_are(
    app: Flask, relay: Relay, courier: Courier
) -> None:
    from event_mgmt.mail import claims

    queued(4)
    claims.turn_over([], claims.Claim("dead", 4), now=NOW - timedelta(days=200))

    assert courier.deliver_due(NOW).sent == 4
    assert {r.recipient for r in relay.received} == {f"guest-{n}@example.org" for n in range(4)}


def test_a_message_whose_copy_is_in_doubt_travels_alone(app: Flask) -> None:
    from event_mgmt.mail import claims

    queued(5)
    claims.turn_over([], claims.Claim("dead", 3), now=NOW)
    claims.free_stranded(NOW + timedelta(hours=1))

    sizes = []
    while batch := claims.turn_over([], claims.Claim("next", 10), now=NOW + timedelta(hours=1)):
        sizes.append([message.copies for message in batch])

    assert sizes == [[2], [2], [2], [1, 1]]


def test_a_worker_that_was_only_slow_still_writes_down_its_result(app: Flask, relay: Relay) -> None:
    from event_mgmt.mail import claims

    queued()
    courier = Courier(_transport(relay))
    batch = claims.turn_over([], claims.Claim(courier._token, 1), now=NOW)
    courier._deliver(batch, lambda: NOW)
    claims.free_stranded(NOW + timedelta(hours=1))

    report = courier.deliver_due(NOW + timedelta(hours=1))
    courier.rest()

    assert report.total == 0 or report.sent == 0
    assert the_message().state is MessageState.SENT
    assert len(relay.received) == 1


def test_results_survive_a_database_that_is_away_for_a_while(
    app: Flask, relay: Relay, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    from event_mgmt.mail import claims

    queued()
    real, calls = claims.turn_over, []

    def away_once(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise OperationalError("UPDATE", {}, Exception("gone"))
        return real(*args, **kwargs)

    monkeypatch.setattr(claims, "turn_over", away_once)
    with pytest.raises(OperationalError):
        courier.deliver_due(NOW)
    courier.deliver_due(NOW)

    assert the_message().state is MessageState.SENT
    assert len(relay.received) == 1


def test_a_worker_told_to_stop_finishes_its_message_and_hands_back_the_rest(
    app: Flask, relay: Relay
) -> None:
    queued(8)
    courier = Courier(_transport(relay), wants_to_stop=lambda: len(relay.received) >= 3)

    courier.deliver_due(NOW)
    courier.rest()

    assert states() == {MessageState.SENT: 3, MessageState.QUEUED: 5}
    assert sum(m.copies for m in db.session.query(Message)) == 3


def test_the_limit_is_kept(app: Flask, relay: Relay, courier: Courier) -> None:
    queued(20)

    assert courier.deliver_due(NOW, limit=11).sent == 11
