"""Taking tasks, keeping them, and writing down how they ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.tasks import queue, service
from event_mgmt.tasks.enums import Reason, TaskState
from event_mgmt.tasks.kinds import known_kinds
from event_mgmt.tasks.models import Task
from event_mgmt.tasks.queue import Claim, Progress
from event_mgmt.tasks.rules import LEASE_SECONDS
from tests.builders import NOW, a_user, an_organisation
from tests.tasks.kinds_for_tests import COUNT, a_result, known

LATER = NOW + timedelta(seconds=LEASE_SECONDS + 1)


def _task(task_id: int) -> Task:
    return db.session.get_one(Task, task_id, populate_existing=True)


def _claimed(token: str = "a", now=NOW) -> Claim:
    claim = queue.claim(token, known_kinds(), now=now)
    assert claim is not None
    return claim


def test_a_task_is_taken_once(ask: Callable[..., int]) -> None:
    task_id = ask()

    assert queue.claim("a", known_kinds(), now=NOW) == Claim(task_id, "a", "count")
    assert queue.claim("b", known_kinds(), now=NOW) is None


def test_fifty_tasks_of_one_organisation_delay_another_by_one_task_at_most(
    ask: Callable[..., int],
) -> None:
    crowd = an_organisation()
    for each in range(50):
        ask(organisation=crowd, now=NOW + timedelta(seconds=each))
    first = _claimed()
    newcomers = [ask(now=NOW + timedelta(minutes=each)) for each in (2, 3, 4)]
    later = NOW + timedelta(minutes=5)
    queue.finish(first, None, now=later)

    turns = []
    for each in range(3):
        claim = _claimed(now=later + timedelta(seconds=each))
        turns.append(claim.task_id)
        queue.finish(claim, None, now=later + timedelta(seconds=each))

    assert turns == newcomers


def test_turns_go_round_between_organisations(ask: Callable[..., int]) -> None:
    one, other = an_organisation(), an_organisation()
    ids = {ask(organisation=one): "one" for _ in range(3)}
    ids |= {ask(organisation=other): "other" for _ in range(3)}

    turns = []
    for each in range(6):
        now = NOW + timedelta(seconds=each)
        claim = _claimed(now=now)
        turns.append(ids[claim.task_id])
        queue.finish(claim, None, now=now)

    assert turns == ["one", "other"] * 3


def test_several_processes_take_tasks_of_several_organisations(ask: Callable[..., int]) -> None:
    """Not two of the one that asked first, while another waits."""
    crowd = an_organisation()
    ids = [ask(organisation=crowd) for _ in range(5)]
    other = ask()

    assert [_claimed("a").task_id, _claimed("b").task_id] == [ids[0], other]


def test_a_kind_that_this_version_does_not_know_is_left_to_others(
    ask: Callable[..., int], tasks_app: Flask
) -> None:
    ask("resume")
    queue.claim("a", known_kinds(), now=NOW)
    ask("resume")

    with known(tasks_app, COUNT):
        assert not queue.is_work_waiting(known_kinds(), now=LATER)
        assert queue.claim("b", known_kinds(), now=LATER) is None
        assert queue.free_stranded(known_kinds(), now=LATER) == 0

    assert queue.is_work_waiting(known_kinds(), now=LATER)
    assert queue.free_stranded(known_kinds(), now=LATER) == 1


def test_three_deaths_end_a_task_and_it_is_told(ask: Callable[..., int]) -> None:
    task_id, now = ask(), NOW
    for _ in range(3):
        now += timedelta(minutes=2)
        claim = _claimed(now=now)
        queue.note_death(claim, COUNT, now=now)

    task = _task(task_id)
    assert (task.state, task.reason, task.attempts) == (TaskState.FAILED, Reason.DIED, 3)
    assert queue.claim("b", known_kinds(), now=now + timedelta(hours=1)) is None


@pytest.mark.parametrize(("kind", "kept"), [("resume", {"next": 2}), ("count", None)])
def test_after_a_death_only_a_kind_that_resumes_has_its_checkpoint(
    ask: Callable[..., int], kind: str, kept: dict[str, int] | None
) -> None:
    task_id = ask(kind)
    claim = _claimed()
    assert queue.report(claim, Progress(40, "counted", {"number": 1, "last": 3}, {"next": 2}))

    queue.note_death(claim, known_kinds()[kind], now=NOW)

    assert (_task(task_id).state, _task(task_id).checkpoint) == (TaskState.WAITING, kept)


def test_whose_lease_is_over_has_lost_the_task(ask: Callable[..., int]) -> None:
    task_id = ask()
    slow = _claimed("slow")
    queue.free_stranded(known_kinds(), now=LATER)
    quick = _claimed("quick", now=LATER + timedelta(seconds=5))

    assert not queue.renew(slow, now=LATER)
    assert not queue.report(slow, Progress(90, "", {}, None))
    assert not queue.finish(slow, a_result(slow, now=LATER), now=LATER)
    assert _task(task_id).claimed_by == "quick"
    assert queue.finish(quick, a_result(quick, now=LATER), now=LATER)
    assert _task(task_id).state is TaskState.DONE


def test_a_renewed_lease_holds(ask: Callable[..., int]) -> None:
    ask()
    claim = _claimed()

    assert queue.renew(claim, now=NOW + timedelta(seconds=40))
    assert queue.free_stranded(known_kinds(), now=LATER) == 0


def test_a_lease_of_a_wrong_clock_holds_nothing(ask: Callable[..., int]) -> None:
    task_id = ask()
    _claimed(now=NOW + timedelta(days=2))

    assert queue.free_stranded(known_kinds(), now=NOW) == 1
    assert _task(task_id).state is TaskState.WAITING


def test_what_is_given_back_counts_as_no_attempt(ask: Callable[..., int]) -> None:
    task_id = ask()
    queue.give_back(_claimed(), pause=timedelta(seconds=30), now=NOW)

    assert (_task(task_id).state, _task(task_id).attempts) == (TaskState.WAITING, 0)
    assert queue.claim("b", known_kinds(), now=NOW + timedelta(seconds=29)) is None
    assert queue.claim("b", known_kinds(), now=NOW + timedelta(seconds=30)) is not None


def test_a_running_task_that_is_cancelled_is_not_wanted_any_more(
    ask: Callable[..., int],
) -> None:
    organisation = an_organisation()
    user = a_user(organisation)
    task_id = ask(user=user, organisation=organisation)
    claim = _claimed()
    assert queue.is_wanted(claim)

    service.cancel(task_id, viewer=viewer_of(user), now=NOW)

    assert not queue.is_wanted(claim)
    assert not queue.finish(claim, a_result(claim, now=NOW), now=NOW)
    queue.note_death(claim, COUNT, now=NOW)
    assert (_task(task_id).state, _task(task_id).result_id) == (TaskState.CANCELLED, None)


def test_a_task_that_failed_says_so_in_the_history(ask: Callable[..., int]) -> None:
    task_id = ask()
    queue.fail(_claimed(), Reason.TOO_LARGE, now=NOW)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "task.failed")).one()
    assert (entry.subject_id, entry.changes["reason"]) == (task_id, "too_large")
