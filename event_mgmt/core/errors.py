"""Where an error broke out, without its own words (they may be about a person), and full disks."""

from __future__ import annotations

import errno
import os
import traceback
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_POSTGRESQL_DISK_FULL: Final = "53100"
_SQLITE_FULL, _SQLITE_IOERR, _SQLITE_CANTOPEN = 13, 10, 14
_NEXT_TO_NOTHING: Final = 64 * 1024


def is_disk_full(error: BaseException) -> bool:
    """Whether ``error`` comes of a disk that takes nothing more, the database's or another.

    SQLite says so in three ways: that it is full, that it could not write, and that it could not
    make a file beside its own; of the last two only the disk itself tells why.
    """
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) == _POSTGRESQL_DISK_FULL:
        return True
    if os.strerror(errno.ENOSPC) in str(error.orig):  # PostgreSQL, which may not even let us in
        return True
    code = (getattr(error.orig, "sqlite_errorcode", 0) or 0) & 0xFF
    return code == _SQLITE_FULL or (code in {_SQLITE_IOERR, _SQLITE_CANTOPEN} and _no_room())


def _no_room() -> bool:
    """Whether next to nothing can be written beside the embedded database."""
    from event_mgmt.core.database import db, write_lock_path  # noqa: PLC0415 - which asks this module

    try:
        disk = os.statvfs(Path(write_lock_path(db.engine) or "/").parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < _NEXT_TO_NOTHING


def error_location(error: BaseException) -> str:
    """The innermost file and line that ``error`` came from, such as ``notices.py:42``."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def call_path(error: BaseException) -> list[str]:
    """Where ``error`` passed, the outermost first, such as ``["views.py:20 show", ...]``."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
