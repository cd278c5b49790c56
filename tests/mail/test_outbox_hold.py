"""Holding the outbox: obeyed by every claim, released on a word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db
from event_mgmt.mail import outbox_hold, queue
from event_mgmt.mail.delivery import Deliverer
from event_mgmt.mail.models import MessageState
from event_mgmt.mail.outbox_hold import NotHeld
from event_mgmt.mail.queue import ClaimRequest
from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.settings import MailRelay
from tests.mail.relay import Relay
from tests.mail.samples import NOW, queued, states

LATER = NOW + timedelta(minutes=1)


def _deliver(relay: Relay) -> int:
    transport = SmtpTransport(MailRelay("smtp", "127.0.0.1", relay.port))
    sent = Deliverer(transport).deliver_due(LATER).sent
    transport.close()
    return sent


def test_while_the_outbox_is_held_nothing_goes_out_and_nothing_is_lost(app: Flask) -> None:
    queued(3)
    outbox_hold.hold(reason="restored", by=SYSTEM, now=NOW)
    queued(2)

    with Relay() as relay:
        assert _deliver(relay) == 0
        assert relay.connections == 0
        outbox_hold.release(withdraw_before=None, by=SYSTEM, now=LATER)
        assert _deliver(relay) == 5
    assert states() == {MessageState.SENT: 5}


def test_a_worker_that_has_seen_due_messages_before_the_hold_takes_none_after_it(
    app: Flask,
) -> None:
    queued(3)
    assert queue.queue_status(NOW).due

    outbox_hold.hold(reason="restored", by=SYSTEM, now=NOW)

    assert queue.settle_and_claim([], ClaimRequest("late", 50), now=NOW) == []
    assert not queue.queue_status(NOW).due


def test_what_a_worker_has_in_hand_is_told_and_its_result_is_still_written(app: Flask) -> None:
    queued(3)
    queue.settle_and_claim([], ClaimRequest("quick", 2), now=NOW)

    assert outbox_hold.hold(reason="moving house", by=SYSTEM, now=NOW) == 2
    assert queue.release_stranded(NOW + timedelta(minutes=2)) == 2
    assert states() == {MessageState.QUEUED: 3}


def test_releasing_withdraws_what_was_due_before_and_leaves_the_rest(app: Flask) -> None:
    queued(2, due_at=NOW - timedelta(hours=3))
    queued(1, due_at=NOW + timedelta(hours=3))
    outbox_hold.hold(reason="restored", by=SYSTEM, now=NOW)
    status = outbox_hold.outbox_status(now=NOW)
    assert (status.waiting, status.due, status.reason) == (3, 2, "restored")
    assert status.oldest_due_at == NOW - timedelta(hours=3)

    withdrawn = outbox_hold.release(withdraw_before=NOW - timedelta(hours=1), by=SYSTEM, now=NOW)

    assert withdrawn == 2
    assert states() == {MessageState.WITHDRAWN: 2, MessageState.QUEUED: 1}
    assert outbox_hold.held_since() is None
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.action, e.changes) for e in entries] == [
        ("outbox_held", {"reason": "restored"}),
        ("outbox_released", {"withdrawn": 2}),
    ]


def test_a_second_hold_keeps_the_first_and_a_second_release_is_refused(app: Flask) -> None:
    outbox_hold.hold(reason="first", by=SYSTEM, now=NOW)
    outbox_hold.hold(reason="second", by=SYSTEM, now=LATER)
    assert outbox_hold.outbox_status(now=LATER).reason == "first"
    assert outbox_hold.held_since() == NOW

    outbox_hold.release(withdraw_before=None, by=SYSTEM, now=LATER)

    with pytest.raises(NotHeld):
        outbox_hold.release(withdraw_before=None, by=SYSTEM, now=LATER)
