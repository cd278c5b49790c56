"""The supervisor of ``flask serve``: real processes, asked, killed and orphaned."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from event_mgmt import serve
from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.serving.bell import Bell
from event_mgmt.tasks.enums import Reason
from event_mgmt.tasks.models import Task
from tests.applications import an_application
from tests.builders import a_task, a_user, an_organisation
from tests.conftest import make_app
from tests.serving.guests import NoAnswer
from tests.serving.processes import children, is_alive, kill, until
from tests.serving.server import Server

pytestmark = pytest.mark.processes


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A system that answers; whatever is left of it is ended afterwards."""
    make_app(tmp_path, "")
    server = Server.on_free_port(tmp_path / "log", INSTANCE_DIR=str(tmp_path), DATABASE_URL="")
    server.start()
    _family(server)
    yield server
    server.kill_everything()


def _workers(server: Server) -> list[int]:
    """The processes that answer requests; waits until there are two."""
    until(lambda: len(server.web_processes()) == 2, "there are not two web processes")
    return server.web_processes()


def _family(server: Server) -> list[int]:
    """All processes, the supervisor first."""
    names = ("events buffer", "events web", "events mail 1")
    return [server.running.pid, *map(server.child, names), *_workers(server)]


def _is_reading(server: Server, guest: socket.socket) -> bool:
    """Whether the process that waits for slow clients has this connection."""
    port = guest.getsockname()[1]
    inodes = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[2].endswith(f":{port:04X}")
    }
    held = {
        str(link.readlink())
        for link in Path(f"/proc/{server.child('events buffer')}/fd").iterdir()
        if link.is_symlink()
    }
    return any(f"socket:[{inode}]" in held for inode in inodes)


def test_a_port_that_is_taken_ends_the_start_with_one_line(server: Server, tmp_path: Path) -> None:
    second = replace(server, log=tmp_path / "second.log").begin()

    assert second.popen.wait(30) == 1
    assert (tmp_path / "second.log").read_text() == (
        f"Cannot listen on 127.0.0.1:{server.port}: Address already in use.\n"
    )
    assert server.health() == 200


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.0.0.1:http"])
def test_an_address_without_a_port_is_refused(bind: str) -> None:
    with pytest.raises(OSError, match="host:port"):
        serve.listen(bind)


def test_a_worker_that_is_killed_is_started_again(server: Server) -> None:
    before = server.child("events mail 1")

    kill(before)
    until(lambda: not is_alive(before), "it lives on")

    assert server.child("events mail 1") != before
    assert server.health() == 200


def test_a_web_process_that_is_killed_is_started_again(server: Server) -> None:
    before = _workers(server)

    for pid in before:
        kill(pid)
    until(lambda: not any(map(is_alive, before)), "they live on")

    assert not set(_workers(server)) & set(before)
    assert server.health() == 200


def test_while_all_web_processes_are_started_anew_guests_wait_and_none_is_turned_away(
    server: Server,
) -> None:
    """The supervisor holds the listening socket: connections wait in its queue."""
    web = server.child("events web")
    everybody = [web, *_workers(server)]

    for pid in everybody:
        kill(pid)
    until(lambda: not any(map(is_alive, everybody)), "they live on")
    statuses = [server.health() for _ in range(5)]

    assert statuses == [200] * 5
    assert server.child("events web") != web


def test_asked_to_stop_it_finishes_the_request_in_hand(server: Server) -> None:
    family = _family(server)
    body = b"email=maja%40example.org&password=x"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as guest:
        head = (
            f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        guest.sendall(head.encode() + body[:10])
        until(lambda: _is_reading(server, guest), "nobody reads the request")
        server.running.ask_to_end()
        until(lambda: not is_alive(family[3]), "mail goes on")
        guest.sendall(body[10:])
        answer = guest.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 4"), answer[:60]  # no CSRF token: it was read to its end
    assert b"</html>" in answer
    assert server.running.popen.wait(40) == 0
    assert not any(map(is_alive, family))


def test_nobody_is_left_behind_when_the_supervisor_is_killed(server: Server) -> None:
    family = _family(server)

    server.running.kill()

    until(lambda: not any(map(is_alive, family)), "orphans go on")
    with pytest.raises(NoAnswer, match="ConnectionRefusedError"):
        server.guest().get("/health")


def test_told_twice_to_stop_it_waits_for_nobody(server: Server) -> None:
    family = _family(server)
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as guest:
        guest.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        until(lambda: _is_reading(server, guest), "nobody reads the request")
        server.running.ask_to_end()
        until(lambda: not is_alive(family[3]), "mail goes on")
        server.running.ask_to_end()
        assert server.running.popen.wait(20) == 0

    assert time.monotonic() - began < serve.GRACE_SECONDS
    until(lambda: not any(map(is_alive, family)), "somebody is left behind", patience=20)


def _task_processes(server: Server) -> list[int]:
    return children(server.running.pid, "events tasks 1")


def test_a_task_process_is_started_when_a_task_waits_and_not_before(
    server: Server, tmp_path: Path
) -> None:
    app = an_application(INSTANCE_DIR=str(tmp_path), DATABASE_URL="")
    assert _task_processes(server) == []

    with app.app_context():
        user = a_user(an_organisation())
        unreadable = a_task(user, created_at=utc_now(), due_at=utc_now()).id
        until(lambda: _task_processes(server), "nobody runs the task", 40)
        until(lambda: _reason_of(unreadable) is Reason.UNREADABLE, "the task does not end")
        db.engine.dispose()


def _reason_of(task_id: int) -> Reason:
    db.session.rollback()
    return db.session.get_one(Task, task_id, populate_existing=True).reason


def test_a_bell_is_heard_once_however_often_it_was_rung() -> None:
    bell = Bell()
    assert not bell.has_rung()

    for _ in range(3):
        bell.ring()

    assert bell.has_rung()
    assert not bell.has_rung()
