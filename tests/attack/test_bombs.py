"""Bodies and files that would exhaust the system: refused quickly, in flat memory.

Against the real server, with the memory and the processor time of its own processes: on a busy
machine they tell more than a clock.
"""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from flask import Flask

from event_mgmt.core.database import db
from tests.attack import bombs
from tests.attack.stage import RAW_CSRF, House, a_house, browser, csrf_header
from tests.journeys.system import System, running_system

pytestmark = pytest.mark.processes

MEGABYTE = bombs.MEGABYTE
MOST_SECONDS = 4.0
MOST_GROWTH = 64 * MEGABYTE


@dataclass
class Target:
    """A running system, what is in it, and a signed-in user's headers."""

    system: System
    house: House
    headers: dict[str, str]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    instance = tmp_path_factory.mktemp("bombs")
    with running_system(instance, WEB_PROCESSES="1", MAIL_WORKERS="0") as system:
        with system.app.app_context():
            house = a_house(system.app, "H")
            headers = _headers(system.app, house)
            db.session.remove()
        yield Target(system, house, headers)


@pytest.fixture
def frozen() -> None:
    """The server's clock runs, and so does ours."""


def _headers(app: Flask, house: House) -> dict[str, str]:
    client = browser(app, house.user, signed_in_at=int(time.time()))
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert RAW_CSRF
    return {"Cookie": f"session={cookie.value}", **csrf_header(app)}


@dataclass
class Cost:
    """What an answer took: its status, processor seconds, and the growth of the largest process."""

    status: int
    seconds: float
    growth: int


def _workers(target: Target) -> list[psutil.Process]:
    """The system's own processes; what else this one has started comes and goes."""
    return psutil.Process(target.system.pid).children(recursive=True)


def _peak(process: psutil.Process) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _forget_peak(process: psutil.Process) -> int:
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")
    return _peak(process)


def _seconds(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _send(target: Target, path: str, body: bytes | Iterator[bytes], **headers: str) -> int:
    address = urlsplit(target.system.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    with closing(connection):
        # The server may say no before it has heard everything.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request("POST", path, body, {**target.headers, **headers})
        try:
            return connection.getresponse().status
        except (http.client.HTTPException, OSError):
            return 0


def _cost(target: Target, path: str, body: bytes | Iterator[bytes], **headers: str) -> Cost:
    workers = _workers(target)
    before = {process.pid: _forget_peak(process) for process in workers}
    spent = _seconds(workers)
    status = _send(target, path, body, **headers)
    growth = max(_peak(process) - before[process.pid] for process in workers)
    return Cost(status, _seconds(workers) - spent, growth)


def _is_alive(target: Target) -> bool:
    address = urlsplit(target.system.url)
    with closing(http.client.HTTPConnection(address.hostname or "", address.port)) as connection:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"


def _part(name: str, content: bytes, file_name: str = "gaeste.xlsx") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n\r\n'
    return head.encode() + content + b"\r\n--b\r\n"


def _upload(content: bytes) -> bytes:
    language = b'Content-Disposition: form-data; name="language"\r\n\r\nde\r\n--b--\r\n'
    return _part("file", content) + language


@pytest.mark.parametrize("name", bombs.LISTS)
def test_a_list_that_is_a_bomb_is_refused_quickly_and_in_flat_memory(
    target: Target, name: str
) -> None:
    path = f"/desk/events/{target.house.event.id}/registrations/import"
    body = _upload(bombs.LISTS[name]())
    _send(target, path, _upload(bombs.cut_off()), **{"Content-Type": PARTS})  # all is imported

    cost = _cost(target, path, body, **{"Content-Type": PARTS})

    assert cost.status == 422, cost
    assert cost.seconds < MOST_SECONDS, cost
    assert cost.growth < MOST_GROWTH, cost
    assert _is_alive(target)


def _hundred_megabytes() -> Iterator[bytes]:
    for _n in range(100):
        yield b"a" * MEGABYTE


def _paths(target: Target) -> list[str]:
    event = target.house.event
    return [
        f"/events/{event.slug}/register",
        "/login",
        f"/desk/events/{event.id}/edit",
        f"/desk/events/{event.id}/registrations/import",
        f"/desk/organisations/{target.house.organisation.id}/logo",
        "/nowhere",
    ]


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_a_body_of_a_hundred_megabytes_is_refused_without_being_kept(
    target: Target, announced: bool
) -> None:
    for path in _paths(target):
        headers = {"Content-Type": PARTS if "import" in path else FORM}
        if announced:
            headers["Content-Length"] = str(100 * MEGABYTE)

        cost = _cost(target, path, _hundred_megabytes(), **headers)

        # Without a length nothing is read: the form counts as empty.
        unread = set() if announced else {302, 422}
        assert cost.status in {0, 400, 404, 413} | unread, (path, cost)
        assert cost.seconds < MOST_SECONDS, (path, cost)
        assert cost.growth < MOST_GROWTH, (path, cost)
    assert _is_alive(target)


def test_very_many_fields_and_deep_values_cost_little(target: Target) -> None:
    bodies = {
        "200,000 fields": (b"a=1&" * 200_000, FORM),
        "130,000 short fields": (b"a&" * 130_000, FORM),
        "130,000 signs to decode": (b"a=" + b"%41" * 85_000, FORM),
        "companions": (b"&".join(b"companions-%d-x=1" % n for n in range(10_000)), FORM),
        "deep json": (b"[" * 120_000 + b"]" * 120_000, "application/json"),
        "wide json": (json.dumps(list(range(40_000))).encode(), "application/json"),
        "many parts": (b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n" * 4_000, PARTS),
        "a part without an end": (b"--b\r\nContent-Disposition: form-data; name=" + b"a" * 200_000, PARTS),
        "a long header": (b"--b\r\nX: " + b"a" * 250_000, PARTS),
    }  # fmt: skip

    for name, (body, kind) in bodies.items():
        for path in _paths(target)[:3]:
            cost = _cost(target, path, body, **{"Content-Type": kind})

            assert cost.status in {302, 400, 413, 422}, (name, path, cost)
            assert cost.seconds < MOST_SECONDS, (name, path, cost)
            assert cost.growth < MOST_GROWTH, (name, path, cost)
    assert _is_alive(target)


def test_a_head_of_a_megabyte_is_refused(target: Target) -> None:
    for header in ({"X-Long": "a" * MEGABYTE}, {f"X-{n}": "1" for n in range(500)}):
        assert _send(target, "/login", b"", **header) in {0, 400, 413, 431}
    assert _send(target, "/login?" + "a" * 100_000, b"") in {0, 400, 414, 431}
    assert _is_alive(target)


def test_the_measure_sees_memory_that_is_taken(target: Target) -> None:
    """The control: a process that takes 100 MB is noticed."""
    own = psutil.Process(os.getpid())
    before = _forget_peak(own)
    taken = bytearray(os.urandom(1) * (100 * MEGABYTE))

    assert _peak(own) - before > MOST_GROWTH
    assert taken
