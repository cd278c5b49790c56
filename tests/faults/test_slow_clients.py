"""Clients that send or take a byte now and then: real processes, plain sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from event_mgmt.core.clock import utc_now
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.registrations.models import Registration
from tests.builders import an_event
from tests.faults.guests import fields_of
from tests.faults.long_form import IS_LONG
from tests.faults.serving import served
from tests.serving.guests import Guest
from tests.serving.processes import is_alive, kill, until
from tests.serving.server import Server
from tests.serving.slow import (
    answer_to,
    connected,
    crowd,
    everything,
    form_of,
    head_of,
    status_of,
    trickle,
)

pytestmark = pytest.mark.processes

SLOW = 50


@pytest.fixture
def event(sqlite_app: Flask) -> Event:
    """One that anybody may register for."""
    starts_at = utc_now() + timedelta(days=30)
    return an_event(seats=1000, starts_at=starts_at, published_at=utc_now())


@pytest.fixture
def server(sqlite_app: Flask, event: Event, tmp_path: Path) -> Iterator[Server]:
    """The system on that database."""
    with served(sqlite_app, tmp_path) as server:
        yield server


def _register(server: Server, event: Event, numbers: range) -> float:
    """Register these guests one after another; gives the seconds that it took."""
    path = f"/events/{event.slug}/register"
    began = time.monotonic()
    for number in numbers:
        guest = Guest(server.port, patience=5)
        assert guest.post(path, fields_of(guest.form(path), number)).status == 303
    return time.monotonic() - began


def test_guests_register_while_fifty_send_and_fifty_read_a_byte_at_a_time(
    server: Server, event: Event
) -> None:
    """Must hold: registering takes about as long as without them (``make bench`` has the figure),
    and every one of them is there.
    """
    guests = 40 if IS_LONG else 12
    _register(server, event, range(3))
    alone = _register(server, event, range(100, 100 + guests))
    with crowd(server.port) as slow:
        slow.send_slowly(SLOW, f"/events/{event.slug}/register")
        slow.read_slowly(SLOW, head_of(server.port, f"/events/{event.slug}"))
        beside = _register(server, event, range(200, 200 + guests))

    assert beside < 3 * alone + 1
    assert db.session.query(Registration).count() == 3 + 2 * guests


def test_control_web_processes_that_wait_for_each_client_serve_nobody_else(
    sqlite_app: Flask, event: Event, tmp_path: Path
) -> None:
    """The control: with gunicorn's own worker four slow senders are enough."""
    way = "waits_for_each_client"
    with served(sqlite_app, tmp_path, way=way) as server, crowd(server.port) as slow:
        slow.send_slowly(4)
        with connected(server.port) as guest:
            guest.settimeout(3)
            guest.sendall(head_of(server.port, f"/events/{event.slug}"))
            with pytest.raises(TimeoutError):
                guest.recv(100)


def test_a_steady_sender_is_served_whatever_the_size(server: Server) -> None:
    """20 KB a second, longer than the grace of the least rate: in the long form; a second here.

    Must hold: the page answers what it answers to a quick sender; nothing is left on the disk.
    """
    body = urlencode({"email": "maja@example.org", "password": "x" * 20_000}).encode()
    body += b"&more=" + b"y" * (20_000 * (40 if IS_LONG else 1))
    request = form_of(server.port, "/login", body)
    at_once = status_of(answer_to(server.port, request))
    with connected(server.port) as client:
        trickle(client, request, rate=20_000)
        answer = everything(client)

    assert status_of(answer) == at_once
    assert at_once in {413, 422}
    assert b"</html>" in answer


def test_a_form_whose_body_comes_later_and_in_pieces_is_taken(server: Server, event: Event) -> None:
    path = f"/events/{event.slug}/register"
    guest = server.guest()
    fields = urlencode(fields_of(guest.form(path), 7)).encode()
    cookie = "; ".join(f"{name}={value}" for name, value in guest.cookies.items())
    request = form_of(server.port, path, fields, f"Cookie: {cookie}")
    with connected(server.port) as client:
        for start in range(0, len(request), 97):
            client.sendall(request[start : start + 97])
            time.sleep(0.002)
        answer = everything(client)

    assert status_of(answer) == 303, answer[:300]


def test_a_chunked_form_is_taken_as_well(server: Server, event: Event) -> None:
    path = f"/events/{event.slug}/register"
    guest = server.guest()
    fields = urlencode(fields_of(guest.form(path), 8)).encode()
    cookie = "; ".join(f"{name}={value}" for name, value in guest.cookies.items())
    head = head_of(
        server.port,
        path,
        "Content-Type: application/x-www-form-urlencoded",
        f"Cookie: {cookie}",
        "Transfer-Encoding: chunked",
        method="POST",
    )
    pieces = [fields[start : start + 50] for start in range(0, len(fields), 50)]
    with connected(server.port) as client:
        client.sendall(head)
        for piece in pieces:
            client.sendall(b"%x;a=b\r\n%b\r\n" % (len(piece), piece))
            time.sleep(0.002)
        client.sendall(b"0\r\nX-Trailer: yes\r\n\r\n")
        answer = everything(client)

    assert status_of(answer) == 303, answer[:300]


def test_a_request_that_never_ends_is_ended(
    sqlite_app: Flask, event: Event, tmp_path: Path
) -> None:
    """The head in 15 s, then 4 KB a second after a grace of 20 s; a second each in the short form.

    Must hold: both are told 408; a steady sender of five times the least rate is served.
    """
    way = "" if IS_LONG else "is_impatient"
    with served(sqlite_app, tmp_path, way=way) as server:
        steady = form_of(
            server.port, "/login", b"email=x&more=" + b"y" * (600_000 if IS_LONG else 900_000)
        )
        with connected(server.port) as head, connected(server.port) as body:
            body.sendall(head_of(server.port, "/login", "Content-Length: 9000", method="POST"))
            head.sendall(b"GET / HT")
            head.settimeout(20)
            body.settimeout(30)
            with connected(server.port) as client:
                trickle(client, steady, rate=20_000 if IS_LONG else 500_000)
                answer = everything(client)
            assert status_of(everything(head)) == 408
            assert status_of(everything(body)) == 408

    assert status_of(answer) in {413, 422}


def test_thousands_who_say_nothing_keep_nobody_from_being_served(
    server: Server, event: Event
) -> None:
    silent = [connected(server.port) for _ in range(400)]
    try:
        seconds = _register(server, event, range(5))
        assert seconds < 5
    finally:
        for client in silent:
            client.close()


def test_a_process_that_waits_for_slow_clients_is_killed_and_started_again(
    server: Server, event: Event
) -> None:
    """Must hold: those in its hands lose their connection, everybody else notices nothing."""
    with crowd(server.port) as slow:
        before = server.child("events buffer")
        few = len(_open_files(before))
        slow.send_slowly(5)
        until(lambda: len(_open_files(before)) >= few + 5, "it holds none of them")
        kill(before)
        _register(server, event, range(3))
        until(lambda: not is_alive(before), "it lives on")
        assert server.child("events buffer") != before
        assert everything(slow.senders[0]) == b""
        slow.send_slowly(5)
        _register(server, event, range(10, 13))


def test_a_web_process_killed_with_a_request_in_hand_leaves_the_others_to_the_next_one(
    server: Server, event: Event
) -> None:
    path = f"/events/{event.slug}/register"
    guest = server.guest()
    body = urlencode(fields_of(guest.form(path), 9)).encode()
    cookie = "; ".join(f"{name}={value}" for name, value in guest.cookies.items())
    request = form_of(server.port, path, body, f"Cookie: {cookie}")
    with connected(server.port) as client:
        client.sendall(request[:-10])
        time.sleep(0.2)
        for pid in server.web_processes():
            kill(pid)
        client.sendall(request[-10:])
        assert status_of(everything(client)) == 303


@pytest.mark.parametrize("path", ["/large", "/large-file", "/large-chunked"])
def test_an_answer_that_is_taken_slowly_holds_no_web_process_and_comes_whole(
    sqlite_app: Flask, event: Event, tmp_path: Path, path: str
) -> None:
    """Ten ask for eight megabytes and do not read them; the only web process is free for others.

    Must hold: each of them has it to the last byte when it reads after all; those who hang up
    leave nothing behind.
    """
    with served(sqlite_app, tmp_path, way="has_large_pages", WEB_PROCESSES="1") as server:
        clients = [connected(server.port, receive_buffer=4096) for _ in range(10)]
        for client in clients:
            client.sendall(head_of(server.port, path))
        _register(server, event, range(3))
        for client in clients[5:]:
            client.close()
        wholes = [everything(client) for client in clients[:5]]
        for client in clients[:5]:
            client.close()
        waiting = server.child("events buffer")
        until(lambda: not _unnamed_files(waiting), "it keeps what nobody wants any more")

    for whole in wholes:
        head, _end, body = whole.partition(b"\r\n\r\n")
        assert status_of(head) == 200
        content = _unchunked(body) if b"chunked" in head else body
        assert len(content) == 8 * 1024 * 1024
        assert content == bytes(range(256)) * (8 * 4096)


def _open_files(pid: int) -> list[str]:
    links = Path(f"/proc/{pid}/fd").iterdir()
    return [str(link.readlink()) for link in links if link.is_symlink()]


def _unnamed_files(pid: int) -> list[str]:
    return [name for name in _open_files(pid) if name.endswith("(deleted)")]


def _unchunked(body: bytes) -> bytes:
    pieces, start = [], 0
    while start < len(body):
        end = body.index(b"\r\n", start)
        size = int(body[start:end], 16)
        pieces.append(body[end + 2 : end + 2 + size])
        start = end + 2 + size + 2
    return b"".join(pieces)


def test_on_an_ipv6_address_too(sqlite_app: Flask, event: Event, tmp_path: Path) -> None:
    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    with served(sqlite_app, tmp_path) as server:
        server.stop()
        server.settings["BIND"] = f"[::1]:{server.port}"
        server.begin()
        host = f"127.0.0.1:{server.port}"

        def asked() -> bytes:
            try:
                with socket.create_connection(("::1", server.port), timeout=5) as client:
                    client.sendall(f"GET /health HTTP/1.1\r\nHost: {host}\r\n".encode())
                    time.sleep(0.05)
                    client.sendall(b"\r\n")
                    return everything(client)
            except OSError:
                return b""

        assert status_of(until(asked, "no answer")) == 200
