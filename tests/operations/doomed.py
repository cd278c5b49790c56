"""A backup that is killed (by SIGKILL, which asks nobody) when it reaches a given point.

Run as ``python -m tests.operations.doomed PHASE PATH`` with the system's settings around it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from event_mgmt.core.clock import utc_now
from event_mgmt.operations import archive, backup
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


def main(phase: str, path: str) -> None:
    """Back the system up, and die at ``phase``."""
    app = create_app()
    owner, name = PHASES[phase]
    setattr(owner, name, _die)
    with app.app_context():
        backup.back_up(Path(path), now=utc_now())


if __name__ == "__main__":
    main(*sys.argv[1:])
