"""Requests as HTTP allows them, and as it does not: real processes, plain sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from event_mgmt.core.database import db
from tests.conftest import make_app
from tests.faults.serving import served
from tests.serving.server import Server
from tests.serving.slow import answer_to, connected, everything, form_of, head_of, status_of

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One system for all: nothing here changes anything."""
    folder = tmp_path_factory.mktemp("odd-requests")
    app = make_app(folder / "instance", "")
    with app.app_context(), served(app, folder) as server:
        db.engine.dispose()
        yield server


def test_whoever_asks_before_sending_is_told_to_go_on(server: Server) -> None:
    body = b"email=maja%40example.org"
    request = form_of(server.port, "/login", body, "Expect: 100-continue")
    with connected(server.port) as client:
        client.sendall(request[: -len(body)])
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body)
        answer = everything(client)

    assert status_of(answer) == 422  # it was read to its end


def test_what_no_page_takes_is_refused_without_being_waited_for(server: Server) -> None:
    """Must hold: 413 with a page, though nothing of the body was sent, and no word to go on."""
    for expect in ((), ("Expect: 100-continue",)):
        request = head_of(
            server.port, "/login", "Content-Length: 99999999999", *expect, method="POST"
        )
        answer = answer_to(server.port, request)
        assert status_of(answer) == 413
        assert b"</html>" in answer


def test_a_second_request_on_the_same_connection_does_not_spoil_the_first(server: Server) -> None:
    """Pipelining: the first is answered whole and the connection ends, as it was announced."""
    for first in (head_of(server.port, "/health"), form_of(server.port, "/login", b"email=x")):
        with connected(server.port) as client:
            client.sendall(first + head_of(server.port, "/health") * 20)
            with suppress(OSError):  # more of them, behind what the system has read
                client.sendall(head_of(server.port, "/health") * 2000)
            answer = everything(client)
        assert answer.count(b"HTTP/1.1 ") == 1
        assert b"Connection: close" in answer
        assert len(answer.partition(b"\r\n\r\n")[2]) > 0


UNCLEAR = [
    (["Content-Length: 5", "Transfer-Encoding: chunked"], 400),
    (["Content-Length: 5", "Content-Length: 6"], 400),
    (["Content-Length: +5"], 400),
    (["Content-Length: 5x"], 400),
    (["Content-Length : 5"], 400),
    (["Content-Length: -1"], 400),
    (["Transfer-Encoding: chunked, identity"], 400),
    (["Transfer-Encoding: gzip"], 400),
    (["Transfer-Encoding: xchunked"], 501),
    (["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], 400),
    (["X-Folded: a", " b"], 400),
    ([f"X-{n}: a" for n in range(70)], 431),
    ([f"X-Long: {'a' * 9000}"], 431),
]


def test_a_request_of_unclear_length_is_refused_at_once_and_nothing_behind_it_answered(
    server: Server,
) -> None:
    for lines, status in UNCLEAR:
        smuggled = head_of(server.port, "/health")
        request = head_of(server.port, "/login", *lines, method="POST") + b"0\r\n\r\n" + smuggled
        began = time.monotonic()
        answer = answer_to(server.port, request)

        assert status_of(answer) == status, (lines, answer[:200])
        assert answer.count(b"HTTP/1.1 ") == 1
        assert time.monotonic() - began < 5


def test_a_head_answer_has_no_body_and_an_endless_line_is_refused(server: Server) -> None:
    head = answer_to(server.port, head_of(server.port, "/", method="HEAD"))
    assert head.endswith(b"\r\n\r\n")
    assert status_of(head) == 200
    assert status_of(answer_to(server.port, head_of(server.port, "/" + "a" * 5000))) == 414
    long_head = b"GET / HTTP/1.1\r\nX: " + b"a" * 600_000
    assert status_of(answer_to(server.port, long_head)) == 431


MALFORMED = [
    b"zz\r\nemail\r\n0\r\n\r\n",
    b"5\nemail\n0\n\n",
    b"5\r\nemailXX0\r\n\r\n",
    b"5;\x01\r\nemail\r\n0\r\n\r\n",
    b"5\r\nemail\r\n0\r\nHost: other\r\n\r\n",
    b"5\r\nemail\r\n0\r\nno trailer\r\n\r\n",
    b"5\r\nemail\r\n0\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(80)) + b"\r\n",
    b"1\r\na\r\n" * 60_000 + b"0\r\n\r\n",
]


def test_a_malformed_body_is_the_senders_fault_and_not_ours(server: Server) -> None:
    """Must hold: 400 with a page, and soon: none of these is a 500, or keeps a process busy."""
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = head_of(server.port, "/login", kind, "Transfer-Encoding: chunked", method="POST")
    for body in MALFORMED:
        answer = answer_to(server.port, head + body)
        assert status_of(answer) == 400, (body[:60], answer[:200])
        assert b"</html>" in answer


def test_bare_line_feeds_and_stacked_codings_are_refused_at_once(server: Server) -> None:
    bare = head_of(server.port, "/health").replace(b"\r\n", b"\n")
    stacked = head_of(server.port, "/login", "Transfer-Encoding: gzip, chunked", method="POST")
    began = time.monotonic()
    assert status_of(answer_to(server.port, bare)) == 400
    assert status_of(answer_to(server.port, stacked + b"0\r\n\r\n")) == 501
    assert time.monotonic() - began < 5


def test_who_has_asked_and_sends_no_more_is_answered(server: Server) -> None:
    """Half closed: the client has ended its side of the line, and still reads."""
    for request in (head_of(server.port, "/health"), form_of(server.port, "/login", b"email=x")):
        for piece in (len(request), 20):
            with connected(server.port) as client:
                client.sendall(request[:piece])
                time.sleep(0.05)
                client.sendall(request[piece:])
                client.shutdown(socket.SHUT_WR)
                assert status_of(everything(client)) in {200, 422}
