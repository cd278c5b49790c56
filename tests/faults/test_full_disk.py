"""A disk without room: a small tmpfs of the test's own, filled to the last byte."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from event_mgmt import worker
from event_mgmt.accounts.models import Role
from event_mgmt.attendee_lists.models import Export
from event_mgmt.core import schema
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.registrations.models import Attendee, Registration
from event_mgmt.settings import MailRelay
from event_mgmt.worker import Worker
from tests.builders import a_registration, a_user, an_event
from tests.conftest import make_app
from tests.faults.databases import Fresh, fresh
from tests.faults.guests import fields_of
from tests.faults.serving import served
from tests.mail.relay import Relay
from tests.mail.samples import NOW, queued, states
from tests.serving.small_disk import Disk, small_disk
from tests.web.sign_in import csrf_of, signed_in

pytestmark = pytest.mark.processes


@pytest.fixture
def disk() -> Iterator[Disk]:
    """A disk of a few megabytes; skipped where nothing may be mounted."""
    with small_disk(24) as disk:
        yield disk


@pytest.fixture
def database(backend: str, disk: Disk, request: pytest.FixtureRequest) -> Iterator[Fresh]:
    """An empty database whose tables lie on the small disk."""
    if backend == "sqlite":
        with fresh(backend, disk.path / "instance", "") as database:
            yield database
        return
    url = request.getfixturevalue("postgresql_url")
    with (
        _tablespace(disk, url) as space,
        fresh(backend, disk.path / "instance", url, tablespace=space) as database,
    ):
        yield database


@contextmanager
def _tablespace(disk: Disk, url: str) -> Iterator[str]:
    """A place for PostgreSQL's tables on the small disk; its journal stays where it is."""
    folder = disk.path / "tables"
    folder.mkdir()
    server = sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    name = f"small_{disk.path.name[-8:].lower()}"
    with server.connect() as connection:
        owner = Path(connection.execute(sa.text("SHOW data_directory")).scalar_one())
        shutil.chown(folder, owner.stat().st_uid, owner.stat().st_gid)
        folder.chmod(0o700)
        connection.execute(sa.text(f"CREATE TABLESPACE {name} LOCATION '{folder}'"))
    try:
        yield name
    finally:
        disk.make_room()
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP TABLESPACE {name}"))
        server.dispose()


@pytest.fixture
def small_app(database: Fresh, disk: Disk) -> Iterator[Flask]:
    """A migrated application on the small disk."""
    (disk.path / "instance" / "templates").mkdir(parents=True)  # of its own, without room too
    app = make_app(disk.path / "instance", database.environ["DATABASE_URL"])
    with app.app_context():
        yield app
        disk.make_room()
        db.session.remove()
        db.engine.dispose()


def _event() -> Event:
    return an_event(seats=5_000, starts_at=utc_now() + timedelta(days=30), published_at=utc_now())


def _check_whole(event: Event, least: int) -> int:
    """Every registration has its people and its mail, and the pool its seats; how many there are."""
    db.session.rollback()
    count = lambda table: db.session.scalar(sa.select(sa.func.count()).select_from(table))  # noqa: E731 - a name for one expression
    made = count(Registration)
    assert made >= least
    assert (count(Attendee), count(Message)) == (made, made)
    taken = db.session.scalars(sa.select(SeatPool.taken).filter_by(event_id=event.id)).one()
    assert taken == made
    return made


def test_a_registration_on_a_full_disk_is_refused_whole_and_taken_when_there_is_room(
    small_app: Flask, disk: Disk, tmp_path: Path
) -> None:
    """The disk fills up while guests register.

    Must hold: whoever finds no room reads 503 with a word; what was acknowledged before is there,
    with its mail; pages are still read; the same form sent again, once there is room, is taken.
    """
    event = _event()
    path = f"/events/{event.slug}/register"
    with served(small_app, tmp_path) as server:
        db.session.remove()
        disk.fill(leave=64 * 1024)
        acknowledged = 0
        for number in range(600):
            guest = server.guest()
            fields = fields_of(guest.form(path), number)
            answer = guest.post(path, fields)
            if answer.status != 303:
                break
            acknowledged += 1
        page = server.guest().get(path)
        assert (answer.status, page.status) == (503, 200)
        assert "There is no room left on the disk. Nothing was changed." in answer.text
        at_rest = _check_whole(event, acknowledged)
        db.session.remove()
        disk.make_room()
        again = guest.post(path, fields)

    assert at_rest == acknowledged
    assert again.status == 303
    assert _check_whole(event, acknowledged + 1) == acknowledged + 1


@pytest.mark.parametrize("left", [0, 300 * 1024])
def test_a_migration_on_a_full_disk_does_nothing_and_says_why(
    database: Fresh, disk: Disk, left: int
) -> None:
    """``db upgrade`` on an empty database, with no room, and with too little.

    Must hold: one line that names the reason; no table is left behind; run again with room, it
    does everything.
    """
    disk.fill(leave=left)
    refused = database.run("db", "upgrade", SECRET_KEY="s" * 40)
    disk.make_room()
    assert refused.status == 1
    assert len(refused.err.splitlines()) == 1, refused.err
    assert "no room left on the disk" in refused.err
    assert database.tables() - {"alembic_version"} == set()

    made = database.run("db", "upgrade", SECRET_KEY="s" * 40)

    assert (made.status, database.revision()) == (0, schema.newest_revision())


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf", "json", "vcf"])
def test_a_list_that_finds_no_room_is_not_given_and_not_recorded(
    sqlite_small_app: Flask, disk: Disk, form: str
) -> None:
    """An organiser takes a list while the disk is full.

    Must hold: 503 with a word, no half file, no record of a taking; with room the list is given,
    and recorded once.
    """
    event = _event()
    for _ in range(20):
        a_registration(event)
    user = a_user(event.host, Role.ADMINISTRATOR)
    client = signed_in(sqlite_small_app.test_client(), user)
    path = f"/desk/events/{event.id}/attendee-list/export"
    fields = {"csrf_token": csrf_of(client.get(path)), "format": form, "purpose": "entry"}

    disk.fill()
    refused = client.post(path, data=fields)
    assert refused.status_code == 503
    assert _taken(event) == 0
    left_behind = [p for p in (disk.path / "instance" / "exports").rglob("*") if p.is_file()]
    assert left_behind == []

    disk.make_room()
    given = client.post(path, data=fields)
    assert given.status_code == 200
    assert given.get_data()
    given.close()
    assert _taken(event) == 1


@pytest.fixture
def sqlite_small_app(disk: Disk) -> Iterator[Flask]:
    """The application with all that it keeps on the small disk."""
    (disk.path / "instance" / "templates").mkdir(parents=True)  # of its own, without room too
    app = make_app(disk.path / "instance", "")
    with app.app_context():
        yield app
        disk.make_room()
        db.session.remove()
        db.engine.dispose()


def _taken(event: Event) -> int:
    db.session.rollback()
    found = sa.select(sa.func.count()).select_from(Export).where(Export.event_id == event.id)
    taken = db.session.scalar(found) or 0
    db.session.rollback()
    return taken


def test_a_worker_on_a_full_disk_sends_nothing_that_it_cannot_write_down(
    sqlite_small_app: Flask, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mails are due, and the database takes no claim.

    Must hold: the worker lives, rests and sends nothing; with room everything goes out, once.
    """
    queued(20)
    monkeypatch.setattr(worker, "database_now", lambda: NOW)
    with Relay() as relay:
        office = Worker(sqlite_small_app)
        office._deliverer._transport = SmtpTransport(MailRelay("smtp", "127.0.0.1", relay.port))
        disk.fill()
        rests = [office.deliver() for _ in range(3)]
        sent_meanwhile = len(relay.received)
        disk.make_room()
        office.deliver()
        office._deliverer.rest()

        assert rests == [1.0, 2.0, 4.0]
        assert sent_meanwhile == 0
        assert len(relay.received) == 20
    assert states() == {MessageState.SENT: 20}


def test_a_start_on_a_full_disk_answers_503_until_there_is_room(
    sqlite_small_app: Flask, disk: Disk, tmp_path: Path
) -> None:
    """The system is started when there is no room left, not even for SQLite's shared memory.

    Must hold: it starts, answers 503, and serves as soon as there is room.
    """
    event = _event()
    db.session.remove()
    db.engine.dispose()
    disk.fill()
    with served(sqlite_small_app, tmp_path) as server:
        full = server.guest().get(f"/events/{event.slug}")
        disk.make_room()
        served_again = server.guest().get(f"/events/{event.slug}")

    assert (full.status, served_again.status) == (503, 200)


def test_a_backup_that_finds_no_room_leaves_no_half_file(small_app: Flask, disk: Disk) -> None:
    """The operator backs the system up onto the full disk.

    Must hold: one line that names the reason, and nothing that could be taken for a backup; with
    room the same command makes it.
    """
    event = _event()
    for _ in range(20):
        a_registration(event)
    db.session.remove()
    target = disk.path / "night.backup"
    backup = small_app.test_cli_runner()

    disk.fill(leave=4096)
    before = sorted(disk.path.iterdir())
    refused = backup.invoke(args=["backup", str(target)])
    assert refused.exit_code == 1
    assert "No space left" in refused.output
    assert len(refused.output.splitlines()) == 1
    assert sorted(disk.path.iterdir()) == before

    disk.make_room()
    made = backup.invoke(args=["backup", str(target)])
    assert (made.exit_code, target.exists()) == (0, True)
