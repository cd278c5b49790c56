"""``flask backup``, ``flask restore``, ``flask outbox``: what an operator types and reads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.mail import outbox_hold
from event_mgmt.mail.models import MessageState
from event_mgmt.privacy import ledger, service as privacy
from event_mgmt.registrations.models import Registration
from event_mgmt.rooms import Room
from tests.builders import a_registration, an_event
from tests.mail.samples import NOW, queued, states
from tests.operations.systems import contents

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def typed(app: Flask, *words: object, answers: str = "") -> Result:
    """What comes of typing this after ``flask --app app``."""
    db.session.remove()
    return app.test_cli_runner().invoke(args=[str(word) for word in words], input=answers)


def test_a_backup_goes_into_a_folder_and_the_oldest_give_way(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    for day in (1, 2, 3):
        (tmp_path / f"events-2020010{day}-000000.backup").touch()
    (tmp_path / "events.sqlite3").touch()

    run = typed(sqlite_app, "backup", tmp_path, "--keep", 2)

    assert run.exit_code == 0, run.output
    [old, new] = sorted(tmp_path.glob("*.backup"))
    assert old.name == "events-20200103-000000.backup"
    assert f"{new}: " in run.output
    assert "SECRET_KEY is not in it" in run.output
    assert (tmp_path / "events.sqlite3").exists()


def test_what_a_killed_backup_left_is_gone_with_the_next_but_one(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    left, running, other = (
        tmp_path / name
        for name in (
            ".events-20200101-000000.backup.17.part",
            ".events-20200103-000000.backup.18.part",
            ".film.part",
        )
    )
    for path, age in ((left, 25), (running, 1), (other, 25)):
        path.touch()
        moment = (utc_now() - timedelta(hours=age)).timestamp()
        os.utime(path, (moment, moment))

    assert typed(sqlite_app, "backup", tmp_path).exit_code == 0

    assert not left.exists()
    assert running.exists(), "another backup may be at it"
    assert other.exists(), "none of ours"


def test_a_backup_that_fails_lets_no_older_one_go(sqlite_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    path = tmp_path / "nowhere" / "made.backup"

    run = typed(sqlite_app, "backup", path)

    assert run.exit_code == 1
    assert "could not be written: No such file or directory" in run.output


def test_restoring_tells_what_came_back_and_that_mail_is_held(app: Flask, tmp_path: Path) -> None:
    queued(2, due_at=LONG_AGO)
    path = tmp_path / "made.backup"
    assert typed(app, "backup", path).exit_code == 0
    before = contents()
    an_event()

    refused = typed(app, "restore", path)
    run = typed(app, "restore", path, "--replace")

    assert refused.exit_code == 1
    assert "Say --replace" in refused.output
    assert run.exit_code == 0, run.output
    assert "Restored 2 rows as of " in run.output
    assert "The outbox is held since " in run.output
    assert (
        "2 messages wait; 2 of them are due, the oldest since 2026-01-01 00:00 UTC." in run.output
    )
    assert contents() == before


@pytest.mark.parametrize("way", ["present database", "file"])
def test_erasures_are_remembered_from_the_present_database_or_from_a_file(
    app: Flask, tmp_path: Path, way: str
) -> None:
    a_registration(an_event(starts_at=NOW - timedelta(days=9)), email="luka@example.org")
    path, list_of_erasures = tmp_path / "made.backup", tmp_path / "ledger.jsonl"
    typed(app, "backup", path)
    privacy.erase_person("luka@example.org", by=SYSTEM, now=NOW + timedelta(hours=1))
    list_of_erasures.write_text(typed(app, "privacy", "ledger").output)
    more: list[object] = []
    if way == "file":
        typed(app, "restore", path, "--replace")  # into which the erasure went as well
        _forget_erasures()
        more = ["--ledger", list_of_erasures]

    run = typed(app, "restore", path, "--replace", *more)

    assert "1 people who had been erased since were erased once more." in run.output
    assert "luka@example.org" not in db.session.scalars(select(Registration.email)).all()
    assert len(ledger.entries()) == 1


def _forget_erasures() -> None:
    from event_mgmt.core.database import transactional
    from event_mgmt.privacy.models import Erasure

    @transactional
    def forget() -> None:
        db.session.query(Erasure).delete()

    forget()


def test_a_list_of_erasures_that_is_none_is_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    path, wrong = tmp_path / "made.backup", tmp_path / "wrong"
    typed(sqlite_app, "backup", path)
    wrong.write_text("{}\nhello\n")

    run = typed(sqlite_app, "restore", path, "--ledger", wrong)

    assert run.exit_code == 1
    assert "line 2 is no entry" in run.output


@contextmanager
def somebody_working(app: Flask) -> Iterator[None]:
    """Another process of the system with an idle connection."""
    code = (
        "import sys\n"
        "from app import app\n"
        "from event_mgmt.core import schema\n"
        "from event_mgmt.core.database import db\n"
        "with app.app_context():\n"
        "    schema.current_revision(db.engine)\n"
        "    print('ready', flush=True)\n"
        "    sys.stdin.readline()\n"
    )
    environ = {
        **os.environ,
        "INSTANCE_DIR": app.instance_path,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    other = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert other.stdout.readline() == "ready\n"
        yield
    finally:
        other.communicate("done\n", timeout=30)


@pytest.mark.processes
def test_a_database_that_others_work_with_is_left_alone(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "made.backup"
    typed(app, "backup", path)
    before = contents()

    with somebody_working(app):
        run = typed(app, "restore", path, "--replace")

    assert run.exit_code == 1
    assert "The database is in use by " in run.output
    assert contents() == before
    assert typed(app, "restore", path, "--replace").exit_code == 0


def test_mail_is_held_and_released_on_a_word(sqlite_app: Flask) -> None:
    queued(2, due_at=utc_now() - timedelta(hours=5))
    queued(1, due_at=utc_now() - timedelta(hours=1))

    held = typed(sqlite_app, "outbox", "hold", "--reason", "moving house")
    status = typed(sqlite_app, "outbox", "status")
    moment = (utc_now() - timedelta(hours=2)).replace(tzinfo=None).isoformat()
    released = typed(sqlite_app, "outbox", "release", answers=f"{moment}\n")
    again = typed(sqlite_app, "outbox", "release", "--withdraw-none")

    assert "The outbox is held. 0 messages are still on their way." in held.output
    assert "moving house" in status.output
    assert "3 messages wait; 3 of them are due" in status.output
    assert released.exit_code == 0, released.output
    assert "Released. 2 messages were withdrawn." in released.output
    assert states() == {MessageState.WITHDRAWN: 2, MessageState.QUEUED: 1}
    assert again.exit_code == 1
    assert "The outbox is open" in typed(sqlite_app, "outbox", "status").output


def test_nobody_has_to_say_why_mail_is_held(sqlite_app: Flask) -> None:
    typed(sqlite_app, "outbox", "hold")

    status = typed(sqlite_app, "outbox", "status")

    assert re.search(r"The outbox is held since \S+ \S+( UTC)?\.\n", status.output)
    assert db.session.scalars(select(AuditEntry.changes)).all() == [{}]


def test_whoever_gives_no_answer_lets_everything_go_out(sqlite_app: Flask) -> None:
    queued(2)
    typed(sqlite_app, "outbox", "hold")

    run = typed(sqlite_app, "outbox", "release", answers="tomorrow\n\n")

    assert "'tomorrow' is no time" in run.output
    assert "Released. 0 messages were withdrawn." in run.output
    assert outbox_hold.held_since() is None


def test_what_would_be_planned_at_once_is_planned_before_the_question(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reminder that the lost system had sent must be there to be withdrawn."""
    room = Room(name="planning", jobs=(lambda _now: queued(1, due_at=LONG_AGO),))
    monkeypatch.setitem(sqlite_app.extensions, "rooms", (room,))
    typed(sqlite_app, "outbox", "hold")

    run = typed(sqlite_app, "outbox", "release", "--withdraw-before", "2026-01-02T00:00+01:00")

    assert "1 messages were withdrawn" in run.output
    assert states() == {MessageState.WITHDRAWN: 1}


@pytest.mark.parametrize(
    "words", [("backup", "made.backup"), ("outbox", "status"), ("outbox", "release")]
)
def test_without_a_database_a_command_ends_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    from event_mgmt import settings
    from event_mgmt.wiring import create_app

    monkeypatch.chdir(tmp_path)
    url = "postgresql://events:hidden@127.0.0.1:9/events"
    environ = {"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": url}
    app = create_app(settings.load(environ, testing=True))

    with app.app_context():
        run = app.test_cli_runner().invoke(args=list(words))

    assert run.exit_code == 1
    assert run.output.startswith("Error: The database of DATABASE_URL: ")
    assert len(run.output.splitlines()) == 1
    assert "hidden" not in run.output
    assert not (tmp_path / "made.backup").exists()
