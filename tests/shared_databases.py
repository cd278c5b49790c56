"""The databases that the tests of one process share: where they lie, and how one is emptied."""

from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import Connection

from event_mgmt.core import schema
from event_mgmt.core.database import Base, db

_MEMORY = Path("/dev/shm")
_migrated: list[bytes] = []
_ENOUGH = 3 * 2**30  # PostgreSQL alone keeps up to 1 GiB of its log, and two may work at a time


def a_folder(name: str) -> Path:
    """A new folder for a shared database, in memory where there is plenty of it.

    Tests commit thousands of times a minute, each time waiting for the disk, and none of them cuts
    the power. So the settings stay as durable as they are in use, where `doctor` looks at them.
    """
    is_roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
    return Path(tempfile.mkdtemp(prefix=f"events-{name}-", dir=_MEMORY if is_roomy else None))


def migrate() -> None:
    """Bring the current application's database up to date.

    A new embedded one is a copy of the first that this process has migrated: `tests/core/` and
    `tests/faults/` look at how migrations work.
    """
    path = Path(db.engine.url.database or "")
    is_new = db.engine.dialect.name == "sqlite" and not path.exists()
    if is_new and _migrated:
        path.write_bytes(_migrated[0])
        return
    schema.upgrade(db.engine)
    if is_new:
        db.engine.dispose()  # the last connection to go moves its log into the file
        _migrated.append(path.read_bytes())


def empty(app: Flask) -> None:
    """Leave no row in the application's database, and let its numbers begin anew."""
    with app.app_context():
        db.session.remove()
        is_postgresql = db.engine.dialect.name == "postgresql"
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            (_empty_postgresql if is_postgresql else _empty_sqlite)(connection)


@functools.cache
def _tables() -> list[str]:
    return [f'"{table.name}"' for table in reversed(Base.metadata.sorted_tables)]


def _empty_postgresql(connection: Connection) -> None:
    """So that rows stand in the order in which they are written: what DELETE leaves is filled in
    any order, and a test that names none would fail now and then.
    """
    connection.exec_driver_sql(f"TRUNCATE {', '.join(_tables())} RESTART IDENTITY")


def _empty_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in _tables():
        connection.exec_driver_sql(f"DELETE FROM {table}")
