"""Workers that die by SIGKILL, and workers that share a queue: real processes, both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from event_mgmt.core.database import db
from event_mgmt.mail.models import Message, MessageState
from tests.faults.crew import AFTER_THE_LEASE, Crew, copies
from tests.mail.relay import Conversation
from tests.mail.samples import NOW, queued, states, the_message

pytestmark = pytest.mark.processes


@pytest.mark.parametrize(
    ("phase", "occurrence", "taken", "doubled"),
    [
        ("before_claim", 1, 0, 0),
        ("amid_claim", 1, 0, 0),
        ("claimed", 1, 0, 0),
        ("prepared", 1, 0, 0),
        ("before_dot", 1, 0, 0),
        ("before_dot", 3, 2, 2),
        ("after_dot", 1, 1, 1),
        ("after_dot", 3, 3, 3),
        ("answered", 2, 2, 2),
        ("before_result", 1, 8, 8),
    ],
)
def test_whenever_a_worker_is_killed_every_message_arrives_and_none_more_than_twice(
    crew: Crew, phase: str, occurrence: int, taken: int, doubled: int
) -> None:
    queued(12)

    worker = crew.hire(phase, occurrence=occurrence)
    crew.work(worker)
    assert worker.was_killed
    assert len(crew.relay.received) == taken
    crew.finish(NOW + AFTER_THE_LEASE)

    assert states() == {MessageState.SENT: 12}
    assert len({letter.recipient for letter in crew.relay.received}) == 12
    assert sorted(copies(crew.relay).values()) == [1] * (12 - doubled) + [2] * doubled


def test_what_a_dead_worker_held_waits_for_the_end_of_its_lease(crew: Crew) -> None:
    queued(3)
    crew.work(crew.hire("claimed"))

    crew.finish(NOW + timedelta(seconds=30))
    assert crew.relay.received == []
    crew.finish(NOW + AFTER_THE_LEASE)
    assert len(crew.relay.received) == 3


def _killed_after_the_dot(crew: Crew, times: int, *, control: str = "") -> None:
    for number in range(times):
        at = NOW + number * AFTER_THE_LEASE
        crew.work(crew.hire("after_dot", at=at, control=control))


def test_killed_after_the_dot_again_and_again_makes_two_copies_and_is_shown_as_uncertain(
    crew: Crew,
) -> None:
    queued()

    _killed_after_the_dot(crew, 2)
    survivor = crew.hire(at=NOW + 3 * AFTER_THE_LEASE)
    crew.work(survivor)

    assert survivor.sent() == 0
    assert list(copies(crew.relay).values()) == [2]
    assert the_message().state is MessageState.UNCERTAIN


def test_control_a_worker_that_does_not_count_its_copies_makes_a_third(crew: Crew) -> None:
    queued()

    _killed_after_the_dot(crew, 3, control="without_count")

    assert list(copies(crew.relay).values()) == [3]


class Meeting:
    """Lets no conversation go on before ``size`` of them have begun: all workers have claimed."""

    def __init__(self, size: int) -> None:
        self._gate = threading.Barrier(size)
        self._met: set[int] = set()

    def __call__(self, step: str, conversation: Conversation) -> object:
        if step == "MAIL" and conversation.number not in self._met:
            self._met.add(conversation.number)
            self._gate.wait(30)
        return ...


def test_two_workers_on_one_queue_share_it_and_send_each_message_once(crew: Crew) -> None:
    queued(120)
    crew.relay.says = Meeting(2)
    crew.work(crew.hire(), crew.hire())

    assert states() == {MessageState.SENT: 120}
    assert set(copies(crew.relay).values()) == {1}
    assert len(crew.relay.received) == 120
    shares = [worker.sent() for worker in crew.workers]
    assert sum(shares) == 120
    assert min(shares) >= 8


def test_control_two_workers_that_claim_nothing_send_everything_twice(crew: Crew) -> None:
    queued(8)
    crew.relay.says = Meeting(2)

    crew.work(crew.hire(control="without_claim"), crew.hire(control="without_claim"))

    assert list(copies(crew.relay).values()) == [2] * 8


def test_when_one_of_two_workers_is_killed_the_other_and_the_lease_do_its_share(
    crew: Crew,
) -> None:
    queued(60)
    crew.relay.says = Meeting(2)
    unlucky, survivor = crew.hire("answered", occurrence=5), crew.hire()

    crew.work(unlucky, survivor)
    assert (unlucky.was_killed, survivor.sent()) == (True, 52)
    assert states() == {MessageState.SENT: 52, MessageState.SENDING: 8}
    crew.relay.says = lambda _step, _conversation: ...
    crew.finish(NOW + AFTER_THE_LEASE)

    assert states() == {MessageState.SENT: 60}
    assert sorted(copies(crew.relay).values()) == [1] * 55 + [2] * 5


def test_an_acknowledged_result_is_never_forgotten(crew: Crew) -> None:
    """A worker killed while it claims the next batch has written down the last one before."""
    queued(9)

    crew.work(crew.hire("claimed", occurrence=2))

    assert states() == {MessageState.SENT: 8, MessageState.SENDING: 1}
    assert db.session.query(Message).filter(Message.sent_at.is_(None)).count() == 1
