"""Processes that run tasks, on both databases: killed, stopped, short of room, side by side."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from event_mgmt.accounts.models import Membership
from event_mgmt.accounts.policy import Viewer
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.core.database import database_now, db, transactional
from event_mgmt.files.models import FileChunk
from event_mgmt.tasks import service
from event_mgmt.tasks.enums import Reason, TaskState
from event_mgmt.tasks.models import Task
from tests.builders import a_user, an_organisation
from tests.faults.forked import Forked, begin
from tests.serving.processes import until
from tests.tasks import doomed
from tests.tasks.kinds_for_tests import Counting, known

pytestmark = pytest.mark.processes

LEASE = 4
Hire = Callable[..., Forked]


@pytest.fixture
def workers(app: Flask) -> Iterator[Hire]:
    """Task processes on the test's database; whoever is left is killed."""
    hired: list[Forked] = []
    environ = {
        "INSTANCE_DIR": app.instance_path,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
    }

    def hire(lease: float = LEASE, work=doomed.work) -> Forked:
        worker = begin(work, environ, lease)
        hired.append(worker)
        assert worker.line.recv() == "ready"
        return worker

    with known(app, *doomed.KINDS):
        yield hire
    for worker in hired:
        worker.process.kill()
        worker.process.join()
        worker.line.close()


def _an_asker() -> Viewer:
    """Somebody of an organisation of their own."""
    viewer = viewer_of(a_user(an_organisation()))
    db.session.remove()
    return viewer


def _ask(kind: str, *, viewer: Viewer | None = None, **given) -> int:
    viewer = viewer or _an_asker()
    task_id = service.ask(kind, Counting(**given), viewer=viewer, locale="de", now=database_now())
    db.session.remove()
    return task_id


def _task(task_id: int) -> Task:
    db.session.rollback()
    task = db.session.get_one(Task, task_id, populate_existing=True)
    db.session.remove()
    return task


def _ended(task_id: int, patience: float = 40) -> Task:
    until(lambda: not _task(task_id).is_open, "the task does not end", patience)
    return _task(task_id)


def _running(task_id: int, progress: int = 0) -> None:
    def is_under_way() -> bool:
        task = _task(task_id)
        return task.state is TaskState.RUNNING and task.progress >= progress

    until(is_under_way, "the task does not begin")


def _content() -> bytes:
    content = b"".join(db.session.scalars(select(FileChunk.content).order_by(FileChunk.number)))
    db.session.remove()
    return content


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in listed.split()]


def _child(worker: Forked) -> int:
    assert worker.process.pid
    return until(lambda: _children(worker.process.pid), "no child")[0]


def test_a_task_is_done_and_its_result_kept(workers: Hire) -> None:
    task_id = _ask("count", last=3)
    workers()

    task = _ended(task_id)

    assert (task.state, task.progress, task.attempts) == (TaskState.DONE, 100, 1)
    assert (task.result_name, _content()) == ("numbers.txt", b"1\n2\n3\n")


def test_progress_is_told_while_it_runs(workers: Hire) -> None:
    task_id = _ask("count", last=40, milliseconds=50)
    workers()

    _running(task_id, progress=10)

    task = _task(task_id)
    assert task.progress_code == "counted"
    assert task.progress_values["last"] == 40


@pytest.mark.parametrize(("kind", "goes_on"), [("resume", True), ("count", False)])
def test_a_task_whose_process_is_killed_runs_again(workers: Hire, kind: str, goes_on: bool) -> None:
    task_id = _ask(kind, last=30, milliseconds=50)
    worker = workers()
    _running(task_id, progress=30)

    os.kill(_child(worker), signal.SIGKILL)

    task = _ended(task_id)
    assert (task.state, task.attempts) == (TaskState.DONE, 2)
    assert (task.result_facts["from"] > 5) is goes_on


def test_a_task_whose_machine_dies_runs_on_elsewhere(workers: Hire) -> None:
    task_id = _ask("resume", last=30, milliseconds=60)
    first = workers()
    _running(task_id, progress=30)
    child = _child(first)

    first.process.kill()
    first.process.join()
    workers()

    until(lambda: not Path(f"/proc/{child}").exists(), "the child outlives its parent")
    task = _ended(task_id)
    assert (task.state, task.attempts) == (TaskState.DONE, 2)
    assert task.result_facts["from"] > 5


def test_what_cannot_be_repeated_ends_when_its_process_dies(workers: Hire) -> None:
    task_id = _ask("end", last=100, milliseconds=50)
    worker = workers()
    _running(task_id)

    os.kill(_child(worker), signal.SIGKILL)

    task = _ended(task_id)
    assert (task.state, task.reason) == (TaskState.FAILED, Reason.INTERRUPTED)


@pytest.mark.parametrize("kind", ["die", "break"])
def test_a_task_that_kills_its_process_three_times_is_failed_and_told(
    workers: Hire, kind: str
) -> None:
    task_id, next_id = _ask(kind), None
    workers()

    task = _ended(task_id)
    next_id = _ask("count")

    assert (task.state, task.reason, task.attempts) == (TaskState.FAILED, Reason.DIED, 3)
    assert _ended(next_id).state is TaskState.DONE, "the process that runs tasks goes on"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("swallow", Reason.TOO_LARGE), ("spin", Reason.TOO_LONG), ("sleep", Reason.TOO_LONG)],
)
def test_a_task_takes_no_more_memory_and_time_than_its_kind_says(
    workers: Hire, kind: str, reason: Reason
) -> None:
    task_id = _ask(kind)
    workers()

    task = _ended(task_id)

    assert (task.state, task.reason) == (TaskState.FAILED, reason)


def test_a_rule_that_says_no_is_told_in_its_words(workers: Hire) -> None:
    task_id = _ask("refuse")
    workers()

    task = _ended(task_id)

    assert (task.reason, task.words) == (Reason.REFUSED, "Kein Platz auf dem Papier.")


def test_a_full_disk_leaves_the_task_for_others(workers: Hire, app: Flask) -> None:
    room = Path(app.instance_path) / "tasks" / "room"
    room.unlink(missing_ok=True)
    task_id = _ask("full", last=10)
    workers()
    time.sleep(1.5)
    waiting = _task(task_id)

    room.touch()

    task = _ended(task_id)
    room.unlink()
    assert waiting.is_open
    assert (task.state, task.attempts) == (TaskState.DONE, 1), "no attempt was spent on it"


def test_a_cancelled_task_stops(workers: Hire) -> None:
    viewer = _an_asker()
    task_id = _ask("count", viewer=viewer, last=10_000, milliseconds=50)
    worker = workers()
    _running(task_id)
    child = _child(worker)

    service.cancel(task_id, viewer=viewer, now=database_now())
    db.session.remove()

    assert _ended(task_id, patience=10).state is TaskState.CANCELLED
    until(lambda: not Path(f"/proc/{child}").exists(), "it runs on")
    assert _content() == b""


def test_an_asker_who_lost_the_right_before_it_began_gets_nothing(workers: Hire) -> None:
    viewer = _an_asker()
    (own,) = viewer.organisation_ids
    task_id = _ask("count", viewer=viewer, only_for=own)
    _leave_teams(viewer.user_id)
    workers()

    task = _ended(task_id)

    assert (task.state, task.reason) == (TaskState.FAILED, Reason.NO_RIGHT)
    assert _content() == b""


@transactional
def _leave_teams(user_id: int | None) -> None:
    db.session.execute(delete(Membership).where(Membership.user_id == user_id))


def test_a_process_that_is_told_to_stop_leaves_its_task_to_others(
    workers: Hire,
) -> None:
    task_id = _ask("resume", last=400, milliseconds=50)
    worker = workers()
    _running(task_id, progress=1)

    began = time.monotonic()
    os.kill(worker.process.pid or 0, signal.SIGTERM)

    assert worker.end(30) == 0
    assert time.monotonic() - began < 15
    task = _task(task_id)
    assert (task.state, task.attempts) == (TaskState.WAITING, 0)
    assert task.checkpoint


def test_several_processes_do_each_task_once(workers: Hire) -> None:
    ids = [_ask("count", last=4, milliseconds=20) for _ in range(12)]
    for _ in range(3):
        workers()

    tasks = [_ended(task_id) for task_id in ids]

    assert {(task.state, task.attempts) for task in tasks} == {(TaskState.DONE, 1)}
    assert _content().count(b"4\n") == 12


def test_a_lease_is_renewed_for_as_long_as_a_task_runs(workers: Hire) -> None:
    """With the control: the lease is shorter than the work, so a second process would take it."""
    task_id = _ask("count", last=60, milliseconds=100)
    workers(2)
    workers(2)

    task = _ended(task_id)

    assert (task.state, task.attempts) == (TaskState.DONE, 1)
    assert (task.ended_at - task.started_at).total_seconds() > 2 * 2


def test_a_process_that_can_be_started_again_ends_when_nothing_is_open(workers: Hire) -> None:
    """With the control: a task that rests between two attempts is open."""
    task_id = _ask("die")
    worker = workers(0.5, doomed.work_until_idle)

    task = _ended(task_id)

    assert (task.state, task.attempts) == (TaskState.FAILED, 3)
    assert worker.end(20) == 0
