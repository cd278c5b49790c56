"""The database's schema: bring it up to date, and tell whether it is."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine

from event_mgmt.core.database import write_lock_path
from event_mgmt.core.sqlite_write_lock import sqlite_write_lock
from event_mgmt.resources import resource
from event_mgmt.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = resource("migrations")
_UPGRADE_LOCK = 7_402_011  # any number that nothing else in this database uses
_TIMEOUT_SECONDS = 600


class SchemaIsNewer(Exception):
    """The database was made by a later release than this one."""


def known_revisions() -> list[str]:
    """All revisions that this code has a way from, oldest first: the numbers its files begin with.

    Web processes ask for no more than that, so they do without the migration tool, whose loading
    would cost every start a tenth.
    """
    return sorted(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("0*.py"))


@functools.cache
def newest_revision() -> str:
    """The revision that this code needs."""
    return known_revisions()[-1]


def is_known(revision: str | None) -> bool:
    """Whether this code has a way from ``revision`` (``None``: an empty database) to its own."""
    return revision is None or revision in known_revisions()


def current_revision(engine: Engine) -> str | None:
    """The revision that the database is at; ``None`` when it is empty."""
    with engine.connect() as connection:
        return revision_on(connection)


def revision_on(connection: Connection) -> str | None:
    """The revision as ``connection``'s transaction sees it; ``None`` when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly the schema that this code needs."""
    return current_revision(engine) == newest_revision()


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date, in one transaction; of several callers one does it.

    SchemaIsNewer when a later release has been here; Busy or OperationalError when the database
    was not to be had. Whatever goes wrong, the schema is the one it was before.
    """
    with (
        sqlite_write_lock(write_lock_path(engine), timeout=_TIMEOUT_SECONDS),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            _take_turn(connection)
        if not is_known(revision := revision_on(connection)):
            raise SchemaIsNewer(revision)
        upgrade_on(connection)


def _take_turn(connection: Connection) -> None:
    """Wait for other migrators, however long they take; then, for pages that hold a table, briefly.

    What waits for a table keeps every later reader of it waiting too, so a migration that does
    not get one soon gives up. Building an index over a large table may take its time.
    """
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text(f"SET LOCAL lock_timeout = '{_TIMEOUT_SECONDS}s'"))
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))


def upgrade_on(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to ``revision`` in the transaction that runs on ``connection``."""
    from alembic import command  # noqa: PLC0415 - only whoever migrates needs it

    command.upgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - only whoever migrates needs it

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["public_host"] = _public_host
    return config


def _public_host() -> str | None:
    """The host of PUBLIC_BASE_URL: a migration has to know how calendar entries were named.

    It asks only where there are any, which nothing but the application upgrades.
    """
    settings: Settings = current_app.extensions["settings"]
    return urlsplit(settings.public_base_url).hostname
