"""The database's schema: bring it up to date, and tell whether it is."""

from __future__ import annotations

import functools

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from event_mgmt.core.database import turn_path
from event_mgmt.core.write_turn import write_turn
from event_mgmt.settings import PROJECT_ROOT

_UPGRADE_LOCK = 7_402_011  # any number that nothing else in this database uses


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PROJECT_ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


@functools.cache
def newest_revision() -> str | None:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_known(revision: str | None) -> bool:
    """Whether this code has a way from ``revision`` (``None``: an empty database) to its own."""
    known = {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}
    return revision is None or revision in known


def current_revision(engine: Engine) -> str | None:
    """The revision that the database is at; ``None`` when it is empty."""
    with engine.connect() as connection:
        return revision_on(connection)


def revision_on(connection: Connection) -> str | None:
    """The revision as ``connection``'s transaction sees it; ``None`` when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly the schema that this code needs."""
    return current_revision(engine) == newest_revision()


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date, in one transaction; of several callers one does it."""
    with (
        write_turn(turn_path(engine), patience=60),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
        upgrade_on(connection)


def upgrade_on(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to ``revision`` in the transaction that runs on ``connection``."""
    command.upgrade(_config(connection), revision)
