"""A mail worker that stands still past its lease and then goes on: SIGSTOP and SIGCONT."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta

import pytest

from event_mgmt.core.database import db
from event_mgmt.mail.models import Message, MessageState
from tests.faults.crew import AFTER_THE_LEASE, Crew, Worker, copies
from tests.mail.samples import NOW, queued, states, the_message
from tests.serving.processes import state_of, until

pytestmark = pytest.mark.processes


def _stopped(crew: Crew, phase: str, **given: object) -> Worker:
    """A worker that has stopped in ``phase``."""
    worker = crew.hire(phase, signal=signal.SIGSTOP, **given)
    db.session.remove()
    assert worker.line.recv() == "ready"
    worker.line.send("go")
    until(lambda: state_of(worker.process.pid) == "T", "the worker does not stop")
    return worker


def _go_on(crew: Crew, *workers: Worker) -> None:
    for worker in workers:
        os.kill(worker.process.pid, signal.SIGCONT)
        worker.process.join(30)
        assert worker.process.exitcode == 0
    crew.relay.settle()


@pytest.mark.parametrize("phase", ["claimed", "prepared", "before_dot", "after_dot", "answered"])
def test_a_worker_that_goes_on_after_its_lease_makes_no_third_copy(crew: Crew, phase: str) -> None:
    """A worker stops with eight claimed messages; another one takes over; the first one goes on.

    Must hold: every message arrives, none more than twice, with one Message-ID, and ends as sent.
    What the worker was not handing over when it stopped arrives once: it sees that it lost it.
    """
    queued(12)

    worker = _stopped(crew, phase)
    crew.finish(NOW + AFTER_THE_LEASE)
    _go_on(crew, worker)

    assert states() == {MessageState.SENT: 12}
    arrived = copies(crew.relay)
    assert len(arrived) == 12
    assert max(arrived.values()) == (1 if phase in {"claimed", "prepared"} else 2)
    assert len({letter.recipient for letter in crew.relay.received}) == 12
    db.session.rollback()
    assert {message.copies for message in db.session.query(Message)} <= {1, 2}


def test_a_worker_that_wakes_after_its_deadline_does_not_send_what_it_held(crew: Crew) -> None:
    """The worker stands still before the final dot for longer than one message may take.

    Must hold: it gives up by itself, so that only the other worker's copy arrives.
    """
    queued()

    worker = _stopped(crew, "before_dot", deadline=0.3)
    crew.finish(NOW + AFTER_THE_LEASE)
    time.sleep(0.4)  # the deadline is real time, and has to pass
    _go_on(crew, worker)

    assert list(copies(crew.relay).values()) == [1]
    assert the_message().state is MessageState.SENT


def test_two_stopped_workers_and_a_third_make_no_third_copy(crew: Crew) -> None:
    """One worker stops before the dot, its successor too: nobody knows about two copies.

    Must hold: a third worker parks the message as uncertain; when both go on, two copies arrive.
    """
    queued()

    first = _stopped(crew, "before_dot")
    second = _stopped(crew, "before_dot", at=NOW + AFTER_THE_LEASE)
    crew.finish(NOW + 2 * AFTER_THE_LEASE)
    assert the_message().state is MessageState.UNCERTAIN
    _go_on(crew, first, second)
    crew.finish(NOW + timedelta(hours=5))

    assert list(copies(crew.relay).values()) == [2]
    assert the_message().state in {MessageState.SENT, MessageState.UNCERTAIN}


def test_control_without_counting_copies_the_same_stop_makes_a_third(crew: Crew) -> None:
    """The control: workers that do not count the copy they are about to make."""
    queued()

    first = _stopped(crew, "before_dot", control="without_count")
    second = _stopped(crew, "before_dot", at=NOW + AFTER_THE_LEASE, control="without_count")
    crew.finish(NOW + 2 * AFTER_THE_LEASE)
    _go_on(crew, first, second)

    assert list(copies(crew.relay).values()) == [3]
