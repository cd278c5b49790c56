"""A relay that fails for some: everybody else's mail goes on at full speed."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt import worker
from event_mgmt.core.database import db, transactional
from event_mgmt.mail import outbox, rules
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.settings import MailRelay
from event_mgmt.worker import Worker
from tests.faults.crew import copies
from tests.mail.relay import HANG_UP, Conversation, Relay
from tests.mail.samples import KIND, NOW, states

MESSAGES = 122
HOURS = 80
"""Longer than anything is tried, with a look every half hour."""


@transactional
def _queue(addresses: list[str]) -> None:
    drafts = [
        MessageDraft(
            key=f"sample:{n}",
            kind=KIND,
            locale="de",
            to_address=address,
            due_at=NOW - timedelta(seconds=len(addresses) - n),
        )
        for n, address in enumerate(addresses)
    ]
    outbox.enqueue_all(drafts, now=NOW - timedelta(hours=1))


class Clock:
    """A worker whose clock jumps over its rests; ``rested`` is how long they were in all."""

    def __init__(self, app: Flask, relay: Relay, patch: pytest.MonkeyPatch) -> None:
        self.worker = Worker(app)
        self.worker._deliverer._transport = SmtpTransport(
            MailRelay("smtp", "127.0.0.1", relay.port), deadline=5.0
        )
        self.rested = 0.0
        patch.setattr(worker, "database_now", lambda: NOW + timedelta(seconds=self.rested))

    def work(self, seconds: float) -> None:
        """Deliver and rest for so long, by the clock that jumps."""
        while self.rested < seconds:
            self.rested += self.worker.deliver()
        self.worker._deliverer.rest()


def _fails_for(relay: Relay, is_broken, answer: object, at: str):
    """Answer ``answer`` at the step ``at`` of conversations about broken recipients."""

    def says(step: str, _conversation: Conversation) -> object:
        recipients = [line for line in relay.commands if line.lower().startswith("rcpt")]
        if step != at or not recipients:
            return ...
        return answer if is_broken(recipients[-1].partition("<")[2].partition(">")[0]) else ...

    return says


def _is_third(address: str) -> bool:
    return int(address.partition("@")[0].removeprefix("guest-")) % 3 == 0


WAYS = {
    "421 at RCPT": ("RCPT", "421 not now"),
    "hangs up at RCPT": ("RCPT", HANG_UP),
    "hangs up at DATA": ("DATA", HANG_UP),
    "hangs up amid the content": ("content", HANG_UP),
    "421 after the dot": ("dot", "421 not now"),
    "450 at RCPT": ("RCPT", "450 greylisted"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_third_that_always_fails_holds_up_nobody_else(
    app: Flask, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Must hold: all that the relay takes has gone out within seconds, each once."""
    at, answer = WAYS[way]
    _queue([f"guest-{n}@{n}.example" for n in range(MESSAGES)])
    with Relay() as relay:
        relay.says = _fails_for(relay, _is_third, answer, at)
        clock = Clock(app, relay, monkeypatch)

        clock.work(5)

        assert len(relay.received) == sum(n % 3 != 0 for n in range(MESSAGES))
        assert set(copies(relay).values()) == {1}


def test_a_domain_that_always_fails_is_tried_seldom_and_shown_in_the_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the mail goes to a domain about which the relay ends every conversation.

    Must hold: the others' mail has gone out within seconds; the domain is tried a bounded number
    of times, however many messages wait for it; then these are shown as failed.
    """
    names = [f"guest-{n}@{'broken' if n % 2 else 'good'}.example" for n in range(MESSAGES)]
    _queue(names)
    with Relay() as relay:
        relay.says = _fails_for(relay, lambda address: "broken" in address, HANG_UP, "DATA")
        clock = Clock(app, relay, monkeypatch)

        clock.work(5)
        assert len(relay.received) == MESSAGES // 2
        for half_hour in range(1, 2 * HOURS):
            clock.rested = max(clock.rested, half_hour * 1800.0)
            clock.worker.deliver()
        clock.worker._deliverer.rest()

        tried = sum("broken" in line for line in relay.commands if line.startswith("rcpt"))
        assert tried < 2 * HOURS * 3
    assert states() == {
        MessageState.SENT: MESSAGES // 2,
        MessageState.FAILED: MESSAGES // 2,
    }


def test_silence_about_some_recipients_does_not_keep_the_others_waiting(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """About every tenth recipient the relay says nothing at all.

    Must hold: a first attempt waits a short while for it, and what was never tried goes before
    what was, so that the others do not wait for the second attempts too.
    """
    monkeypatch.setattr(rules, "HASTY_SECONDS", 0.3)
    silent = {n for n in range(30) if n % 10 == 3}
    _queue([f"guest-{n}@{n}.example" for n in range(30)])

    def is_silent(address: str) -> bool:
        return int(address.partition("@")[0].removeprefix("guest-")) in silent

    with Relay() as relay:
        answer = _fails_for(relay, is_silent, "silence", "RCPT")

        def says(step: str, conversation: Conversation) -> object:
            said = answer(step, conversation)
            if said != "silence":
                return said
            conversation.sock.recv(1)  # until the other side hangs up
            return HANG_UP

        relay.says = says
        clock = Clock(app, relay, monkeypatch)
        began = time.monotonic()

        clock.work(2)

        assert len(relay.received) == 30 - len(silent)
        assert time.monotonic() - began < 5.0
        relay.settle()
    waiting = db.session.execute(select(Message.copies, Message.state).filter_by(copies=0)).all()
    assert [tuple(row) for row in waiting] == [(0, MessageState.QUEUED)] * len(silent)


def test_control_a_worker_that_rests_after_every_cut_starves_everybody(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: one conversation that was ended, and the relay is taken to be away."""
    monkeypatch.setattr("event_mgmt.mail.relay_health.CUTS_OF_A_RELAY", 1)
    _queue([f"guest-{n}@{n}.example" for n in range(MESSAGES)])
    with Relay() as relay:
        relay.says = _fails_for(relay, _is_third, HANG_UP, "DATA")
        clock = Clock(app, relay, monkeypatch)

        clock.work(5)

        assert len(relay.received) < MESSAGES // 3
