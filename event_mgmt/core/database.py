"""The database session, and the one place that commits."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Final, ParamSpec, Protocol, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Executable, Integer, MetaData, Row, Table, event, func, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import PoolProxiedConnection

from event_mgmt.core.clock import utc_now
from event_mgmt.core.errors import is_disk_full
from event_mgmt.core.ids import OrganisationId, TokenId, UserId
from event_mgmt.core.refusals import Busy, DiskFull
from event_mgmt.core.sqlite_write_lock import sqlite_write_lock
from event_mgmt.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

APPLICATION_NAME: Final = "event_mgmt"
"""How PostgreSQL's views of what is going on name our connections."""

_ATTEMPTS: Final = 4
_TRY_AGAIN: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_LOCK_NOT_AVAILABLE: Final = "55P03"

NAMING_CONVENTION: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table has in common: the naming of its constraints."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


Base.registry.update_type_annotation_map(
    {UserId: Integer, OrganisationId: Integer, TokenId: Integer}
)
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    from sqlite3 import Connection as SqliteConnection

    class Model(Base):
        """The base of all tables."""

        __abstract__ = True
else:
    Model = db.Model


def table_of(model: type[Base]) -> Table:
    """The table of ``model``, for statements that need nothing of the ORM and so cost less."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def engine_options(settings: Settings) -> dict[str, object]:
    """Options for the engine of either database; see docs/decisions/0002-two-databases.md."""
    shared: dict[str, object] = {
        "json_serializer": json.JSONEncoder(ensure_ascii=False).encode,
        # An error that ends in a log or on an operator's screen names no guest.
        "hide_parameters": True,
    }
    if settings.is_sqlite:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - only the embedded database needs it

        return {**shared, "module": dbapi2, "connect_args": {"timeout": 5.0}}
    limits = (
        "-c timezone=UTC -c lock_timeout=5s -c statement_timeout=30s"
        " -c idle_in_transaction_session_timeout=60s"
    )
    return {
        **shared,
        "pool_pre_ping": True,
        "pool_size": 5,
        "connect_args": {
            "options": limits,
            "connect_timeout": 5,
            "application_name": APPLICATION_NAME,
        },
    }


def prepare_sqlite(engine: Engine) -> None:
    """Give every connection of the embedded database its pragmas and explicit transactions."""

    @event.listens_for(engine, "connect")
    def _pragmas(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "busy_timeout=5000",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def fetch_rows(
    statement: Executable, values: Mapping[str, object]
) -> Sequence[Row[*tuple[object, ...]]]:
    """The rows of one statement, read on a connection of its own and without the ORM.

    For pages that need no more than that to know that what they have at hand still holds: a
    session would cost more than the statement.
    """
    with db.engine.connect() as connection:
        return connection.execute(statement, values).all()


def database_now() -> datetime:
    """The present instant, in UTC, by the clock that all machines share: PostgreSQL's own.

    The embedded database has one machine, and that machine's clock.
    """
    if db.engine.dialect.name != "postgresql":
        return utc_now()
    now: datetime = db.session.execute(select(func.clock_timestamp())).scalar_one()
    db.session.rollback()
    return now.astimezone(UTC)


class DriverCursor(Protocol):
    """What a driver gives for a statement; those asked here have one row at least."""

    def fetchone(self) -> Sequence[object]:
        """The next row."""

    def close(self) -> None:
        """Be done with it."""


class DriverConnection(Protocol):
    """A connection of either database's driver, without what the ORM's layers would cost."""

    def execute(self, statement: str, /) -> DriverCursor:
        """Do one statement."""


class _HeldConnection(Protocol):
    """A connection that was taken from the pool."""

    def close(self) -> None:
        """Give it back."""

    def invalidate(self) -> None:
        """Close it for good."""


class CommitWatch:
    """Tells whether anybody else has committed anything since ``begin``, for microseconds.

    It holds a connection of its own from ``begin`` (or the first ``mark``) to ``end``, outside any
    transaction.
    """

    _QUESTION: ClassVar[str]

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: _HeldConnection | None = None
        self._driver: DriverConnection | None = None
        self._seen: object = None

    def begin(self) -> None:
        """Remember how things stand; again, where it has begun already."""
        self._seen = self.mark()

    def mark(self) -> object:
        """How things stand: something else after every commit of somebody else.

        OperationalError where the database cannot be asked.
        """
        if self._driver is None:
            self._held, self._driver = self._connected()
        try:
            return self._driver.execute(self._QUESTION).fetchone()[0]
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise OperationalError(self._QUESTION, None, error) from error

    def has_seen_a_commit(self) -> bool:
        """Whether somebody else has committed since ``begin``."""
        return bool(self.mark() != self._seen)

    def end(self) -> None:
        """Give the connection back; harmless where there is none."""
        held = self._let_go()
        if held is not None:
            held.close()

    def drop(self) -> None:
        """Close the connection instead: it does not answer, or its engine goes."""
        held = self._let_go()
        if held is not None:
            with suppress(DBAPIError):
                held.invalidate()

    def _let_go(self) -> _HeldConnection | None:
        held, self._held, self._driver = self._held, None, None
        return held

    def _connected(self) -> tuple[_HeldConnection, DriverConnection]:
        raise NotImplementedError


class _SqliteWatch(CommitWatch):
    """``data_version`` rises on a connection with every commit of another one."""

    _QUESTION = "PRAGMA data_version"

    def _connected(self) -> tuple[_HeldConnection, DriverConnection]:
        try:
            held = self._engine.raw_connection()
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise OperationalError("connect", None, error) from error
        return held, driver_of(held)


class _PostgresqlWatch(CommitWatch):
    """A snapshot names what has been committed and what is still under way."""

    _QUESTION = "SELECT pg_current_snapshot()::text"

    def _connected(self) -> tuple[_HeldConnection, DriverConnection]:
        held = self._engine.execution_options(isolation_level="AUTOCOMMIT").connect()
        return held, driver_of(held.connection)


def driver_of(pooled: PoolProxiedConnection) -> DriverConnection:
    """The driver's own connection within one that was taken from the pool."""
    driver: DriverConnection | None = pooled.driver_connection
    assert driver is not None
    return driver


def commit_watch(engine: Engine) -> CommitWatch:
    """A watch for either database."""
    is_sqlite = engine.dialect.name == "sqlite"
    return _SqliteWatch(engine) if is_sqlite else _PostgresqlWatch(engine)


def write_lock_path(engine: Engine) -> str | None:
    """The file whose writers queue, or ``None`` where the database does that by itself."""
    return engine.url.database if engine.dialect.name == "sqlite" else None


def transactional(verb: Callable[P, R]) -> Callable[P, R]:
    """Make a use case one transaction: all of it happens, or none.

    The outermost verb commits; verbs called inside join it. What was read before is read anew,
    under the write lock. A lost race (a unique key taken meanwhile, a deadlock) rolls back and
    runs the whole verb again, a few times at most. Raises Busy when somebody else held a lock for
    too long, and DiskFull when there was no room to write.
    """

    @functools.wraps(verb)
    def one_transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        session = db.session
        if session.info.get("in_transaction"):
            return verb(*args, **kwargs)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return _run_once(verb, *args, **kwargs)
            except OSError as error:
                if is_disk_full(error):
                    raise DiskFull from error
                raise
            except DBAPIError as error:
                if is_disk_full(error):
                    raise DiskFull from error
                if _is_locked(error):
                    raise Busy from error
                if attempt == _ATTEMPTS or not _is_lost_race(error):
                    raise
        raise AssertionError("unreachable")

    return one_transaction


def each_in_own_transaction(verb: Callable[[T], object], things: Iterable[T]) -> None:
    """Do ``verb`` with each of ``things``, of which every one is a transaction of its own.

    One that fails does not keep the others waiting, however often the job comes by; the first
    fault is raised when all have had their turn. A database that cannot be reached or is busy is
    no fault of theirs, and ends it at once.
    """
    first: Exception | None = None
    for thing in things:
        try:
            verb(thing)
        except (Busy, OperationalError):
            raise
        except Exception as error:  # noqa: BLE001 - all are called, then the first fault is raised
            first = first or error
    if first is not None:
        raise first


def _run_once(verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    session = db.session
    session.rollback()
    with sqlite_write_lock(write_lock_path(db.engine)):
        session.info["in_transaction"] = True
        try:
            session.connection(execution_options={"writes": True})
            result = verb(*args, **kwargs)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("in_transaction", None)
    return result


def _is_locked(error: DBAPIError) -> bool:
    """Whether somebody else held a lock for longer than we wait."""
    if isinstance(error, OperationalError) and "database is locked" in str(error.orig):
        return True
    return getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE


def _is_lost_race(error: DBAPIError) -> bool:
    if isinstance(error, IntegrityError):
        return True
    return getattr(error.orig, "sqlstate", None) in _TRY_AGAIN
