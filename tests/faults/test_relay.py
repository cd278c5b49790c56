"""Relays that misbehave, for a moment or for hours: what is promised about each mail must hold."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt import worker
from event_mgmt.core.database import db, transactional
from event_mgmt.mail import outbox, rules, smtp
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.mail.transports import RelayReply
from event_mgmt.settings import MailRelay
from event_mgmt.worker import Worker
from tests.faults.crew import copies
from tests.faults.long_form import IS_LONG, seeds
from tests.mail.relay import HANG_UP, TAKEN, Conversation, Relay
from tests.mail.samples import KIND, NOW, queued, states, the_message

TWO_HOURS = timedelta(hours=2)
MOST_LOOKS = 130
"""What one worker may try in two hours: 1, 2, 4 … seconds of rest, then a minute each."""


def _transport(port: int, deadline: float = 5.0) -> SmtpTransport:
    return SmtpTransport(MailRelay("smtp", "127.0.0.1", port), deadline=deadline)


@transactional
def _queue_in_order(count: int) -> None:
    """Messages that came due one second after the other."""
    drafts = [
        MessageDraft(
            key=f"sample:{n}",
            kind=KIND,
            locale="de",
            to_address=f"guest-{n}@example.org",
            due_at=NOW - timedelta(seconds=count - n),
        )
        for n in range(count)
    ]
    outbox.enqueue_all(drafts, now=NOW - timedelta(seconds=count))


class Shift:
    """A worker with a clock that is moved by hand: it does not wait, the clock jumps."""

    def __init__(self, app: Flask, port: int, patch: pytest.MonkeyPatch) -> None:
        self.worker = Worker(app)
        self.now = NOW
        self.looks = 0
        patch.setattr(worker, "database_now", lambda: self.now)
        self.point_to(port)

    def point_to(self, port: int) -> None:
        """Let it deliver to another port from now on."""
        self.worker._deliverer.rest()
        self.worker._deliverer._transport = _transport(port)

    def work_until(self, end: datetime) -> None:
        """Look, rest as long as the worker would (or longer, where nothing is due), look again."""
        while self.now < end:
            rest = self.worker.deliver()
            self.now += timedelta(seconds=60 if rest == worker.LOOK_EVERY_SECONDS else rest)
            self.looks += 1

    def rest(self) -> None:
        """Hang up."""
        self.worker._deliverer.rest()


@pytest.fixture
def shift(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Shift]]:
    """Makes workers with a clock that is moved by hand."""
    shifts: list[Shift] = []

    def begin(port: int) -> Shift:
        shifts.append(Shift(app, port, monkeypatch))
        return shifts[-1]

    yield begin
    for one in shifts:
        one.rest()


def _order_of_arrival(relay: Relay) -> list[int]:
    return [int(letter.recipient.split("@")[0].removeprefix("guest-")) for letter in relay.received]


def test_five_thousand_messages_wait_for_a_relay_that_is_gone_for_two_hours(
    shift: Callable[[int], Shift],
) -> None:
    """Nobody listens at the relay's address for two hours; 5,000 messages wait.

    Must hold: the worker looks a bounded number of times, no message spends an attempt, and when
    the relay is back all arrive once, over one connection, in the order in which they came due.
    """
    _queue_in_order(5_000)
    with Relay() as gone:
        pass
    office = shift(gone.port)

    office.work_until(NOW + TWO_HOURS)
    assert office.looks <= MOST_LOOKS
    assert states() == {MessageState.QUEUED: 5_000}
    with Relay() as back:
        office.point_to(back.port)
        office.work_until(office.now + timedelta(seconds=1))

        assert _order_of_arrival(back) == list(range(5_000))
        assert set(copies(back).values()) == {1}
        assert back.connections == 1
    assert states() == {MessageState.SENT: 5_000}
    tried = db.session.execute(select(Message.attempts, Message.copies).distinct()).all()
    assert [tuple(row) for row in tried] == [(1, 1)]


OUTAGES = {
    "421 at the greeting": lambda step, _c: "421 too busy" if step == "greeting" else ...,
    "421 at MAIL": lambda step, _c: "421 shutting down" if step == "MAIL" else ...,
    "450 at MAIL": lambda step, _c: "450 try later" if step == "MAIL" else ...,
    "452 at MAIL": lambda step, _c: "452 no room" if step == "MAIL" else ...,
    "550 at MAIL": lambda step, _c: "550 not you" if step == "MAIL" else ...,
    "421 at RCPT": lambda step, _c: "421 too many" if step == "RCPT" else ...,
    "hangs up at MAIL": lambda step, _c: HANG_UP if step == "MAIL" else ...,
    "hangs up at DATA": lambda step, _c: HANG_UP if step == "DATA" else ...,
}


@pytest.mark.parametrize(
    ("backend", "outage"),
    [
        *(("sqlite", outage) for outage in OUTAGES),
        *(("postgresql", outage) for outage in (OUTAGES if IS_LONG else ["421 at MAIL"])),
    ],
)
def test_a_relay_that_turns_everybody_away_for_two_hours_is_not_besieged(
    shift: Callable[[int], Shift], outage: str
) -> None:
    """The relay answers, and takes nothing, for two hours; 300 messages wait.

    Must hold: a bounded number of connections, however many messages wait; none is given up; when
    the relay takes mail again all arrive, once each.
    """
    _queue_in_order(300)
    with Relay(says=OUTAGES[outage]) as relay:
        office = shift(relay.port)
        office.work_until(NOW + TWO_HOURS)
        assert relay.connections <= MOST_LOOKS
        assert relay.received == []
        assert states() == {MessageState.QUEUED: 300}

        relay.says = lambda _step, _conversation: ...
        office.work_until(office.now + timedelta(hours=2))
        assert set(copies(relay).values()) == {1}
        assert len(relay.received) == 300
    assert states() == {MessageState.SENT: 300}


def test_control_a_worker_that_does_not_mind_being_cut_off_besieges_the_relay(
    shift: Callable[[int], Shift], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with every message tried although the relay has hung up on the one before."""
    real = SmtpTransport.send

    def send(transport: SmtpTransport, outgoing: object) -> RelayReply:
        return replace(real(transport, outgoing), is_cut=False)

    monkeypatch.setattr(SmtpTransport, "send", send)
    _queue_in_order(300)
    with Relay(says=OUTAGES["421 at MAIL"]) as relay:
        office = shift(relay.port)
        office.work_until(NOW + timedelta(seconds=1))

        assert relay.connections >= 300


def _recipient(relay: Relay) -> str:
    """The address in the last command, if it names one."""
    last = relay.commands[-1] if relay.commands else ""
    return last.partition("<")[2].partition(">")[0]


class Dice:
    """A relay that misbehaves by chance, differently for everybody, and refuses some for good."""

    TROUBLE = ("421 bye", "450 busy", "451 local error", HANG_UP)
    AFTER_THE_DOT = ("451 local error", "452 no room", HANG_UP, TAKEN)

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self.relay: Relay
        self.refused: set[str] = set()

    def __call__(self, step: str, _conversation: Conversation) -> object:
        recipient = _recipient(self.relay)
        if step == "RCPT" and recipient.endswith("@refused.example"):
            self.refused.add(recipient)
            return "550 5.1.1 no such mailbox"
        if self._dice.random() > 0.2:
            return ...
        match step:
            case "greeting" | "EHLO":
                return self._dice.choice(("421 too busy", HANG_UP))
            case "MAIL" | "RCPT" | "DATA":
                return self._dice.choice(self.TROUBLE)
            case "content":
                return HANG_UP
            case "dot":
                return self._dice.choice(self.AFTER_THE_DOT)
        return ...


def _deliver_everything(relay: Relay) -> None:
    """Look every five minutes for as long as anything waits, four days at most."""
    deliverer = Deliverer(_transport(relay.port))
    for n in range(4 * 24 * 12):
        deliverer.deliver_due(NOW + n * timedelta(minutes=5))
        if not {MessageState.QUEUED, MessageState.SENDING} & states().keys():
            break
    deliverer.rest()
    relay.settle()


@pytest.mark.parametrize("seed", seeds(2, long=40))
def test_whatever_a_relay_does_each_message_arrives_or_is_shown_and_never_a_third_time(
    app: Flask, seed: int
) -> None:
    """421, 450, 451, 452 and hang-ups at every step, lost answers after the dot, some 550.

    Must hold: nothing stays waiting; who was refused for good is shown as failed; everybody else
    has one copy, or two with one Message-ID where an answer was lost, or is shown as uncertain.
    """
    queued(40)
    queued(5, to_address="nobody@refused.example")
    dice = Dice(seed)
    with Relay(says=dice) as relay:
        dice.relay = relay
        _deliver_everything(relay)

    taken = Counter(letter.recipient for letter in relay.received)
    by_id = copies(relay)
    assert max(by_id.values()) <= 2
    assert len(by_id) == len(taken)
    for message in db.session.scalars(select(Message)):
        if message.to_address.endswith("@refused.example"):
            assert (message.state, message.last_code) == (MessageState.FAILED, 550)
            assert taken[message.to_address] == 0
        else:
            assert message.state in {MessageState.SENT, MessageState.UNCERTAIN}
            assert message.state is MessageState.UNCERTAIN or taken[message.to_address] in {1, 2}
    assert dice.refused == {"nobody@refused.example"}


def test_control_without_a_limit_to_copies_a_lost_answer_makes_many(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the relay takes the message each time, and its answer is lost each time."""
    monkeypatch.setattr(rules, "outcome", _again_and_again)
    queued()
    with Relay(says=lambda step, _c: TAKEN if step == "dot" else ...) as relay:
        deliverer = Deliverer(_transport(relay.port))
        for hours in range(4):
            deliverer.deliver_due(NOW + timedelta(hours=hours))
        deliverer.rest()

    assert list(copies(relay).values()) == [4]


_real_outcome = rules.outcome


def _again_and_again(
    verdict: rules.AttemptResult, *, copies: int, **counted: Any
) -> rules.AttemptOutcome:
    outcome = _real_outcome(verdict, copies=1, **counted)
    return replace(outcome, may_have_arrived=False)


@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "dot"])
def test_a_relay_that_drips_bytes_cannot_hold_a_worker_past_the_deadline(
    app: Flask, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every 20 ms one byte, and never a whole line: each single read is quick.

    Must hold: the deadline is for the whole conversation; after the dot the copy counts.
    """

    def says(at: str, conversation: Conversation) -> object:
        if at != step:
            return ...
        ends = time.monotonic() + 10
        try:
            while time.monotonic() < ends:
                conversation.sock.sendall(b"2")
                time.sleep(0.02)
        except OSError:
            pass
        return HANG_UP

    monkeypatch.setattr(smtp, "CONNECT_SECONDS", 0.4)
    queued(3)
    with Relay(says=says) as relay:
        deliverer = Deliverer(_transport(relay.port, deadline=0.4))
        began = time.monotonic()
        report = deliverer.deliver_due(NOW)
        took = time.monotonic() - began
        deliverer.rest()

    assert took < 5
    assert report.is_relay_away
    assert states() == {MessageState.QUEUED: 3}
    first = the_message(min(db.session.scalars(select(Message.id))))
    assert first.copies == (1 if step == "dot" else 0)


def test_a_relay_that_refuses_some_recipients_gets_everybody_elses_mail(app: Flask) -> None:
    """Every third recipient is refused: 550, 450, 421 in turn.

    Must hold: one refusal costs nobody else their mail; 550 is shown, 450 and 421 are tried again.
    """
    answers = {0: "550 no such mailbox", 3: "450 greylisted", 6: "421 not now"}

    def says(step: str, _conversation: Conversation) -> object:
        number = int("".join(filter(str.isdigit, _recipient(relay))) or 0)
        return answers.get(number % 9, ...) if step == "RCPT" and not is_over else ...

    is_over = False
    queued(18)
    with Relay(says=says) as relay:
        deliverer = Deliverer(_transport(relay.port))
        for seconds in range(4):
            deliverer.deliver_due(NOW + timedelta(seconds=seconds))
        first_round = sorted(_order_of_arrival(relay))
        is_over = True
        deliverer.deliver_due(NOW + timedelta(minutes=5))
        deliverer.rest()

    assert first_round == [n for n in range(18) if n % 3]
    assert states() == {MessageState.SENT: 16, MessageState.FAILED: 2}
    assert sorted(_order_of_arrival(relay)) == [n for n in range(18) if n % 9]
