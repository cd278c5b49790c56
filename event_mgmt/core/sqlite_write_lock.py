"""Writers of the embedded database queue here before they ask SQLite for its lock.

SQLite's own busy handler sleeps longer and longer, so that whoever has waited longest is the
least likely to come next. A short, even wait on a file lock gives every writer the same chance.
The kernel frees the lock when its holder dies. Threads of one process queue among themselves
first: were all of them to ask for the file, they would keep its holder from working.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from event_mgmt.core.refusals import Busy

TIMEOUT_SECONDS = 5.0
_STEP_SECONDS = 0.0005
_in_this_process: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


@contextmanager
def sqlite_write_lock(path: str | None, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[None]:
    """Hold the one writer's turn for the database file at ``path`` (``None``: nothing to wait for).

    Raises Busy when the turn did not come within ``timeout`` seconds.
    """
    if path is None:
        yield
        return
    deadline = time.monotonic() + timeout
    if not _in_this_process[path].acquire(timeout=timeout):
        raise Busy
    try:
        handle = os.open(f"{path}.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _wait(handle, deadline)
            yield
        finally:
            os.close(handle)
    finally:
        _in_this_process[path].release()


def _wait(handle: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise Busy from None
            time.sleep(_STEP_SECONDS)
        else:
            return
