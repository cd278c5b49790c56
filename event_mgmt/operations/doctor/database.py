"""Examines the database: version, settings, schema, soundness, seats, clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from event_mgmt.core import schema
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import SeatPool
from event_mgmt.files import queries as files
from event_mgmt.operations.doctor import rules
from event_mgmt.operations.doctor.finding import Finding, ok, problem, warning
from event_mgmt.registrations.enums import HOLDS_SEATS
from event_mgmt.registrations.models import Registration
from event_mgmt.resources import COMMAND
from event_mgmt.settings import Settings
from event_mgmt.tasks import queries as task_queries

_SETTINGS = (
    "server_encoding",
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "lock_timeout",
    "statement_timeout",
    "idle_in_transaction_session_timeout",
)


def is_reachable() -> Finding | None:
    """What keeps us from the database; ``None`` when it answers."""
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        words = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
        return problem("database", f"cannot be reached: {words}", "see DATABASE_URL and its server")
    return None


def engine(settings: Settings, _now: datetime) -> Iterator[Finding]:
    """Version and settings of the database itself."""
    yield from _sqlite() if settings.is_sqlite else _postgresql()


def _sqlite() -> Iterator[Finding]:
    with db.engine.connect() as connection:
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
        yield rules.sqlite_version(tuple(int(part) for part in version.split(".")))
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
    path = Path(db.engine.url.database or "")
    yield rules.sqlite_settings(found, file_system=file_system_of(path, _mounts()))
    mode = path.stat().st_mode & 0o777
    if mode & 0o007 and path.parent.stat().st_mode & 0o001:
        yield warning("database file", f"others may read it (mode {mode:o})", "chmod 600 it")


def _mounts() -> str:
    table = Path("/proc/self/mounts")
    return table.read_text() if table.exists() else ""


def file_system_of(path: Path, mounts: str) -> str:
    """The type of the file system that ``path`` lies on, by the lines of /proc/self/mounts."""
    best, kind = "", ""
    for line in mounts.splitlines():
        _device, point, its_kind, *_rest = line.split()
        is_above = path.is_relative_to(point)
        if is_above and len(point) >= len(best):
            best, kind = point, its_kind
    return kind


def _postgresql() -> Iterator[Finding]:
    with db.engine.connect() as connection:

        def ask(question: str) -> str:
            return str(connection.execute(text(question)).scalar())

        version = int(ask("SHOW server_version_num"))
        yield rules.postgresql_version(version)
        yield from rules.postgresql_settings({name: ask(f"SHOW {name}") for name in _SETTINGS})
        if ask("SELECT pg_is_in_recovery()") == "True":
            yield problem(
                "database",
                "is a standby: nothing can be written",
                "point DATABASE_URL at the primary",
            )
        if rules.notes_collation(version):
            stored, actual = connection.execute(
                text(
                    "SELECT datcollversion, pg_database_collation_actual_version(oid)"
                    " FROM pg_database WHERE datname = current_database()"
                )
            ).one()
            yield rules.collation(stored, actual)
        theirs = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        yield rules.clock("the database", theirs - utc_now())


def migrations(_settings: Settings, _now: datetime) -> Iterator[Finding]:
    """Whether the schema is the one that this code needs."""
    current, newest = schema.current_revision(db.engine), schema.newest_revision()
    if current == newest:
        yield ok("schema", f"at revision {current}, the newest")
    elif not schema.is_known(current):
        yield problem("schema", f"at {current}, newer than this code", "install the newer version")
    else:
        yield problem("schema", f"at {current}, not at {newest}", f"{COMMAND} db upgrade")


def soundness(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What the database says of its own file, and whether seats are counted as they are held."""
    if settings.is_sqlite:
        yield _sqlite_soundness()
    if schema.is_current(db.engine):
        yield _seats()
        yield _files(now)


def _sqlite_soundness() -> Finding:
    damaged = "move the file aside and restore the last backup, with the last ledger of erasures"
    with db.engine.connect() as connection:
        try:
            words = connection.exec_driver_sql("PRAGMA quick_check(3)").scalars().all()
        except DatabaseError as error:
            return problem("integrity", str(error.orig), damaged)
        if words != ["ok"]:
            return problem("integrity", " ".join("; ".join(map(str, words)).split()), damaged)
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if loose is not None:
        return problem("integrity", f"a row of {loose[0]} points nowhere", "ask the developers")
    return ok("integrity", "quick_check and foreign keys are well")


def _files(now: datetime) -> Finding:
    found = files.state_of_files(now=now)
    db.session.rollback()
    return rules.files(found.number, size=found.size, damaged=found.damaged, overdue=found.overdue)


def _seats() -> Finding:
    held = (
        select(func.coalesce(func.sum(Registration.seats), 0))
        .where(Registration.pool_id == SeatPool.id, Registration.status.in_(HOLDS_SEATS))
        .scalar_subquery()
    )
    wrong = db.session.scalars(
        select(SeatPool.event_id).where(SeatPool.taken != held).order_by(SeatPool.event_id).limit(5)
    ).all()
    db.session.rollback()
    if wrong:
        events = ", ".join(map(str, wrong))
        return problem("seats", f"counted wrongly at event {events}", "ask the developers")
    return ok("seats", "counted as they are held")


def tasks(_settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether long tasks are run."""
    if not schema.is_current(db.engine):
        return
    found = task_queries.task_health(now=now)
    db.session.rollback()
    yield rules.tasks(found.oldest_due_at, running=found.running, stranded=found.stranded, now=now)
