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


def current_revision(engine: Engine) -> str | None:
    """The revision that the database is at; ``None`` when it is empty."""
    with engine.connect() as connection:
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
        command.upgrade(_config(connection), "head")
