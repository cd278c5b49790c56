"""A process that runs tasks: one at a time, each in a child of its own.

It is small and has one thread, so that it can be forked at any time. It holds no database
connection when it forks, renews the child's lease meanwhile, and writes down what became of a
child that could not do so itself.
"""

from __future__ import annotations

import os
import secrets
import select
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from event_mgmt.core.database import database_now, db
from event_mgmt.core.errors import error_location
from event_mgmt.core.refusals import Busy
from event_mgmt.settings import Settings
from event_mgmt.tasks import child, queue, rules
from event_mgmt.tasks.child import Exit
from event_mgmt.tasks.enums import Reason
from event_mgmt.tasks.kinds import TaskKind, known_kinds
from event_mgmt.tasks.queue import Claim

log = structlog.get_logger()

LOOK_EVERY_SECONDS: Final = 1.0
IDLE_SECONDS: Final = 20.0
"""How long a process that can be started again looks for more to do."""

GRACE_SECONDS: Final = 10.0
"""How long a task may go on when the process is told to stop; then others begin it again."""

_FULL_DISK_SECONDS: Final = rules.FULL_DISK_PAUSE.total_seconds()


class TaskWorker:
    """One process's loop over the tasks that wait. Goes by the database's clock."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping_since = 0.0
        self._rests_until = 0.0
        self._wake_reader, self._wake_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def stop(self) -> None:
        """End soon: a task in hand has GRACE_SECONDS. May be called by a signal handler."""
        self._stopping_since = self._stopping_since or time.monotonic()

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return bool(self._stopping_since)

    def run(self, *, ends_when_idle: bool = False) -> None:
        """Work until stopped, or until nothing is open any more for IDLE_SECONDS.

        A database that is away is looked for again, a second later.
        """
        self._wake_on_signals()
        worked_at = time.monotonic()
        while not self.is_stopping:
            if time.monotonic() >= self._rests_until and self._work_once():
                worked_at = time.monotonic()
                continue
            if ends_when_idle and time.monotonic() - worked_at > IDLE_SECONDS:
                if not self._is_anything_open():
                    return
                worked_at = time.monotonic()
            self._wait(LOOK_EVERY_SECONDS)

    def _is_anything_open(self) -> bool:
        """Whether something waits for its time, or for another process that may die."""
        try:
            with self._app.app_context():
                return queue.is_anything_open(known_kinds())
        except SQLAlchemyError:
            return True

    def run_waiting(self) -> bool:
        """Do all that waits, then end; gives whether nothing had to be left waiting."""
        self._wake_on_signals()
        while not self.is_stopping and not self._rests_until and self._work_once():
            pass
        return not self._rests_until

    def _wake_on_signals(self) -> None:
        signal.signal(signal.SIGCHLD, lambda _signal, _frame: None)
        signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)

    def _work_once(self) -> bool:
        """Take one task and see it through; False where none waits."""
        try:
            claim = self._claimed()
        except (SQLAlchemyError, Busy, OSError) as error:
            log.error(  # noqa: TRY400 - the error's own words may be about a person
                "tasks_interrupted", error=type(error).__name__, where=error_location(error)
            )
            return False
        if claim is None:
            return False
        self._see_through(claim)
        return True

    def _claimed(self) -> Claim | None:
        with self._app.app_context():
            kinds, now = known_kinds(), database_now()
            if not queue.is_work_waiting(kinds, now=now):
                return None
            queue.free_stranded(kinds, now=now)
            return queue.claim(secrets.token_hex(16), kinds, now=now)

    def _see_through(self, claim: Claim) -> None:
        began = time.monotonic()
        with self._app.app_context():
            kind = known_kinds()[claim.kind]
            db.session.remove()
            db.engine.dispose()  # a child must not inherit a connection
        folder = _folder(self._app, claim)
        pid = self._fork(claim, kind, folder)
        status = self._awaited(pid, claim, kind)
        shutil.rmtree(folder, ignore_errors=True)
        self._write_down(claim, kind, status)
        log.info(
            "task_ended",
            kind=claim.kind,
            task=claim.task_id,
            status=status,
            seconds=round(time.monotonic() - began, 1),
        )

    def _fork(self, claim: Claim, kind: TaskKind[object], folder: Path) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            child.become(self._app, claim, kind, folder, parent)
        with suppress(OSError):  # by whoever of the two comes first: it is killed as a group
            os.setpgid(pid, pid)
        return pid

    def _awaited(self, pid: int, claim: Claim, kind: TaskKind[object]) -> int:
        """Wait for the child; gives its exit status, negative for the signal that killed it.

        It is killed when its time is over, when nobody wants its result any more, and when we are
        told to stop and it does not end in time.
        """
        ends_at = time.monotonic() + kind.seconds
        renewal = time.monotonic() + rules.RENEW_SECONDS
        killed_as: int | None = None
        while not (done := os.waitpid(pid, os.WNOHANG))[0]:
            now = time.monotonic()
            if killed_as is None and (killed_as := self._doom(claim, ends_at)) is not None:
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            elif killed_as is None and now >= renewal:
                renewal = now + rules.RENEW_SECONDS
                self._renew(claim)
            self._wait(LOOK_EVERY_SECONDS)
        with suppress(ProcessLookupError):  # whatever it has started ends with it
            os.killpg(pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(done[1])
        return status if killed_as is None or status == Exit.WRITTEN else killed_as

    def _doom(self, claim: Claim, ends_at: float) -> int | None:
        """Why the child has to end now, as the exit status that stands for it; None to go on."""
        if time.monotonic() >= ends_at:
            return Exit.TOO_LONG
        if self.is_stopping and time.monotonic() >= self._stopping_since + GRACE_SECONDS:
            return Exit.STOPPED
        try:
            with self._app.app_context():
                return None if queue.is_wanted(claim) else Exit.UNWANTED
        except SQLAlchemyError:
            return None  # the database is away for a moment; the lease decides

    def _renew(self, claim: Claim) -> None:
        try:
            with self._app.app_context():
                queue.renew(claim, now=database_now())
        except (SQLAlchemyError, Busy, OSError) as error:
            log.warning("task_not_renewed", task=claim.task_id, error=type(error).__name__)

    def _write_down(self, claim: Claim, kind: TaskKind[object], status: int) -> None:
        """Write what became of the child, as long as it takes, or another decides by the lease."""
        if status == Exit.DISK_FULL:
            self._rests_until = time.monotonic() + _FULL_DISK_SECONDS
        until = time.monotonic() + rules.LEASE_SECONDS
        while status != Exit.WRITTEN and time.monotonic() < until:
            try:
                with self._app.app_context():
                    _note(claim, kind, status)
                return
            except (SQLAlchemyError, Busy, OSError):
                self._wait(LOOK_EVERY_SECONDS)

    def _wait(self, seconds: float) -> None:
        select.select([self._wake_reader], [], [], seconds)
        with suppress(BlockingIOError):
            os.read(self._wake_reader, 512)


def _note(claim: Claim, kind: TaskKind[object], status: int) -> None:
    now = database_now()
    match status:
        case Exit.DISK_FULL:
            queue.give_back(claim, pause=rules.FULL_DISK_PAUSE, now=now)
        case Exit.STOPPED if kind.after_death.may_repeat:
            queue.give_back(claim, now=now)
        case Exit.TOO_LARGE:
            queue.fail(claim, Reason.TOO_LARGE, now=now)
        case Exit.TOO_LONG | child.CPU_TIME_OVER:
            queue.fail(claim, Reason.TOO_LONG, now=now)
        case _:
            queue.note_death(claim, kind, now=now)


def _folder(app: Flask, claim: Claim) -> Path:
    settings: Settings = app.extensions["settings"]
    return settings.instance / "tasks" / claim.token


def main(app: Flask, *, once: bool = False, ends_when_idle: bool = False) -> int:
    """Run tasks in this process until stopped, or idle; gives the exit status."""
    worker = TaskWorker(app)

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    if once:
        return 0 if worker.run_waiting() else 1
    worker.run(ends_when_idle=ends_when_idle)
    return 0
