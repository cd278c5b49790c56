"""Backing up a system that goes on working, and backups that do not come to their end."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Column, text
from sqlalchemy.types import Interval

from event_mgmt.core import schema
from event_mgmt.core.database import Base, db
from event_mgmt.core.refusals import Refusal
from event_mgmt.mail import outbox_hold
from event_mgmt.operations import values
from event_mgmt.operations.archive import Archive, DamagedArchive
from event_mgmt.operations.backup import back_up, found_tables
from event_mgmt.organisations.models import Logo
from tests.builders import a_registration, an_event, saved
from tests.faults.forked import forked
from tests.operations import doomed
from tests.operations.doomed import PHASES, RESTORE_PHASES
from tests.operations.systems import contents

ROOT = Path(__file__).resolve().parents[2]


def backed_up(path: Path, now: datetime, **more) -> dict[str, list[list]]:
    """The rows of each table of a backup of the present application."""
    db.session.remove()
    back_up(path, now=now, **more)
    with Archive(path) as opened:
        return {table.name: list(opened.rows(table)) for table in opened.manifest.tables}


def test_every_column_of_either_database_is_of_a_kind_that_a_backup_knows(app: Flask) -> None:
    with db.engine.connect() as connection:
        found = found_tables(connection)

    assert {table.name for table in found} == set(Base.metadata.tables)
    assert all(values.kind_of(column) for table in found for column in table.columns)


def test_a_column_of_another_type_is_refused_rather_than_guessed() -> None:
    with pytest.raises(TypeError, match="no backup knows"):
        values.kind_of(Column("length", Interval()))


def test_a_backup_shows_one_moment_while_others_go_on_writing(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    event = an_event(seats=100)
    a_registration(event, companions=1)
    event_id, written = event.id, []

    def register(table: str) -> None:
        """Somebody registers after the pools were read, and before the registrations are."""
        if table != "registrations" or written:
            return

        def one() -> None:
            with app.app_context():
                written.append(a_registration(db.session.get_one(type(event), event_id)).id)

        other = threading.Thread(target=one)
        other.start()
        other.join(20)

    found = backed_up(tmp_path / "made.backup", now, tell=register)

    assert len(written) == 1, "nobody could write meanwhile"
    assert len(found["registrations"]) == 1
    assert len(found["attendees"]) == 2
    assert len(db.session.execute(text("SELECT id FROM registrations")).all()) == 2


def test_a_file_is_never_replaced(app: Flask, now: datetime, tmp_path: Path) -> None:
    path = tmp_path / "made.backup"
    path.write_text("precious")

    with pytest.raises(Refusal, match="exists already"):
        back_up(path, now=now)

    assert path.read_text() == "precious"


def _environ(app: Flask) -> dict[str, str]:
    return {
        **os.environ,
        "INSTANCE_DIR": app.instance_path,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "PUBLIC_BASE_URL": "http://localhost",
    }


def _whole_backups(folder: Path) -> list[Path]:
    found = []
    for path in folder.iterdir():
        try:
            with Archive(path):
                found.append(path)
        except DamagedArchive:
            continue
    return found


def _doomed(app: Flask, phase: str, path: Path) -> int | None:
    """Back up (or restore) in a process that is killed at ``phase``; how it ended."""
    with forked(doomed.work, _environ(app), phase, path) as process:
        return process.end()


@pytest.mark.processes
@pytest.mark.parametrize("phase", [phase for phase in PHASES if phase != "never"])
def test_a_backup_that_is_killed_leaves_no_file_of_its_name(
    sqlite_app: Flask, tmp_path: Path, phase: str
) -> None:
    a_registration(an_event())
    path = tmp_path / "made.backup"

    status = _doomed(sqlite_app, phase, path)

    assert status == -signal.SIGKILL
    assert not path.exists()
    assert all(left.name.startswith(".") for left in tmp_path.iterdir())
    if phase in {"amid_rows", "amid_tables"}:
        assert _whole_backups(tmp_path) == []


@pytest.mark.processes
def test_control_a_backup_that_lives_leaves_its_file(sqlite_app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "made.backup"

    status = _doomed(sqlite_app, "never", path)

    assert status == 0
    assert _whole_backups(tmp_path) == [path]


@pytest.mark.processes
def test_where_there_is_no_room_the_command_says_so_and_leaves_nothing(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    saved(Logo(name="noise.png", content=os.urandom(400_000)))

    run = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "backup", str(tmp_path / "made.backup")],
        cwd=ROOT,
        env=_environ(sqlite_app),
        timeout=60,
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )

    assert run.returncode == 1
    assert "could not be written: File too large" in run.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.processes
@pytest.mark.parametrize("phase", RESTORE_PHASES)
def test_a_restore_that_is_killed_leaves_what_was_there(
    app: Flask, now: datetime, tmp_path: Path, phase: str
) -> None:
    a_registration(an_event())
    path = tmp_path / "made.backup"
    backed_up(path, now)
    a_registration(an_event())
    before = contents()

    status = _doomed(app, phase, path)

    assert status == -signal.SIGKILL
    assert contents() == before
    assert schema.is_current(db.engine)
    assert outbox_hold.held_since() is None
