"""How often a worker looks whether its letters still hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from event_mgmt.core.database import db, transactional
from event_mgmt.mail import freshness, outbox, queue
from event_mgmt.mail.freshness import MAX_AGE_SECONDS, FreshnessCheck
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.outbox import MessageDraft
from event_mgmt.mail.queue import ClaimRequest
from tests.builders import NOW

TOKEN = "worker"


class Hand:
    """A worker's hand full of letters, and a clock that goes on when told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drafts = [
            MessageDraft(key=f"{n}", kind="sample", to_address=f"{n}@example.org", locale="de")
            for n in range(4)
        ]
        transactional(outbox.enqueue_all)(drafts, now=NOW)
        taken = queue.settle_and_claim([], ClaimRequest(TOKEN, 4), now=NOW + timedelta(seconds=1))
        self.ids = [message.id for message in taken]
        self.time = 100.0
        self.read: list[list[int]] = []
        real = freshness.stamps_of

        def stamps_of(ids: list[int]) -> object:
            self.read.append(list(ids))
            return real(ids)

        monkeypatch.setattr(freshness, "stamps_of", stamps_of)
        self.look = FreshnessCheck(TOKEN, clock=lambda: self.time)
        self.look.take_stamps(self.ids)
        db.session.rollback()


@pytest.fixture
def hand(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """Four letters in a worker's hands."""
    hand = Hand(monkeypatch)
    yield hand
    hand.look.end()


def _withdraw(app: Flask, message_id: int) -> None:
    """By somebody else, on a connection of their own."""
    with db.engine.begin() as connection:
        connection.execute(
            update(Message).where(Message.id == message_id).values(state=MessageState.WITHDRAWN)
        )


def test_a_look_lasts_for_some_milliseconds_and_is_then_renewed(app: Flask, hand: Hand) -> None:
    _withdraw(app, hand.ids[1])

    hand.time += MAX_AGE_SECONDS / 2
    assert hand.look.is_fresh(hand.ids[0])
    assert hand.look.is_fresh(hand.ids[1])

    hand.time += MAX_AGE_SECONDS
    assert not hand.look.is_fresh(hand.ids[1])
    assert hand.look.is_fresh(hand.ids[2])


def test_while_nobody_commits_no_stamp_is_read_again(app: Flask, hand: Hand) -> None:
    for message_id in hand.ids:
        hand.time += 1
        assert hand.look.is_fresh(message_id)

    assert hand.read == [hand.ids]


def test_after_a_commit_one_statement_reads_all_that_is_still_in_hand(
    app: Flask, hand: Hand
) -> None:
    _withdraw(app, hand.ids[3])

    answers = []
    for message_id in hand.ids[1:]:
        hand.time += 1
        answers.append(hand.look.is_fresh(message_id))

    assert answers == [True, True, False]
    assert hand.read == [hand.ids, hand.ids[1:]]


def test_a_second_commit_is_seen_as_the_first_was(app: Flask, hand: Hand) -> None:
    _withdraw(app, hand.ids[0])
    hand.time += 1
    assert not hand.look.is_fresh(hand.ids[0])

    _withdraw(app, hand.ids[2])
    hand.time += 1
    assert not hand.look.is_fresh(hand.ids[2])
    assert hand.look.is_fresh(hand.ids[3])


def test_a_message_that_is_gone_does_not_go_out(app: Flask, hand: Hand) -> None:
    with db.engine.begin() as connection:
        connection.execute(Message.__table__.delete().where(Message.id == hand.ids[0]))

    hand.time += 1
    assert not hand.look.is_fresh(hand.ids[0])
    assert db.session.scalars(select(Message.id)).all() == hand.ids[1:]
