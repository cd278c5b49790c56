"""Tasks and their results go: after a day, with people, with accounts, at a restore."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing
from event_mgmt.files.models import FileChunk
from event_mgmt.files.service import sweep
from event_mgmt.privacy import retention, service as privacy
from event_mgmt.tasks import erasure, queue, service
from event_mgmt.tasks.enums import Reason, TaskState
from event_mgmt.tasks.kinds import known_kinds
from event_mgmt.tasks.models import Task
from event_mgmt.tasks.queue import Claim
from tests.builders import NOW, a_registration, a_user, an_event, an_organisation
from tests.tasks.kinds_for_tests import a_result


def _task(task_id: int) -> Task | None:
    db.session.expire_all()
    return db.session.get(Task, task_id)


def _claimed() -> Claim:
    claim = queue.claim("a", known_kinds(), now=NOW)
    assert claim is not None
    return claim


def _finish(claim: Claim) -> None:
    assert queue.finish(claim, a_result(claim, now=NOW), now=NOW)


def _stored_bytes() -> bytes:
    return b"".join(db.session.scalars(select(FileChunk.content)))


def test_a_task_goes_a_day_after_its_end(ask: Callable[..., int]) -> None:
    done, waiting = ask(), ask()
    _finish(_claimed())

    assert erasure.forget_old(NOW + timedelta(hours=23)) == 0
    assert erasure.forget_old(NOW + timedelta(days=1)) == 1

    assert _task(done) is None
    sweep(NOW + timedelta(days=1))
    assert _stored_bytes() == b""
    assert _task(waiting) is not None


def test_results_that_may_hold_an_erased_person_go_with_them(ask: Callable[..., int]) -> None:
    event, other = an_event(), an_event()
    hers = a_registration(event)
    member = a_user(event.host)
    done = ask(user=member, organisation=event.host, event_id=event.id, named=("Zlatarjeva",))
    _finish(_claimed())
    elsewhere = ask(event_id=other.id)
    _finish(_claimed())
    running = ask(user=member, organisation=event.host, event_id=event.id)
    claim = _claimed()
    late = a_result(claim, now=NOW)
    none_in_particular = ask()

    reach = frozenset({event.host_id})
    counts = privacy.erase_person(hers.email, by=SYSTEM, host_ids=reach, now=NOW)

    assert counts["tasks"] == 3
    assert _stored_bytes() == b"1\n2\n3\n", "of the other event alone"
    for task_id in (done, running, none_in_particular):
        task = _task(task_id)
        assert task is not None
        assert (task.state, task.reason) == (TaskState.FAILED, Reason.ERASED)
        assert (task.arguments, task.result_id, task.result_name) == ({}, None, "")
    assert not queue.finish(claim, late, now=NOW), "what ran meanwhile may hold her"
    kept = _task(elsewhere)
    assert kept is not None
    assert kept.state is TaskState.DONE
    with pytest.raises(Missing):
        service.take_result(done, viewer=viewer_of(member), now=NOW)


def test_of_an_address_that_nobody_has_only_tasks_that_name_it_end(
    ask: Callable[..., int],
) -> None:
    naming, other = ask(named=("Nobody.Here@example.org",)), ask()

    privacy.erase_person("nobody.here@example.org", by=SYSTEM, now=NOW)

    ended, untouched = _task(naming), _task(other)
    assert ended is not None
    assert untouched is not None
    assert (ended.arguments, ended.reason) == ({}, Reason.ERASED)
    assert untouched.state is TaskState.WAITING


def test_tasks_go_with_the_account_that_asked(ask: Callable[..., int]) -> None:
    organisation = an_organisation()
    user = a_user(organisation)
    task_id = ask(user=user, organisation=organisation)

    privacy.erase_person(user.email, by=SYSTEM, now=NOW)

    assert _task(task_id) is None


def test_results_go_when_an_events_data_go(ask: Callable[..., int]) -> None:
    event = an_event(starts_at=NOW - timedelta(days=900))
    a_registration(event)
    task_id = ask(event_id=event.id)
    _finish(_claimed())

    retention.erase_due(NOW)

    assert _task(task_id) is None
    assert _stored_bytes() == b""


@transactional
def _restored() -> None:
    erasure.void_all(now=NOW)


def test_after_a_restore_nothing_runs_and_no_result_is_left(ask: Callable[..., int]) -> None:
    ids = [ask(), ask(), ask()]
    _finish(_claimed())
    running = _claimed()

    _restored()

    tasks = db.session.scalars(select(Task).where(Task.id.in_(ids))).all()
    assert {(task.state, task.reason) for task in tasks} == {(TaskState.FAILED, Reason.RESTORED)}
    assert not queue.renew(running, now=NOW)
    assert not queue.is_work_waiting(known_kinds(), now=NOW + timedelta(days=1))
