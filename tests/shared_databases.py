"""The databases that the tests of one process share: where they lie, and how one is emptied."""

from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path

from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import Connection

from event_mgmt.core import schema
from event_mgmt.core.database import Base, db
from tests import transitions

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
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            transitions.guard(connection)
        db.engine.dispose()  # the last connection to go moves its log into the file
        _migrated.append(path.read_bytes())


def empty(app: Flask) -> None:
    """Leave no row in the application's database, and let its numbers begin anew."""
    with app.app_context():
        db.session.remove()
        if db.engine.dialect.name == "postgresql":
            _empty_postgresql()
        else:
            _empty_sqlite()


@functools.cache
def _tables() -> list[str]:
    return [table.name for table in reversed(Base.metadata.sorted_tables)]


_WRITTEN = text("""
    SELECT tables.relname AS name,
           pg_relation_size(tables.oid) > 0 AS holds,
           CASE WHEN pg_sequence_last_value(numbers.oid) IS NOT NULL THEN numbers.relname END
               AS counter
    FROM pg_class AS tables
    LEFT JOIN pg_depend AS owned
        ON owned.refobjid = tables.oid AND owned.deptype IN ('a', 'i')
        AND owned.classid = 'pg_class'::regclass AND owned.refclassid = 'pg_class'::regclass
        AND owned.objid IN (SELECT oid FROM pg_class WHERE relkind = 'S')
    LEFT JOIN pg_class AS numbers ON numbers.oid = owned.objid
    WHERE tables.relkind = 'r' AND tables.relname = ANY(:names)
""")
"""Which tables have been written to since they were new, were it in vain, and which have counted."""
_BYTES = text("""
    SELECT sum(pg_relation_size(quote_ident(name)::regclass))
    FROM unnest(CAST(:names AS text[])) AS name
""")
_NO_TRIGGERS = "SET LOCAL session_replication_role = replica"


def _empty_postgresql() -> None:
    """So that rows stand in the order in which they are written: what DELETE alone leaves is filled
    in any order, and a test that names none would fail now and then.

    A file of no bytes is one that nobody has written to. Of the others VACUUM gives back what was
    deleted, unless somebody could still look at it; TRUNCATE, which asks nobody, takes a new file
    for each table, index and counter, and that as long as many a test.
    """
    autocommit = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with autocommit as connection:
        written, counters = _written(connection)
        if written:
            deletions = "; ".join(f'DELETE FROM "{name}"' for name in written)
            connection.exec_driver_sql(f"BEGIN; {_NO_TRIGGERS}; {deletions}; COMMIT")
            connection.exec_driver_sql(f"VACUUM {_listed(written)}")
            if connection.scalar(_BYTES, {"names": written}):
                connection.exec_driver_sql(f"TRUNCATE {_listed(_tables())}")
        if counters:
            calls = ", ".join(f"setval('\"{name}\"', 1, false)" for name in counters)
            connection.exec_driver_sql(f"SELECT {calls}")


def _written(connection: Connection) -> tuple[list[str], list[str]]:
    """The tables that are not as new, in an order in which they can be emptied; the counters too."""
    rows = connection.execute(_WRITTEN, {"names": _tables()}).all()
    written = {row.name for row in rows if row.holds}
    return [name for name in _tables() if name in written], [
        row.counter for row in rows if row.counter
    ]


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _empty_sqlite() -> None:
    connection = db.engine.connect().execution_options(writes=True)
    with connection, connection.begin():
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for name in _tables():
            connection.exec_driver_sql(f'DELETE FROM "{name}"')
        if not transitions.is_guarded(connection):  # a backup was restored into it
            transitions.guard(connection)
