"""Restoring a backup into the configured database, of either kind: all of it, or nothing.

Everything happens in one transaction: what was there is dropped, the schema of the backup's time is
built by its migrations, the rows are read in, the schema is brought up to date, erasures since the
backup are done once more, what guests were told counts as doubtful, and the outbox is held. A
restore that is killed leaves what was there.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from flask import current_app
from sqlalchemy import MetaData, Table, exists, func, inspect, select, text, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import AddConstraint, DropConstraint, ForeignKeyConstraint

from event_mgmt.accounts.models import User
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core import schema
from event_mgmt.core.database import APPLICATION_NAME, db, transactional, write_lock_path
from event_mgmt.core.refusals import Refusal
from event_mgmt.mail import outbox_hold, queue
from event_mgmt.operations import archive, values
from event_mgmt.operations.archive import Archive
from event_mgmt.operations.backup import found_tables
from event_mgmt.privacy import ledger, service as privacy
from event_mgmt.privacy.models import Erasure
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.settings import Settings
from event_mgmt.tasks import erasure as task_erasure

_HALF: Final = 2**29
_LONGER_THAN_ANY_LEASE: Final = timedelta(days=365)


@dataclass(frozen=True)
class RestoreConsent:
    """What the operator has agreed to: to lose what is there, to go on under another key."""

    replace: bool = False
    other_key: bool = False


def check(opened: Archive, consent: RestoreConsent) -> None:
    """Refuse a backup that this code cannot take in, or under this key only with consent."""
    settings: Settings = current_app.extensions["settings"]
    manifest = opened.manifest
    if not schema.is_known(manifest.revision):
        raise Refusal(
            f"The backup was made by a newer version (schema {manifest.revision}; this one knows"
            f" {schema.newest_revision()} and older). Install that version first."
        )
    if manifest.key_mark != archive.key_mark(settings.secret_key) and not consent.other_key:
        raise Refusal(
            "The backup was made under another SECRET_KEY. Without it the links in mails already"
            " sent end, and erased people are not recognised. Put the key back (SECRET_KEY or"
            f" {settings.instance / 'secret_key'}), or say --other-key."
        )


def check_alone(engine: Engine) -> None:
    """Refuse a database that other processes of the system have open.

    They keep pages of what is there now, and their workers know nothing of the hold yet.
    """
    engine.dispose()
    others = (
        _others_of_postgresql(engine)
        if write_lock_path(engine) is None
        else _others_of_sqlite(engine)
    )
    if others:
        raise Refusal(f"The database is in use by {others}. Stop web processes and workers first.")


def _others_of_postgresql(engine: Engine) -> str:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT coalesce(host(client_addr), 'this machine'), count(*)"
                " FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name = :mark AND pid <> pg_backend_pid() GROUP BY 1 ORDER BY 1"
            ),
            {"mark": APPLICATION_NAME},
        )
        return ", ".join(f"{count} connections from {host}" for host, count in rows)


def _others_of_sqlite(engine: Engine) -> str:
    """Whoever has a connection open, even an idle one, keeps us from having the file alone."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 500")
        connection.exec_driver_sql("PRAGMA locking_mode = EXCLUSIVE")
        connection.rollback()
        try:
            connection.execution_options(writes=True).exec_driver_sql("SELECT 1")
        except OperationalError:
            return "another process"
        finally:
            connection.invalidate()
    return ""


def present_erasures() -> list[ledger.PlainEntry]:
    """What the present database knows of erasures; nothing where it has no ledger yet."""
    if not inspect(db.engine).has_table(Erasure.__tablename__):
        return []
    found = ledger.entries()
    db.session.rollback()
    return found


@transactional
def restore(
    opened: Archive,
    consent: RestoreConsent,
    *,
    now: datetime,
    erasures: Iterable[Mapping[str, object]] = (),
    tell: Callable[[str], None] = lambda _table: None,
) -> int:
    """Put the backup in the place of what the database holds.

    ``erasures`` are entries of the ledger; gives how many people were erased once more. ``tell``
    hears the name of each table before its turn. Refuses a database with rows in it without
    consent, and a ledger that is none.
    """
    connection = db.session.connection()
    _lift_limits(connection)
    if not consent.replace and (name := _first_filled(connection)):
        raise Refusal(
            f"The database holds data ({name}). Say --replace if the backup is to take its place."
        )
    manifest = opened.manifest
    _drop_all(connection)
    schema.upgrade_on(connection, manifest.revision)
    _read_in(connection, opened, tell)
    schema.upgrade_on(connection)
    db.session.expire_all()
    _end_open_work(now)
    last_announcements.mark_all_doubtful()
    outbox_hold.hold(
        reason=f"restored from the backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC",
        by=SYSTEM,
        now=now,
    )
    try:
        ledger.import_entries(erasures)
    except ValueError as error:
        raise Refusal(f"The ledger cannot be read: {error}.") from None
    return privacy.erase_again(now=now)


def _lift_limits(connection: Connection) -> None:
    """Lift the limits that are meant for pages."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        return
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {limit} = 0"))


def _first_filled(connection: Connection) -> str | None:
    for table in found_tables(connection):
        if connection.execute(select(exists().select_from(table))).scalar():
            return table.name
    return None


def _drop_all(connection: Connection) -> None:
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


def _read_in(connection: Connection, opened: Archive, tell: Callable[[str], None]) -> None:
    tables = {table.name: table for table in found_tables(connection)}
    unknown = {table.name for table in opened.manifest.tables} ^ tables.keys()
    if unknown:
        raise archive.DamagedArchive(f"Not the tables of its schema: {', '.join(sorted(unknown))}.")
    bonds = [] if connection.dialect.name == "sqlite" else list(_foreign_keys(tables.values()))
    for bond in bonds:
        connection.execute(DropConstraint(bond))
    for listed in opened.manifest.tables:
        tell(listed.name)
        names = [column.name for column in listed.columns]
        kinds = [column.kind for column in listed.columns]
        rows = map(values.converted(kinds, values.READERS), opened.rows(listed))
        written = _write(connection, listed.name, names, rows, at_once=values.rows_at_once(kinds))
        if written != listed.rows:
            raise archive.DamagedArchive(f"{listed.name} has {written} rows, not {listed.rows}.")
    for table in tables.values():
        _reset_sequences(connection, table)
    for bond in bonds:
        connection.execute(AddConstraint(bond))


def _foreign_keys(tables: Iterable[Table]) -> Iterator[ForeignKeyConstraint]:
    """All foreign keys: PostgreSQL has them checked once at the end instead of row by row."""
    for table in tables:
        yield from table.foreign_key_constraints


def _write(
    connection: Connection,
    table: str,
    columns: list[str],
    rows: Iterator[list[object]],
    *,
    at_once: int,
) -> int:
    """Write rows as fast as the driver can; gives how many."""
    names = ", ".join(f'"{column}"' for column in columns)
    driver = connection.connection.driver_connection
    assert driver is not None
    count = 0
    if connection.dialect.name == "postgresql":
        with driver.cursor().copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        return count
    marks = ", ".join("?" * len(columns))
    while batch := list(islice(rows, at_once)):
        driver.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', batch)  # noqa: S608 - names of the schema
        count += len(batch)
    return count


def _reset_sequences(connection: Connection, table: Table) -> None:
    """Let PostgreSQL give ids above the highest one that was read in."""
    key = table.autoincrement_column
    if connection.dialect.name != "postgresql" or key is None:
        return
    sequence = connection.execute(
        select(func.pg_get_serial_sequence(f'"{table.name}"', key.name))
    ).scalar()
    highest = connection.execute(select(func.max(key))).scalar()
    if sequence and highest:
        connection.execute(select(func.setval(sequence, highest)))


def _end_open_work(now: datetime) -> None:
    """End all sessions, and give back what workers had in hand when the backup was made.

    A password changed since the backup is the old one again: whoever had to be kept out must not
    come in by an old cookie.
    """
    jump = secrets.randbelow(_HALF) + 1
    db.session.execute(
        update(User).values(session_version=(User.session_version + jump) % (2 * _HALF)),
        execution_options={"synchronize_session": False},
    )
    queue.release_stranded(now + _LONGER_THAN_ANY_LEASE)
    task_erasure.void_all(now=now)
