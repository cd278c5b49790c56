"""A backup or a restore that is killed (by SIGKILL, which asks nobody) at a given point."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from event_mgmt.core.clock import utc_now
from event_mgmt.operations import archive, backup, restore
from event_mgmt.operations.archive import Archive
from event_mgmt.operations.restore import RestoreConsent
from event_mgmt.wiring import create_app


def _die(*_args: object, **_named: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


PHASES = {
    "amid_rows": (archive.json, "dumps"),  # the manifest's: all rows are written
    "amid_tables": (backup.values, "converted"),
    "before_sync": (os, "fsync"),
    "before_name": (Path, "rename"),
    "never": (archive, "unused"),
}


RESTORE_PHASES = {
    "dropped": (restore, "_read_in"),
    "amid_rows": (restore, "_write"),
    "rows_written": (restore, "_reset_sequences"),
    "before_hold": (restore, "_end_open_work"),
    "before_commit": (restore.privacy, "erase_again"),
}


def work(environ: dict[str, str], phase: str, path: Path, _line: Connection) -> None:
    """In a process of its own: back up, or restore from an existing file, and die at ``phase``."""
    os.environ.update(environ)
    app = create_app()
    is_restore = path.exists()
    owner, name = (RESTORE_PHASES if is_restore else PHASES)[phase]
    setattr(owner, name, _die)
    with app.app_context():
        if not is_restore:
            backup.back_up(path, now=utc_now())
            return
        with Archive(path) as opened:
            restore.restore(opened, RestoreConsent(replace=True), now=utc_now())
