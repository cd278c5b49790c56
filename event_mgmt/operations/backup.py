"""Backing up a live system: every row as one snapshot of the database shows it, in one file.

The rows are read through SQLAlchemy, from the tables as they are found, on either database. So
there is one format instead of two, no client program has to be installed in the right version, a
backup may be taken before an upgrade, and may be restored into the other kind of database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from flask import current_app
from sqlalchemy import MetaData, Table, select, text
from sqlalchemy.engine import Connection, Engine

from event_mgmt.core import schema
from event_mgmt.core.database import db
from event_mgmt.core.refusals import Refusal
from event_mgmt.operations import archive, values
from event_mgmt.operations.archive import ArchivedColumn, Manifest
from event_mgmt.settings import Settings

VERSION_TABLE: Final = "alembic_version"


def back_up(
    path: Path, *, now: datetime, tell: Callable[[str], None] = lambda _table: None
) -> Manifest:
    """Write a backup of the configured database to ``path``; gives what it holds.

    ``tell`` hears the name of each table before its turn. Readers and writers go on meanwhile.
    Refuses to replace a file, and to back up a database that has no schema yet.
    """
    if path.exists():
        raise Refusal(f"{path} exists already.")
    settings: Settings = current_app.extensions["settings"]
    with _snapshot(db.engine) as connection, archive.written(path) as file:
        revision = schema.revision_on(connection)
        if revision is None:
            raise Refusal("The database is empty: there is nothing to back up.")
        tables = []
        for table in found_tables(connection):
            tell(table.name)
            columns = tuple(
                ArchivedColumn(each.name, values.kind_of(each)) for each in table.columns
            )
            rows = _rows(connection, table, [column.kind for column in columns])
            tables.append(archive.add_table(file, table.name, columns, rows))
        manifest = Manifest(
            made_at=now,
            revision=revision,
            database=connection.dialect.name,
            key_mark=archive.key_mark(settings.secret_key),
            tables=tuple(tables),
        )
        archive.add_manifest(file, manifest)
    return manifest


def found_tables(connection: Connection) -> list[Table]:
    """The tables that the database has, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSION_TABLE]


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database, and keeps nobody from writing."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.execute(text(f"SET LOCAL {limit} = 0"))
        yield connection


def _rows(connection: Connection, table: Table, kinds: list[str]) -> Iterator[list[object]]:
    convert = values.converted(kinds, values.WRITERS)
    query = select(*[values.read_as(column) for column in table.columns])
    with connection.execute(
        query, execution_options={"yield_per": values.rows_at_once(kinds)}
    ) as found:
        for row in found:
            yield convert(list(row))
