"""Erased is erased: nothing of a person is left in the embedded database's files."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event, text

from event_mgmt.core import compaction
from event_mgmt.core.database import db, write_lock_path
from tests.conftest import make_app
from tests.faults.forked import forked
from tests.faults.serving import served
from tests.privacy import erased_and_killed, people
from tests.privacy.erased_and_killed import registered_and_erased
from tests.privacy.people import WORDS
from tests.serving.processes import until


@pytest.fixture
def sqlite_app(tmp_path: Path) -> Iterator[Flask]:
    """With a file of its own: what other tests left between the rows of theirs is no matter here."""
    app = make_app(tmp_path / "instance", "")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _found(app: Flask) -> set[str]:
    """In which of the database's files any of the words stands."""
    path = Path(write_lock_path(db.engine) or "")
    files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]
    return {
        file.name.removeprefix(path.name) or "file"
        for file in files
        if file.exists() and any(word.encode() in _contents(file) for word in WORDS)
    }


def _contents(file: Path) -> bytes:
    """Read by another process: when this one closes a file, its database's locks are gone
    (POSIX advisory locks), and whoever writes next may spoil the database.
    """
    return subprocess.run(["cat", str(file)], capture_output=True, check=True).stdout


def _version() -> int:
    found = db.session.execute(text("PRAGMA user_version")).scalar_one()
    db.session.rollback()
    return int(found)


def test_after_the_job_neither_file_nor_log_holds_an_erased_person(
    sqlite_app: Flask, now: datetime
) -> None:
    registered_and_erased(now)
    in_the_log = _found(sqlite_app)

    assert compaction.empty_log()
    assert in_the_log == {"-wal"}
    assert _found(sqlite_app) == set()


def test_control_without_secure_delete_the_file_goes_on_holding_them(
    sqlite_app: Flask, now: datetime
) -> None:
    db.session.remove()

    @sqlalchemy_event.listens_for(db.engine, "begin")
    def _off(connection: object) -> None:
        connection.connection.driver_connection.execute("PRAGMA secure_delete = OFF")

    try:
        registered_and_erased(now)
        compaction.empty_log()
        assert _found(sqlite_app) == {"file"}
    finally:
        sqlalchemy_event.remove(db.engine, "begin", _off)


def test_a_reader_holds_the_log_off_for_a_moment_and_not_for_good(
    sqlite_app: Flask, now: datetime
) -> None:
    registered_and_erased(now)
    with db.engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM attendees")).scalar_one()
        people.with_account(now=now)  # something newer than what the reader sees
        assert not compaction.empty_log()

    assert compaction.empty_log()
    assert _found(sqlite_app) <= {"file"}  # whoever came after


def test_the_file_is_written_anew_once_and_again_after_an_erasure(
    sqlite_app: Flask, now: datetime
) -> None:
    db.session.remove()
    assert compaction.compact(db.engine) == ""
    assert _version() == 1

    registered_and_erased(now)
    assert _version() == 0

    db.session.remove()
    db.engine.dispose()
    assert compaction.compact(db.engine) == ""
    assert (_version(), _found(sqlite_app)) == (1, set())


def test_it_is_not_written_anew_while_another_process_has_it_open_or_there_is_no_room(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.remove()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 0")  # tests share one file
    with db.engine.connect() as other:
        other.execute(text("SELECT 1 FROM alembic_version"))
        assert "Other processes" in compaction.compact(db.engine)
    monkeypatch.setattr(compaction, "_memory", lambda: 1000)
    words = compaction.compact(db.engine)

    assert "MB must be free in memory" in words
    assert len(words.splitlines()) == 1
    assert _version() == 0


@pytest.mark.processes
def test_a_clean_stop_leaves_nothing_but_a_file_without_them(
    sqlite_app: Flask, now: datetime, tmp_path: Path
) -> None:
    registered_and_erased(now)
    path = Path(write_lock_path(db.engine) or "")
    with served(sqlite_app, tmp_path):
        db.session.remove()
        db.engine.dispose()

    assert not path.with_name(path.name + "-wal").exists()
    assert _found(sqlite_app) == set()


@pytest.mark.processes
def test_killed_right_after_an_erasure_it_leaves_nothing_once_it_is_started_again(
    sqlite_app: Flask, now: datetime, tmp_path: Path
) -> None:
    """SIGKILL leaves the log as it is, with everything in it (the control).

    Must hold: started again, the system empties it by itself, in running service, and so it does
    after one more kill -9 of all of its processes.
    """
    db.session.remove()
    db.engine.dispose()
    with forked(erased_and_killed.and_killed, sqlite_app.instance_path, now) as killed:
        assert killed.end() == -signal.SIGKILL
    assert "-wal" in _found(sqlite_app)

    with served(sqlite_app, tmp_path, MAIL_WORKERS="1") as server:
        until(lambda: not _found(sqlite_app), "names stay in the files", 90)
        server.kill_everything()
        assert _found(sqlite_app) == set()
        server.start()
