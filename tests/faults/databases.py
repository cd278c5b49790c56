"""Empty databases of a test's own, on either system, and commands that run on them."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from event_mgmt import settings as settings_module
from event_mgmt.core import schema
from event_mgmt.core.database import engine_options, prepare_sqlite
from tests.serving.processes import ROOT

_numbers = itertools.count(1)


@dataclass
class Fresh:
    """A database that nothing has been done to: its settings, and a look into it."""

    environ: dict[str, str]

    def command(self, *words: str, module: str = "app") -> list[str]:
        """How ``flask`` is called."""
        return [sys.executable, "-m", "flask", "--app", module, *words]

    def start(self, *words: str, module: str = "app", **environ: str) -> subprocess.Popen[str]:
        """A command under way."""
        return subprocess.Popen(
            self.command(*words, module=module),
            cwd=ROOT,
            env={**os.environ, **self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, module: str = "app", **environ: str) -> Ended:
        """A command, and how it ended."""
        return ended(self.start(*words, module=module, **environ))

    @contextmanager
    def engine(self) -> Iterator[sa.Engine]:
        """An engine as the system makes it."""
        settings = settings_module.load(self.environ, testing=True)
        url = settings.database_url
        if not settings.is_sqlite:
            url = _psycopg(url).render_as_string(hide_password=False)
        engine = sa.create_engine(url, **engine_options(settings))
        if settings.is_sqlite:
            prepare_sqlite(engine)
        try:
            yield engine
        finally:
            engine.dispose()

    def tables(self) -> set[str]:
        """The names of all tables."""
        with self.engine() as engine:
            return set(sa.inspect(engine).get_table_names())

    def revision(self) -> str | None:
        """The schema's revision."""
        with self.engine() as engine:
            return schema.current_revision(engine)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


def ended(process: subprocess.Popen[str]) -> Ended:
    """Wait for a command."""
    out, err = process.communicate(timeout=120)
    return Ended(process.returncode, out, err)


@contextmanager
def fresh(
    backend: str, instance: Path, postgresql_url: str, *, tablespace: str = ""
) -> Iterator[Fresh]:
    """An empty database on ``backend``, dropped afterwards."""
    instance.mkdir(exist_ok=True)
    environ = {"INSTANCE_DIR": str(instance), "DATABASE_URL": ""}
    if backend == "sqlite":
        yield Fresh(environ)
        return
    name = f"fresh_{os.getpid()}_{next(_numbers)}"
    server = sa.create_engine(_psycopg(postgresql_url), isolation_level="AUTOCOMMIT")
    where = f" TABLESPACE {tablespace}" if tablespace else ""
    with server.connect() as connection:
        connection.execute(
            sa.text(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0{where}")
        )
    try:
        url = sa.make_url(postgresql_url).set(database=name)
        yield Fresh({**environ, "DATABASE_URL": url.render_as_string(hide_password=False)})
    finally:
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def _psycopg(url: str) -> sa.URL:
    return sa.make_url(url).set(drivername="postgresql+psycopg")
