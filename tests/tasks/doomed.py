"""Task processes of tests: one that knows the tests' kinds, and kinds that come to a bad end."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta
from multiprocessing.connection import Connection

from event_mgmt.core.sizes import MEGABYTE
from event_mgmt.tasks import child, rules, worker
from event_mgmt.tasks.kinds import Produced, Work, init_app
from tests.applications import an_application
from tests.tasks.kinds_for_tests import ALL, Counting, a_kind


def die(_given: Counting, _work: Work) -> None:
    """As the kernel ends whoever takes too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def swallow(_given: Counting, work: Work) -> Produced:
    """More memory than it may have."""
    taken = [bytearray(MEGABYTE) for _ in range(400)]
    return Produced(work.folder, str(len(taken)))


def spin(_given: Counting, _work: Work) -> None:
    """Keep a processor busy for good."""
    while True:
        pass


def sleep(_given: Counting, _work: Work) -> None:
    """Wait for good."""
    time.sleep(3600)


def fill_the_disk(given: Counting, work: Work) -> Produced:
    """Fails for want of room until a file says that there is some."""
    if not (work.folder.parent / "room").exists():
        raise OSError(28, "No space left on device")
    path = work.folder / "x"
    path.write_text("x" * given.last)
    return Produced(path, "x.txt")


def break_down(_given: Counting, _work: Work) -> None:
    """A fault of the code."""
    raise ZeroDivisionError


BAD = (
    a_kind("die", run=die),
    a_kind("swallow", run=swallow, memory=100 * MEGABYTE),
    a_kind("spin", run=spin, seconds=1),
    a_kind("sleep", run=sleep, seconds=1),
    a_kind("full", run=fill_the_disk),
    a_kind("break", run=break_down),
)
KINDS = (*ALL, *BAD)


def work(environ: dict[str, str], lease: int, line: Connection) -> None:
    """Say "ready", then run tasks until stopped. Leases last ``lease`` seconds, deaths pause 0 s."""
    app = an_application(**environ)
    init_app(app, KINDS)
    rules.LEASE_SECONDS, rules.RENEW_SECONDS, rules.PAUSE_SECONDS = lease, lease / 4, 0
    rules.FULL_DISK_PAUSE = timedelta(seconds=0.2)
    worker._FULL_DISK_SECONDS = worker.LOOK_EVERY_SECONDS = 0.1
    child._TELL_EVERY_SECONDS = 0.0
    line.send("ready")
    worker.main(app)


def work_until_idle(environ: dict[str, str], idle: float, line: Connection) -> None:
    """Say "ready", run tasks, and end when nothing has been open for ``idle`` seconds."""
    app = an_application(**environ)
    init_app(app, KINDS)
    rules.PAUSE_SECONDS, worker.IDLE_SECONDS, worker.LOOK_EVERY_SECONDS = 2, idle, 0.1
    line.send("ready")
    worker.main(app, ends_when_idle=True)
