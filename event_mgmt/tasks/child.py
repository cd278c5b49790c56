"""The process of one task: its limits, its rights, the work, and the writing down of the result."""

from __future__ import annotations

import contextvars
import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from typing import Final, NoReturn

import structlog
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import event

from event_mgmt.accounts.models import User
from event_mgmt.accounts.policy import Viewer
from event_mgmt.accounts.sessions import viewer_of
from event_mgmt.core.database import database_now, db
from event_mgmt.core.errors import call_path, is_disk_full
from event_mgmt.core.refusals import DiskFull, Missing, Refusal
from event_mgmt.tasks import arguments as task_arguments, queue, results
from event_mgmt.tasks.arguments import Json, UnreadableArguments
from event_mgmt.tasks.enums import Reason
from event_mgmt.tasks.kinds import AnyTaskKind
from event_mgmt.tasks.models import Task
from event_mgmt.tasks.queue import Claim, Progress, Result

log = structlog.get_logger()

CPU_TIME_OVER: Final = -signal.SIGXCPU
_TELL_EVERY_SECONDS: Final = 0.5
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15


class Exit(IntEnum):
    """How the process of a task ends. Any other status, and any signal, is a death.

    WRITTEN: what became of the task stands in its row. STOPPED stands for whoever was killed
    because the system stops.
    """

    WRITTEN = 0
    DISK_FULL = 70
    TOO_LARGE = 71
    TOO_LONG = 72
    UNWANTED = 73
    STOPPED = 74


class Unwanted(Exception):
    """The task was cancelled, or is another's meanwhile."""


class RunningWork:
    """What a kind's function is given; see kinds.Work."""

    def __init__(self, claim: Claim, task: Task, asker: User, folder: Path) -> None:
        self.viewer: Viewer = viewer_of(asker)
        self.asker_name: str = asker.display_name
        self.locale: str = task.locale
        self.folder = folder
        self.checkpoint: Mapping[str, Json] | None = task.checkpoint
        self._claim = claim
        self._last_checkpoint: dict[str, Json] | None = task.checkpoint
        self._reported_at = 0.0

    def tell(self, percent: int, code: str, **values: Json) -> None:
        """Say how far the work has come; what comes within half a second of the last is dropped.

        Raises Unwanted when the work need not go on.
        """
        if time.monotonic() - self._reported_at < _TELL_EVERY_SECONDS:
            return
        self._reported_at = time.monotonic()
        self._write(Progress(max(0, min(99, percent)), code, values, self._last_checkpoint))

    def keep(self, checkpoint: Mapping[str, Json]) -> None:
        """Remember from where another attempt may go on; written with the next word of progress."""
        self._last_checkpoint = dict(checkpoint)

    def _write(self, progress: Progress) -> None:
        if not queue.report(self._claim, progress):
            raise Unwanted


def become(app: Flask, claim: Claim, kind: AnyTaskKind, folder: Path, parent: int) -> NoReturn:
    """In the new process: run the task, and never come back."""
    status: int = 1
    try:
        _be_a_child_of(parent, claim)
        limit(kind)
        status = contextvars.Context().run(_work, app, claim, kind, folder)
    except BaseException as error:  # noqa: BLE001 - the child must never come back
        _tell(claim, error)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _be_a_child_of(parent: int, claim: Claim) -> None:
    """A group of its own, which ends with the parent; the parent's handlers are not ours."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's business
    os.setpgid(0, 0)
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)
    libc.prctl(_PR_SET_NAME, f"events task {claim.task_id}".encode()[:15], 0, 0, 0)
    os.nice(10)  # pages and mail come first


def limit(kind: AnyTaskKind) -> None:
    """Let this process, and each that it starts, take no more memory and time than the kind says.

    Of memory what is written to counts (RLIMIT_DATA), on top of what was there at the start: maps
    of files and address space set aside cost nothing. Of time that of the processor; the parent
    watches the clock on the wall.
    """
    most = _data_bytes() + kind.memory
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (kind.seconds, kind.seconds + 5))


def _data_bytes() -> int:
    fields = Path("/proc/self/status").read_text().splitlines()
    found = [line.split()[1] for line in fields if line.startswith("VmData:")]
    return int(found[0]) * 1024 if found else 0


def _work(app: Flask, claim: Claim, kind: AnyTaskKind, folder: Path) -> int:
    with app.app_context():
        _lift_page_limits(kind)
        folder.mkdir(mode=0o700, parents=True)
        return run(claim, kind, folder)


def run(claim: Claim, kind: AnyTaskKind, folder: Path) -> int:
    """Do the work of ``claim`` in this process, and write down its end; gives the exit status."""
    task = db.session.get_one(Task, claim.task_id, populate_existing=True)
    try:
        with force_locale(task.locale):
            return _ended(claim, kind, task, folder)
    except Unwanted:
        return Exit.UNWANTED
    except MemoryError:
        return Exit.TOO_LARGE
    except Exception as error:  # noqa: BLE001 - the task has failed, and its asker is told
        if is_disk_full(error) or isinstance(error, DiskFull):
            return Exit.DISK_FULL
        _tell(claim, error)
        return 1


def _ended(claim: Claim, kind: AnyTaskKind, task: Task, folder: Path) -> int:
    try:
        _do(claim, kind, task, folder)
    except UnreadableArguments:
        queue.fail(claim, Reason.UNREADABLE, now=database_now())
    except Missing:
        queue.fail(claim, Reason.NO_RIGHT, now=database_now())
    except Refusal as refusal:
        queue.fail(claim, Reason.REFUSED, words=str(refusal), now=database_now())
    return Exit.WRITTEN


def _do(claim: Claim, kind: AnyTaskKind, task: Task, folder: Path) -> None:
    given = task_arguments.read(kind.arguments, task.arguments)
    asker = db.session.get_one(User, task.user_id)
    work = RunningWork(claim, task, asker, folder)
    if not asker.is_active or not kind.may(given, work.viewer):
        raise Missing
    produced = kind.run(given, work)
    db.session.rollback()
    if produced is None:
        _finish(claim, None)
        return
    with results.stored(produced.path, task, now=database_now()) as file_id:
        _finish(claim, Result(file_id, produced.name, produced.facts))


def _finish(claim: Claim, result: Result | None) -> None:
    if not queue.finish(claim, result, now=database_now()):
        raise Unwanted


def _lift_page_limits(kind: AnyTaskKind) -> None:
    """PostgreSQL's limits are meant for pages: a long list may be read for as long as it takes."""
    if db.engine.dialect.name != "postgresql":
        return

    @event.listens_for(db.engine, "do_connect")
    def _lift(_dialect: object, _record: object, _given: object, options: dict[str, str]) -> None:
        limit = kind.seconds * 1000  # the last of several words on one setting counts
        options["options"] += (
            f" -c statement_timeout={limit} -c idle_in_transaction_session_timeout={limit}"
        )


def _tell(claim: Claim, error: BaseException) -> None:
    log.error("task_broke", task=claim.task_id, error=type(error).__name__, way=call_path(error))
