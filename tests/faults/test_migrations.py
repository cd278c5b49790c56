"""Migrations that are killed, run again, run at once, or meet a database of another release."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from event_mgmt.core import schema
from event_mgmt.core.database import Base, db
from tests.applications import an_application
from tests.faults.databases import Fresh, fresh
from tests.faults.forked import begin, forked
from tests.faults.long_form import IS_LONG
from tests.faults.migrating import COMMIT, Order, work

pytestmark = pytest.mark.processes

FIRST = "0001"


@pytest.fixture
def database(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Fresh]:
    """An empty database on either system."""
    url = request.getfixturevalue("postgresql_url") if backend == "postgresql" else ""
    with fresh(backend, tmp_path / "instance", url) as database:
        yield database


def _moments() -> list[int]:
    """At which statements to die: a few of about 60, more of them in the long form."""
    return [*sorted(random.Random(3).sample(range(2, 60), 20 if IS_LONG else 3)), COMMIT]


def _killed(database: Fresh, moment: int) -> None:
    with forked(work, Order(database.environ, dies_at=moment)) as migrator:
        assert migrator.end() == -signal.SIGKILL


def _upgrade(database: Fresh) -> None:
    with database.engine() as engine:
        schema.upgrade(engine)


@contextmanager
def _writing(database: Fresh) -> Iterator[sa.Connection]:
    with (
        database.engine() as engine,
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


def _is_exactly_the_models(database: Fresh) -> bool:
    with database.engine() as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("moment", _moments())
def test_a_migration_killed_in_the_middle_has_done_nothing_and_runs_again(
    database: Fresh, moment: int
) -> None:
    """SIGKILL at one of the statements, or at the commit, of the first ``db upgrade``.

    Must hold: the database is as empty as before; the same command run again does everything.
    """
    _killed(database, moment)
    assert (database.revision(), database.tables() - {"alembic_version"}) == (None, set())

    _upgrade(database)

    assert database.revision() == schema.newest_revision()
    assert _is_exactly_the_models(database)


def test_an_update_killed_in_the_middle_leaves_the_old_schema_and_its_rows(
    database: Fresh,
) -> None:
    """SIGKILL while a database with rows is brought from the first release's schema to this one's.

    Must hold: the old schema and the row are there; run again, the row is in the new schema.
    """
    with _writing(database) as connection:
        schema.upgrade_on(connection, FIRST)
        connection.execute(
            sa.text("INSERT INTO throttle_counts (key, tries, ends_at) VALUES ('x', 7, :at)"),
            {"at": "2027-01-12 00:00:00"},
        )
    before = database.tables()

    for moment in (1, 2, COMMIT):
        _killed(database, moment)
        assert (database.revision(), database.tables()) == (FIRST, before)
    _upgrade(database)

    assert database.revision() == schema.newest_revision()
    with database.engine() as engine, engine.connect() as connection:
        assert connection.execute(sa.text("SELECT tries FROM throttle_counts")).scalar() == 7


def test_of_several_migrations_at_once_one_does_it_and_the_others_wait_for_it(
    database: Fresh,
) -> None:
    """Four machines update at once, and the one that comes first takes longer than a page may wait.

    Must hold: all four end well, and the schema was made once.
    """
    first = begin(work, Order(database.environ, sleeps=6))
    assert first.line.recv() == "amid"
    others = [begin(work, Order(database.environ)) for _ in range(3)]

    assert first.line.recv() == ""
    assert [other.line.recv() for other in others] == [""] * 3
    assert [process.end() for process in (first, *others)] == [0] * 4
    assert _is_exactly_the_models(database)


def test_control_migrations_that_take_no_turn_get_in_each_others_way(
    tmp_path: Path, postgresql_url: str
) -> None:
    """The control: two that begin at once make the same table, and one of them fails."""
    with fresh("postgresql", tmp_path / "instance", postgresql_url) as database:
        order = Order(database.environ, sleeps=2, takes_no_turn=True)
        both = [begin(work, order) for _ in range(2)]
        said = [_last_word(process.line) for process in both]
        assert [process.end() for process in both] == [0, 0]

    assert (min(said), max(said) != "") == ("", True)


def _last_word(line: Connection) -> str:
    while (word := line.recv()) == "amid":
        pass
    return str(word)


def test_a_database_of_a_later_release_answers_503_and_is_left_alone(database: Fresh) -> None:
    """An older release is started on a database that a newer one has already brought further.

    Must hold: every page answers 503; ``db upgrade`` says in one line what is wrong; nothing is
    changed.
    """
    _upgrade(database)
    with _writing(database) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    app = an_application(**database.environ)
    answers = [app.test_client().get(path).status_code for path in ("/", "/login", "/health")]
    with app.app_context():
        db.engine.dispose()
    upgraded = database.run("db", "upgrade")

    assert answers == [503] * 3
    assert upgraded.status == 1
    assert "9999" in upgraded.err
    assert len(upgraded.err.splitlines()) == 1
    assert database.revision() == "9999"
