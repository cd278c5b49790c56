"""What the embedded database still holds of rows that are gone, and how it lets go of it.

``secure_delete`` (core/database) overwrites what is deleted. Two places are left. The write-ahead
log holds pages as they were before: a checkpoint that empties it takes care of that, tried again
while readers hold it off. And when SQLite moves rows from one page to another it may leave copies
between the rows of a page, a few among thousands of changes (measured): only VACUUM writes every
page anew. It keeps everybody from writing, so it is never done in running service, but by
``db upgrade`` and, where it is quick, at a clean stop: once for pages that were freed before
``secure_delete`` was on, and again whenever somebody was erased since.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from event_mgmt.core.database import DriverConnection, db, driver_of, write_lock_path
from event_mgmt.core.refusals import Busy
from event_mgmt.core.sqlite_write_lock import sqlite_write_lock

QUICK_BYTES: Final = 64 * 1024 * 1024
"""What is written anew within a second or two."""

_COMPACT: Final = 1  # the file's user_version: nothing was erased since every page was written
_TRIES: Final = 10
_PAUSE_SECONDS: Final = 0.05
_SPARE_BYTES: Final = 16 * 1024 * 1024


def mark_due() -> None:
    """Note, in the present transaction, that somebody was erased."""
    if db.engine.dialect.name == "sqlite":
        db.session.connection().exec_driver_sql("PRAGMA user_version = 0")


def empty_log(_now: datetime | None = None) -> bool:
    """Background job: write the log's pages to the file and empty it; gives whether that was done.

    Readers who are looking at an older state hold it off: it is tried a few times within half a
    second, without keeping anybody waiting, and again with the next round.
    """
    path = write_lock_path(db.engine)
    if path is None or not _size(f"{path}-wal"):
        return True
    for _try in range(_TRIES):
        try:
            with sqlite_write_lock(path, timeout=_PAUSE_SECONDS), _alone(db.engine) as connection:
                busy, _pages, _done = connection.execute(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                ).fetchone()
        except Busy:
            busy = True
        if not busy:
            return True
        time.sleep(_PAUSE_SECONDS)
    return False


def compact(engine: Engine, *, most_bytes: int | None = None) -> str:
    """Write every page anew where that is due; gives words for the operator where it was not done.

    Not with another process at the database, a file larger than ``most_bytes``, or too little
    room: on the disk (the log takes all of the file once more) or in memory.
    """
    path = write_lock_path(engine)
    if path is None:
        return ""
    engine.dispose()  # our own connections that nobody uses at the moment
    with _alone(engine) as connection:
        if connection.execute("PRAGMA user_version").fetchone()[0] == _COMPACT:
            return ""
        size = _size(path)
        if most_bytes is not None and size > most_bytes:
            return ""
        if words := _lack_of_room(Path(path).parent, size):
            return words
        if not _is_alone(connection, _fault(engine)):
            return (
                "Other processes have the database open: what erased rows may have left in it stays"
                " until `db upgrade` finds it alone."
            )
        try:
            connection.execute("VACUUM")
            connection.execute(f"PRAGMA user_version = {_COMPACT}")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except _fault(engine) as error:
            return f"The database could not be written anew, and is as it was: {error}."
    return ""


def close_cleanly(engine: Engine) -> None:
    """Leave nothing but the file itself, if nobody else is at it; a fault here hurts nobody."""
    if write_lock_path(engine) is None:
        return
    try:
        compact(engine, most_bytes=QUICK_BYTES)
        empty_log()
    except (DBAPIError, OSError, _fault(engine)):
        pass
    finally:
        engine.dispose()


def _lack_of_room(folder: Path, size: int) -> str:
    needed = size + _SPARE_BYTES
    places = {f"on the disk of {folder}": shutil.disk_usage(folder).free, "in memory": _memory()}
    for place, free in places.items():
        if free < needed:
            return (
                f"To write the database anew, so that nothing is left of erased rows,"
                f" {needed // 1024**2 + 1} MB must be free {place}; {free // 1024**2} MB are."
                " Make room and say `db upgrade` again."
            )
    return ""


def _memory() -> int:
    """Bytes of memory that can be had; SQLite keeps its copy there."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        name, _colon, amount = line.partition(":")
        if name == "MemAvailable":
            return int(amount.split()[0]) * 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")


def _is_alone(connection: DriverConnection, fault: type[Exception]) -> bool:
    """Whether nobody else has a connection open, even an idle one."""
    try:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except fault:  # "database is locked"
        return False
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    return True


def _fault(engine: Engine) -> type[Exception]:
    """What the database's driver raises."""
    assert engine.dialect.dbapi
    fault: type[Exception] = engine.dialect.dbapi.Error
    return fault


@contextmanager
def _alone(engine: Engine) -> Iterator[DriverConnection]:
    """A connection of the driver that begins no transaction and waits for nobody."""
    pooled = engine.raw_connection()
    try:
        connection = driver_of(pooled)
        connection.execute("PRAGMA busy_timeout = 0").close()
        yield connection
    finally:
        pooled.invalidate()


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
