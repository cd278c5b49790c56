"""Large files on their way in, out, into a backup and back, while guests register."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.core.refusals import DiskFull
from event_mgmt.events.models import Event
from event_mgmt.files import service
from event_mgmt.files.models import FileChunk, FileState, StoredFile
from event_mgmt.files.purposes import FileOwner
from event_mgmt.registrations.models import Registration
from tests.applications import an_application
from tests.builders import an_event
from tests.conftest import make_app
from tests.faults.databases import Fresh, ended, fresh
from tests.faults.forked import forked
from tests.faults.long_form import IS_LONG
from tests.faults.memory import Watch, peak_of
from tests.faults.serving import served
from tests.faults.traffic import PURPOSE, SIZE, Content, Stream, Traffic
from tests.serving.processes import children
from tests.serving.server import Server
from tests.serving.small_disk import small_disk

pytestmark = pytest.mark.processes

FILES = 20 if IS_LONG else 4
WEB_PROCESSES = 4
MOST_MEGABYTES = 64
LONGEST_LOCK = 0.2
KEY = {"SECRET_KEY": "k2J9" * 10}


def tell(figures: object) -> None:
    """What was measured, for whoever runs the tests with -rP."""
    print(figures)  # noqa: T201 - pytest keeps it


def _event() -> Event:
    return an_event(seats=5_000, starts_at=utc_now() + timedelta(days=30), published_at=utc_now())


@dataclass(frozen=True)
class Outcome:
    """What a run of traffic showed: megabytes over idle, and seconds that the lock was held."""

    traffic: Traffic
    rise: int
    holds: list[float]
    stall: float

    @property
    def longest(self) -> float:
        """How long the lock was held at most; the short form, amid other tests, spares one in 100."""
        spared = 0 if IS_LONG else len(self.holds) // 100
        return max(sorted(self.holds)[: len(self.holds) - spared], default=0.0)

    def __str__(self) -> str:
        return f"{self.rise} MB over idle, lock {self.longest:.3f} s, stall {self.stall:.3f} s"


def _outcome(app: Flask, folder: Path, *, files: int, fault: str = "") -> Outcome:
    event, holds = _event(), folder / "holds"
    holds.touch()
    environ = {"HOLDS_LOG": str(holds), "FILING": fault, "WEB_PROCESSES": str(WEB_PROCESSES)}
    with served(app, folder, module="tests.faults.filing", **environ) as server:
        _warm_up(server, event.slug)
        watch = Watch.begin(_family(server))
        traffic = Traffic(server, event.id, event.slug)
        with _machine_stalls() as stall:
            traffic.run(files)
        rise = watch.rise()
    seconds = [float(line) for line in holds.read_text().split()]
    return Outcome(traffic, rise, seconds, stall[0])


def _warm_up(server: Server, slug: str) -> None:
    """Idle is a process that has served a few pages."""
    for _ in range(8 * WEB_PROCESSES):
        server.guest().get(f"/events/{slug}/register")


def _family(server: Server) -> list[int]:
    family = [server.running.pid]
    for pid in family:
        family += children(pid)
    return family


@contextmanager
def _machine_stalls() -> Iterator[list[float]]:
    """How much longer than it asked for somebody slept who does nothing else: the machine's own."""
    worst, over = [0.0], threading.Event()

    def sleep() -> None:
        while not over.is_set():
            begun = time.monotonic()
            time.sleep(0.01)
            worst[0] = max(worst[0], time.monotonic() - begun - 0.01)

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    try:
        yield worst
    finally:
        over.set()
        sleeper.join()


def test_large_files_go_up_and_down_at_once_in_little_memory_while_guests_register(
    app: Flask, tmp_path: Path
) -> None:
    """Files of 20 MB are sent and fetched, all at once, while guests register one after another.

    Must hold: each comes back as it was; every guest is registered; no process takes more than
    64 MB above what it took when it was idle; nobody holds SQLite's write lock longer than 200 ms
    (and what the machine itself stood still).
    """
    found = _outcome(app, tmp_path, files=FILES)

    tell(found)
    assert found.traffic.faults == []
    assert len(found.traffic.digests) == FILES
    db.session.rollback()
    registered = db.session.scalar(sa.select(sa.func.count()).select_from(Registration))
    assert registered == len(found.traffic.registered) > 0
    assert found.rise <= MOST_MEGABYTES
    assert found.longest <= LONGEST_LOCK + found.stall


def test_control_files_taken_whole_take_more_memory(sqlite_app: Flask, tmp_path: Path) -> None:
    found = _outcome(sqlite_app, tmp_path, files=WEB_PROCESSES, fault="takes_files_whole")

    tell(found)
    assert found.traffic.faults == []
    assert found.rise > MOST_MEGABYTES


@pytest.fixture
def other(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Fresh]:
    """An empty database to restore into."""
    url = request.getfixturevalue("postgresql_url") if backend == "postgresql" else ""
    with fresh(backend, tmp_path / "other", url) as database:
        yield database


def test_large_files_are_backed_up_and_restored_in_little_memory(
    app: Flask, other: Fresh, tmp_path: Path
) -> None:
    """A system with large files is backed up, and restored elsewhere.

    Must hold: neither command takes more than 64 MB above what it takes without any file; every
    file is there with the digest that it had here.
    """
    event, path = _event(), tmp_path / "full.backup"
    here = Fresh(
        {
            "INSTANCE_DIR": app.instance_path,
            "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        }
    )
    db.session.remove()
    idle_out = _peak(here, "backup", str(tmp_path / "empty.backup"))
    idle_in = _peak(other, "restore", str(tmp_path / "empty.backup"))
    digests = {number: _kept(event.id, Content(number)) for number in range(FILES)}
    db.session.remove()
    db.engine.dispose()

    out = _peak(here, "backup", str(path))
    into = _peak(other, "restore", "--replace", str(path))

    tell(f"backup {out} MB ({idle_out} idle), restore {into} MB ({idle_in} idle)")
    assert sorted(_digests(other)) == sorted(digests.values())
    assert out - idle_out <= MOST_MEGABYTES
    assert into - idle_in <= MOST_MEGABYTES


def _kept(event_id: int, content: Content) -> str:
    owner = FileOwner(event_id=event_id)
    with service.stored(content.stream(), PURPOSE, owner, now=utc_now()) as file_id:
        service.claim(file_id, PURPOSE, now=utc_now())
    return content.digest


def _peak(database: Fresh, *words: str) -> int:
    """The most megabytes that a command took, which has to end well."""
    command = database.start(*words, **KEY)
    peak = peak_of(command)
    done = ended(command)
    assert done.status == 0, done.err
    return peak


def _digests(database: Fresh) -> Iterator[str]:
    """The digests of all files by what their chunks hold."""
    with database.engine() as engine, engine.connect() as connection:
        for file_id in connection.scalars(sa.select(StoredFile.id)).all():
            digest = hashlib.sha256()
            chunks = sa.select(FileChunk.content).where(FileChunk.file_id == file_id)
            for (content,) in connection.execute(chunks.order_by(FileChunk.number)):
                digest.update(content)
            yield digest.hexdigest()


def _die_amid(orders: tuple[str, str, int, int], _line: Connection) -> None:
    """Store a file, and be killed when so many of its pieces have been read."""
    instance, url, event_id, pieces = orders
    app = an_application(INSTANCE_DIR=instance, DATABASE_URL=url)

    def dying() -> Iterator[bytes]:
        for place, piece in enumerate(Content(0).pieces()):
            if place == pieces:
                os.kill(os.getpid(), signal.SIGKILL)
            yield piece

    with app.app_context():
        _kept_from(Stream(dying()), event_id)


def _kept_from(stream: Stream, event_id: int) -> None:
    with service.stored(stream, PURPOSE, FileOwner(event_id=event_id), now=utc_now()) as file_id:
        service.claim(file_id, PURPOSE, now=utc_now())


@pytest.mark.parametrize("pieces", [1, SIZE // 2**20 - 1])
def test_a_process_killed_amid_an_upload_leaves_only_what_the_sweep_takes(
    app: Flask, pieces: int
) -> None:
    """SIGKILL at the beginning and near the end of a file.

    Must hold: nobody can read what is there; it is left alone for an hour, and then gone.
    """
    event_id = _event().id
    db.session.remove()
    orders = (app.instance_path, app.config["SQLALCHEMY_DATABASE_URI"], event_id, pieces)

    with forked(_die_amid, orders) as sender:
        assert sender.end() == -signal.SIGKILL

    left = db.session.scalars(sa.select(StoredFile)).one()
    assert (left.state, left.sha256) == (FileState.ARRIVING, "")
    assert _chunks() == pieces * 4
    assert service.sweep(utc_now()) == 0
    assert service.sweep(utc_now() + service.UNCLAIMED_LASTS) == 1
    assert _chunks() == 0


def _chunks() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(FileChunk)) or 0


def test_a_file_that_finds_no_room_is_refused_with_a_word_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    """The disk fills up amid an upload.

    Must hold: DiskFull, which every page answers with 503 and its words; nothing counts; the sweep
    takes what was written; with room the same file is taken.
    """
    with small_disk(24) as disk:
        app = make_app(disk.path / "instance", "")
        with app.app_context():
            event_id = _event().id
            disk.fill(leave=2 * 2**20)
            with pytest.raises(DiskFull):
                _kept(event_id, Content(0))
            disk.make_room()
            states = set(db.session.scalars(sa.select(StoredFile.state)))
            assert FileState.CLAIMED not in states
            service.sweep(utc_now() + service.UNCLAIMED_LASTS)
            assert _chunks() == 0

            _kept_from(Stream(iter([b"%PDF-1.7" * 2**17])), event_id)

            assert _chunks() == 4
            db.session.remove()
            db.engine.dispose()
