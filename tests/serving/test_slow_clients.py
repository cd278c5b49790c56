"""What slow clients may take, with limits small enough to wait for."""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from event_mgmt.serving.handover import HandoverKind
from event_mgmt.serving.rates import Limits
from tests.serving.processes import is_alive, until
from tests.serving.slow import everything, status_of, trickle
from tests.serving.small_disk import small_disk
from tests.serving.waiting import MOST_BODY, waiting

pytestmark = pytest.mark.processes

QUICK = Limits(
    head_seconds=0.6,
    body_grace_seconds=0.6,
    body_silence_seconds=1.2,
    answer_grace_seconds=0.6,
    least_rate=50_000,
    linger_seconds=1,
    linger_silence_seconds=0.5,
)
ENDLESS = replace(QUICK, least_rate=1, body_silence_seconds=1e6)
PATIENT = Limits()


def head(length: int, *lines: str) -> bytes:
    """Of a form of this length."""
    every = ["POST /x HTTP/1.1", "Host: x", *lines, f"Content-Length: {length}", "", ""]
    return "\r\n".join(every).encode()


def sent_in_the_background(client: socket.socket, data: bytes, *, rate: int) -> None:
    """Sends on while the test looks; a connection that ends is no fault of it."""

    def send() -> None:
        with suppress(OSError):
            trickle(client, data, rate=rate)

    threading.Thread(target=send, daemon=True).start()


def is_open(client: socket.socket, seconds: float) -> bool:
    """Whether nothing comes in this time, not even the end."""
    client.settimeout(seconds)
    try:
        client.recv(1)
    except TimeoutError:
        return True
    finally:
        client.settimeout(20)
    return False


@pytest.mark.parametrize(("limits", "status"), [(QUICK, 408), (ENDLESS, 0)])
def test_a_sender_below_the_least_rate_is_told_so(
    tmp_path: Path, limits: Limits, status: int
) -> None:
    """A tenth of the least rate; the control, which knows no least rate, goes on waiting."""
    with waiting(tmp_path, limits) as them:
        client = them.hand_over(HandoverKind.READ, data=head(900_000))
        sent_in_the_background(client, b"a" * 20_000, rate=5_000)
        if status:
            assert status_of(everything(client)) == status
        else:
            assert is_open(client, 2.5)


def test_a_steady_sender_above_it_is_read_to_its_end(tmp_path: Path) -> None:
    """Five times the least rate, as 20 KB a second are, and longer than the grace."""
    body = bytes(range(250)) * 2_000
    with waiting(tmp_path, QUICK) as them:
        client = them.hand_over(HandoverKind.READ, data=head(len(body)))
        trickle(client, body, rate=250_000)
        assert them.served() == head(len(body)) + body


@pytest.mark.parametrize("data", [b"", b"GET / HT"])
def test_a_head_that_does_not_come_is_not_waited_for(tmp_path: Path, data: bytes) -> None:
    """Who has said something is told; who has said nothing has asked nothing."""
    with waiting(tmp_path, QUICK) as them:
        client = them.hand_over(HandoverKind.READ, data=data)
        assert status_of(everything(client)) == (408 if data else 0)


@pytest.mark.parametrize(("limits", "is_waited_for"), [(QUICK, False), (ENDLESS, True)])
def test_who_sent_much_at_once_cannot_rest_on_it(
    tmp_path: Path, limits: Limits, is_waited_for: bool
) -> None:
    """900 KB at once would earn 18 seconds: 1.2 are granted. The control grants them all."""
    with waiting(tmp_path, limits) as them:
        client = them.hand_over(HandoverKind.READ, data=head(MOST_BODY))
        client.sendall(b"a" * 900_000)
        assert is_open(client, 2.5) is is_waited_for


def test_an_honest_reader_is_not_cut_for_what_the_system_had_buffered_before(
    tmp_path: Path,
) -> None:
    """The kernel took much of the answer at once: that it leaves slowly is seen only later.

    Must hold: a reader at the least rate has the time that these bytes take. The control, of whom
    nothing was taken before, is cut after the grace.
    """
    limits = replace(QUICK, least_rate=20_000_000)
    with waiting(tmp_path, limits) as them, (tmp_path / "answer").open("w+b") as file:
        file.truncate(20_000_000)

        def asking(done: int) -> socket.socket:
            given = {"file": os.dup(file.fileno()), "length": 20_000_000, "done": done}
            return them.hand_over(HandoverKind.WRITE, **given)

        patient, control = asking(60_000_000), asking(0)
        time.sleep(1.5)  # the grace is over, and three more seconds are not
        read = [len(everything(client)) for client in (control, patient)]

    assert read[0] < 20_000_000
    assert read[1] == 20_000_000


def test_one_client_at_its_most_connections_loses_its_own_oldest(tmp_path: Path) -> None:
    """Three are one's most. The fourth comes in for the first, whoever else is there stays.

    Must hold: the first is told (it had begun to speak); the newcomer is served.
    """
    with waiting(tmp_path, replace(PATIENT, connections_of_one=3)) as them:
        other = them.hand_over(HandoverKind.READ, data=b"GET /other", address="127.0.0.2")
        first, *rest = [them.hand_over(HandoverKind.READ, data=b"GET /slow") for _ in range(3)]
        assert is_open(first, 0.5)
        newcomer = them.hand_over(HandoverKind.READ, data=head(5))
        newcomer.sendall(b"12345")

        assert them.served() == head(5) + b"12345"
        assert status_of(everything(first)) == 503
        assert all(is_open(client, 0.1) for client in (other, *rest))


def test_when_all_are_too_many_whoever_has_most_makes_room(tmp_path: Path) -> None:
    """Six in all: five of one, and an honest slow guest, who came first.

    Must hold: newcomers from elsewhere come in, and the guest goes on undisturbed, while those of
    the many go one after another.
    """
    with waiting(tmp_path, replace(PATIENT, connections=6)) as them:
        guest = them.hand_over(HandoverKind.READ, data=head(8), address="127.0.0.2")
        many = [them.hand_over(HandoverKind.READ) for _ in range(5)]
        newcomers = []
        for number in range(3):
            address = f"127.0.0.{10 + number}"
            newcomers.append(them.hand_over(HandoverKind.READ, data=b"GET", address=address))
            assert everything(many[number]) == b""  # it had said nothing, and is told nothing
        assert all(is_open(client, 0.2) for client in (*many[3:], *newcomers))
        guest.sendall(b"registers"[:8])
        assert them.served() == head(8) + b"register"


def test_slow_readers_are_counted_as_slow_senders_are(tmp_path: Path) -> None:
    """Answers that nobody takes, all of one client: two are its most."""
    limits = replace(PATIENT, connections_of_one=2)
    with waiting(tmp_path, limits) as them, (tmp_path / "answer").open("w+b") as file:
        file.truncate(20_000_000)
        readers = [
            them.hand_over(
                HandoverKind.WRITE,
                file=os.dup(file.fileno()),
                length=20_000_000,
                counts_for="192.0.2.7",
            )
            for _ in range(3)
        ]
        sizes = [len(everything(reader)) for reader in readers]

    assert sizes[0] < 20_000_000
    assert sizes[1:] == [20_000_000] * 2


@pytest.mark.parametrize(("on_disk", "is_read"), [(800_000, False), (8_000_000, True)])
def test_one_client_has_half_of_the_room_on_the_disk(
    tmp_path: Path, on_disk: int, is_read: bool
) -> None:
    """Two bodies of 300 KB are more than half of 800; with more room both are read (the control).

    Must hold: the second is told 503 when its half is full; another client has room; and what the
    refused one had is free again at once, though its connection lingers.
    """
    limits = replace(PATIENT, on_disk=on_disk)
    with waiting(tmp_path, limits) as them:
        first = them.hand_over(HandoverKind.READ, data=head(300_000))
        first.sendall(b"a" * 299_999)
        second = them.hand_over(HandoverKind.READ, data=head(300_000))
        second.sendall(b"b" * 299_999)
        other = them.hand_over(HandoverKind.READ, data=head(300_000), address="127.0.0.2")
        other.sendall(b"c" * 300_000)
        assert them.served() == head(300_000) + b"c" * 300_000
        if is_read:
            second.sendall(b"b")
            assert them.served() == head(300_000) + b"b" * 300_000
        else:
            assert status_of(second.recv(12 * 1024)) == 503
            third = them.hand_over(HandoverKind.READ, data=head(90_000))
            third.sendall(b"d" * 90_000)
            assert them.served() == head(90_000) + b"d" * 90_000


@pytest.mark.parametrize(("on_disk", "status"), [(1_000_000, 503), (8_000_000, 0)])
def test_all_together_have_no_more_than_the_room_on_the_disk(
    tmp_path: Path, on_disk: int, status: int
) -> None:
    """Three clients with 400 KB each, in a megabyte; the control has room for all."""
    with waiting(tmp_path, replace(PATIENT, on_disk=on_disk)) as them:
        clients = []
        for number in range(3):
            client = them.hand_over(
                HandoverKind.READ, data=head(400_000), address=f"127.0.0.{number + 2}"
            )
            client.sendall(b"a" * 399_999)
            clients.append(client)
        if status:
            assert status_of(clients[2].recv(12 * 1024)) == status
        for client in clients[: 2 if status else 3]:
            client.sendall(b"a")
            assert len(them.served()) == len(head(400_000)) + 400_000


def test_a_full_disk_is_called_that_and_small_forms_need_none(tmp_path: Path) -> None:
    with small_disk(2) as disk, waiting(disk.path, PATIENT) as them:
        client = them.hand_over(HandoverKind.READ, data=head(MOST_BODY))
        client.sendall(b"a" * 100_000)
        assert is_open(client, 0.3)
        disk.fill()
        client.sendall(b"a" * 800_000)
        answer = everything(client)
        assert status_of(answer) == 503
        assert b"There is no room left on the server's disk. Nothing was changed." in answer
        small = them.hand_over(HandoverKind.READ, data=head(20_000))
        small.sendall(b"a" * 20_000)
        assert them.served() == head(20_000) + b"a" * 20_000


def test_a_head_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    with waiting(tmp_path, PATIENT) as them:
        client = them.hand_over(HandoverKind.READ, data=b"GET / HTTP/1.1\r\nX: ")
        with suppress(OSError):
            client.sendall(b"a" * 40_000)
        assert status_of(everything(client)) == 431


def test_behind_a_proxy_it_is_the_proxys_client_who_is_counted(tmp_path: Path) -> None:
    """All connections come from the proxy: two of one client are its most, others come in."""
    limits = replace(PATIENT, connections_of_one=2)
    with waiting(tmp_path, limits, proxy_hops=1) as them:
        many = [
            them.hand_over(HandoverKind.READ, data=head(5, "X-Forwarded-For: 198.51.100.1"))
            for _ in range(3)
        ]
        others = [
            them.hand_over(HandoverKind.READ, data=head(5, f"X-Forwarded-For: 198.51.100.{number}"))
            for number in range(2, 6)
        ]
        assert status_of(everything(many[0])) == 503
        assert all(is_open(client, 0.1) for client in (*many[1:], *others))


def test_who_hangs_up_in_the_middle_is_not_served(tmp_path: Path) -> None:
    """Half closed, the client could still read: but its request will never be whole."""
    with waiting(tmp_path, PATIENT) as them:
        client = them.hand_over(HandoverKind.READ, data=head(50))
        client.sendall(b"half of it")
        client.shutdown(socket.SHUT_WR)
        assert everything(client) == b""
        assert them.served(0.5) == b""


def test_asked_to_end_it_waits_for_those_who_have_begun_to_speak(tmp_path: Path) -> None:
    """Must hold: who is silent goes; who has begun is read to the end and passed on; the others
    hear that nothing is read any more; with the last web process, and the last answer, it ends.
    """
    with waiting(tmp_path, PATIENT) as them:
        silent = them.hand_over(HandoverKind.READ)
        begun = them.hand_over(HandoverKind.READ, data=head(5))
        assert is_open(begun, 0.3)
        them.ask_to_end()
        assert everything(silent) == b""
        assert is_open(them.reading, 0.3)
        begun.sendall(b"12345")
        assert them.served() == head(5) + b"12345"
        assert them.reading.recv(1) == b""
        reader = them.hand_over(HandoverKind.WRITE, data=b"the answer", length=10)
        them.web.close()
        assert everything(reader) == b"the answer"
        reader.close()
        until(lambda: not is_alive(them.pid), "it does not end")
