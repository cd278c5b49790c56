"""Databases as earlier versions left them: built by their migrations, filled without the models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData

from event_mgmt.core import schema
from event_mgmt.core.database import db

_SOME = {
    sa.DateTime: datetime(2026, 11, 1, tzinfo=UTC),
    sa.Boolean: False,
    sa.JSON: {},
    sa.Integer: 0,
    sa.String: "",
}


@contextmanager
def database_at(revision: str) -> Iterator[Connection]:
    """The present database with the schema of ``revision`` and no rows; undone at the end."""
    db.session.rollback()
    with db.engine.connect().execution_options(writes=True) as connection:
        transaction = connection.begin()
        _drop_all(connection)
        schema.upgrade_on(connection, revision)
        yield connection
        transaction.rollback()


def _drop_all(connection: Connection) -> None:
    """Drop all tables, which are empty, whatever refers to what."""
    in_order = sa.inspect(connection).get_sorted_table_and_fkc_names()
    names = [f'"{name}"' for name, _keys in reversed(in_order) if name]
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"DROP TABLE {', '.join(names)} CASCADE")
        return
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for name in names:
        connection.exec_driver_sql(f"DROP TABLE {name}")


def insert(connection: Connection, table: str, **values: Any) -> int:
    """Write a row that says ``values``, and something as plain as can be elsewhere; gives its id.

    Read the schema anew each time: what is inserted after an upgrade is what its version before
    would insert.
    """
    row = sa.Table(table, MetaData(), autoload_with=connection)
    for column in row.columns:
        is_left_out = column.nullable or column.server_default is not None or column.primary_key
        if column.name in values or is_left_out:
            continue
        values[column.name] = next(
            some for kind, some in _SOME.items() if isinstance(column.type, kind)
        )
    return int(connection.execute(sa.insert(row).values(values).returning(row.c.id)).scalar_one())
