"""Claims on messages when workers die, are slow or are told to stop; on both databases."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from event_mgmt.core.database import db
from event_mgmt.mail import delivery, queue, rules
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.transports import OutgoingMail, RelayReply
from tests.mail.relay import Relay
from tests.mail.samples import NOW, queued, states, the_message


def test_claims_of_a_dead_worker_are_freed_however_old_they_are(
    app: Flask, relay: Relay, deliverer: Deliverer
) -> None:
    queued(4)
    queue.settle_and_claim([], queue.ClaimRequest("dead", 4), now=NOW - timedelta(days=200))

    assert deliverer.deliver_due(NOW).sent == 4
    assert {r.recipient for r in relay.received} == {f"guest-{n}@example.org" for n in range(4)}


def test_a_message_whose_copy_is_in_doubt_travels_alone(app: Flask) -> None:
    queued(5)
    queue.settle_and_claim([], queue.ClaimRequest("dead", 3), now=NOW)
    queue.release_stranded(NOW + timedelta(hours=1))

    sizes = []
    while batch := queue.settle_and_claim(
        [], queue.ClaimRequest("next", 10), now=NOW + timedelta(hours=1)
    ):
        sizes.append([message.copies for message in batch])

    assert sizes == [[2], [2], [2], [1, 1]]


def test_a_worker_that_was_only_slow_still_writes_down_its_result(app: Flask, relay: Relay) -> None:
    queued()
    deliverer = Deliverer(relay.transport())
    batch = deliverer._claim(1, lambda: NOW)
    deliverer._deliver(batch, lambda: NOW)
    queue.release_stranded(NOW + timedelta(hours=1))

    report = deliverer.deliver_due(NOW + timedelta(hours=1))
    deliverer.rest()

    assert report.total == 0
    assert the_message().state is MessageState.SENT
    assert len(relay.received) == 1


def test_a_lease_begins_when_the_message_is_claimed_and_not_before_the_relay_was_reached(
    app: Flask, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that took nine seconds would otherwise leave the last message without a lease:
    another worker would take it while it is on its way.
    """
    clock = {"ahead": 0.0}
    real = time.monotonic
    monkeypatch.setattr(delivery.time, "monotonic", lambda: real() + clock["ahead"])
    transport = relay.transport()
    send, ends = transport.send, []

    class Slow:
        def open(self) -> None:
            clock["ahead"] += 9
            transport.open()

        def send(self, outgoing: OutgoingMail) -> RelayReply:
            ends.append(the_message().leased_until - NOW - timedelta(seconds=clock["ahead"]))
            db.session.rollback()
            return send(outgoing)

        def close(self) -> None:
            transport.close()

    queued()
    deliverer = Deliverer(Slow())
    report = deliverer.deliver_due(NOW)
    deliverer.rest()

    assert report.sent == 1
    assert ends[0] >= timedelta(seconds=rules.LEASE_SECONDS)


def test_results_survive_a_database_that_is_away_for_a_while(
    app: Flask, relay: Relay, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued()
    real, calls = queue.settle_and_claim, []

    def away_once(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise OperationalError("UPDATE", {}, Exception("gone"))
        return real(*args, **kwargs)

    monkeypatch.setattr(queue, "settle_and_claim", away_once)
    with pytest.raises(OperationalError):
        deliverer.deliver_due(NOW)
    deliverer.deliver_due(NOW)

    assert the_message().state is MessageState.SENT
    assert len(relay.received) == 1


def test_a_worker_told_to_stop_finishes_its_message_and_hands_back_the_rest(
    app: Flask, relay: Relay
) -> None:
    queued(8)
    deliverer = Deliverer(relay.transport(), wants_to_stop=lambda: len(relay.received) >= 3)

    deliverer.deliver_due(NOW)
    deliverer.rest()

    assert states() == {MessageState.SENT: 3, MessageState.QUEUED: 5}
    assert sum(m.copies for m in db.session.query(Message)) == 3
