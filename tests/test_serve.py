"""The supervisor of ``flask serve``: real processes, asked, killed and orphaned."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from event_mgmt import serve
from tests.conftest import make_app
from tests.faults.serving import is_alive
from tests.journeys.system import ROOT, free_port, until

pytestmark = pytest.mark.processes


def children(pid: int) -> dict[int, str]:
    """The children of a process that are alive, by the names that ``ps`` shows."""
    found = {}
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with suppress(OSError):
                found[int(child)] = Path(f"/proc/{child}/comm").read_text().strip()
    return {child: name for child, name in found.items() if is_alive(child)}


@dataclass
class Served:
    """A running ``flask serve`` with two web processes and one for mail."""

    process: subprocess.Popen[bytes]
    port: int

    def get(self, path: str = "/health", *, patience: float = 20) -> int:
        """Ask for a page; its status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def child(self, name: str) -> int:
        """The supervisor's child of this name; waits until there is one."""
        return until(
            lambda: next(
                (pid for pid, its in children(self.process.pid).items() if its == name), 0
            ),
            f"no process is called {name}",
        )

    def workers(self) -> list[int]:
        """The processes that answer requests; waits until there are two."""
        master = self.child("events web")
        until(lambda: len(children(master)) == 2, "there are not two web processes")
        return list(children(master))

    def family(self) -> list[int]:
        """All processes, the supervisor first."""
        return [
            self.process.pid,
            self.child("events web"),
            self.child("events mail 1"),
            *self.workers(),
        ]


def started(instance: Path, port: int) -> subprocess.Popen[bytes]:
    """``flask serve`` on this port, perhaps."""
    environ = {
        "INSTANCE_DIR": str(instance),
        "DATABASE_URL": "",
        "BIND": f"127.0.0.1:{port}",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "serve"],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A system that answers; whatever is left of it is ended afterwards."""
    make_app(tmp_path, "")
    port = free_port()
    running = Served(started(tmp_path, port), port)
    until(lambda: answers(running), "no answer")
    running.family()
    yield running
    left = [running.process.pid]
    for pid in left:
        left += children(pid)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    running.process.communicate(timeout=60)


def answers(running: Served) -> bool:
    """Whether it answers at this moment."""
    with suppress(OSError, http.client.HTTPException):
        return running.get(patience=5) == 200
    return False


def _is_reading(served: Served, guest: socket.socket) -> bool:
    """Whether a web process has taken this connection from the queue."""
    port = guest.getsockname()[1]
    inodes = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[2].endswith(f":{port:04X}")
    }
    held = {
        str(link.readlink())
        for pid in served.workers()
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if link.is_symlink()
    }
    return any(f"socket:[{inode}]" in held for inode in inodes)


def test_a_port_that_is_taken_ends_the_start_with_one_line(served: Served, tmp_path: Path) -> None:
    second = started(tmp_path, served.port)
    _out, words = second.communicate(timeout=30)

    assert second.returncode == 1
    assert words.decode() == (
        f"Cannot listen on 127.0.0.1:{served.port}: Address already in use.\n"
    )
    assert served.get() == 200


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.0.0.1:http"])
def test_an_address_without_a_port_is_refused(bind: str) -> None:
    with pytest.raises(OSError, match="host:port"):
        serve.listen(bind)


def test_a_worker_that_is_killed_is_started_again(served: Served) -> None:
    before = served.child("events mail 1")

    os.kill(before, signal.SIGKILL)
    until(lambda: not is_alive(before), "it lives on")

    assert served.child("events mail 1") != before
    assert served.get() == 200


def test_a_web_process_that_is_killed_is_started_again(served: Served) -> None:
    before = served.workers()

    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not any(map(is_alive, before)), "they live on")

    assert not set(served.workers()) & set(before)
    assert served.get() == 200


def test_while_all_web_processes_are_started_anew_guests_wait_and_none_is_turned_away(
    served: Served,
) -> None:
    """The supervisor holds the listening socket: connections wait in its queue."""
    web = served.child("events web")
    everybody = [web, *served.workers()]

    for pid in everybody:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not any(map(is_alive, everybody)), "they live on")
    statuses = [served.get() for _ in range(5)]

    assert statuses == [200] * 5
    assert served.child("events web") != web


def test_asked_to_stop_it_finishes_the_request_in_hand(served: Served) -> None:
    family = served.family()
    body = b"email=maja%40example.org&password=x"
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as guest:
        head = (
            f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        guest.sendall(head.encode() + body[:10])
        until(lambda: _is_reading(served, guest), "nobody reads the request")
        served.process.send_signal(signal.SIGTERM)
        until(lambda: not is_alive(family[2]), "mail goes on")
        guest.sendall(body[10:])
        answer = guest.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 4"), answer[:60]  # no CSRF token: it was read to its end
    assert b"</html>" in answer
    assert served.process.wait(40) == 0
    assert not any(map(is_alive, family))


def test_nobody_is_left_behind_when_the_supervisor_is_killed(served: Served) -> None:
    family = served.family()

    served.process.kill()
    served.process.wait(20)

    until(lambda: not any(map(is_alive, family)), "orphans go on")
    with pytest.raises(ConnectionRefusedError):
        served.get()


def test_told_twice_to_stop_it_waits_for_nobody(served: Served) -> None:
    family = served.family()
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as guest:
        guest.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        until(lambda: _is_reading(served, guest), "nobody reads the request")
        served.process.send_signal(signal.SIGTERM)
        until(lambda: not is_alive(family[2]), "mail goes on")
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(20) == 0

    assert time.monotonic() - began < serve.GRACE_SECONDS
    until(lambda: not any(map(is_alive, family)), "somebody is left behind")
