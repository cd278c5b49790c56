"""Mailboxes that cannot be read: what is told, how long it takes, and that no mail waits for it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from flask import Flask

from event_mgmt.core.database import db
from event_mgmt.mail import tls
from event_mgmt.mail.bounces import imap, poller
from event_mgmt.mail.bounces.imap import Mailbox
from event_mgmt.mail.bounces.models import MailboxLease
from event_mgmt.mail.models import MessageState
from event_mgmt.mail.transports import ServerUnreachable
from event_mgmt.settings import BounceMailbox
from event_mgmt.worker import Worker
from tests.mail.bounces import dovecot
from tests.mail.bounces.conftest import Office
from tests.mail.bounces.dovecot import PASSWORD, USER, Dovecot
from tests.mail.bounces.mails import a_report
from tests.mail.certificates import Authority
from tests.mail.relay import Relay
from tests.mail.samples import NOW, queued, states
from tests.serving.processes import until


def _box(server: Dovecot, authority: Authority | None, **given: object) -> BounceMailbox:
    ca_file = authority.file if authority else None
    values = {
        "scheme": "imaps",
        "host": "127.0.0.1",
        "port": server.secure,
        "username": USER,
        "folder": "INBOX",
        "address": "back+{code}@example.org",
        "password": PASSWORD,
        "ca_file": ca_file,
        **given,
    }
    return BounceMailbox(**values)


def _fault(box: BounceMailbox, *, seconds: float = 10.0) -> ServerUnreachable:
    mailbox = Mailbox(box)
    with pytest.raises(ServerUnreachable) as caught:
        mailbox.open(seconds=seconds)
    mailbox.close()
    assert "\n" not in str(caught.value)
    assert "sesame" not in str(caught.value)
    return caught.value


def test_a_mailbox_opens_over_tls_and_over_starttls(server: Dovecot, authority: Authority) -> None:
    for scheme, port in (("imaps", server.secure), ("imap", server.plain)):
        mailbox = Mailbox(_box(server, authority, scheme=scheme, port=port))
        assert mailbox.open(seconds=10).validity > 0
        mailbox.close()


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_an_untrusted_certificate_is_not_believed(server: Dovecot, scheme: str) -> None:
    port = server.secure if scheme == "imaps" else server.plain
    fault = _fault(_box(server, None, scheme=scheme, port=port))

    assert "nobody whom this machine trusts" in fault.words
    assert "MAIL_CA_FILE" in fault.remedy


@pytest.mark.parametrize(
    ("made", "words"),
    [({"names": "DNS:imap.example.org"}, "another name"), ({"days": -1}, "has expired")],
)
def test_a_certificate_for_another_name_or_time_is_not_believed(
    server: Dovecot, authority: Authority, made: dict[str, object], words: str
) -> None:
    with dovecot.running(authority.signs("bad-imap", **made)) as bad:
        assert words in _fault(_box(bad, authority)).words


def test_ports_that_are_mixed_up_are_told_with_the_address_to_write(
    server: Dovecot, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "_CONNECT_SECONDS", 0.5)
    plain = _fault(_box(server, authority, scheme="imap", port=server.secure))
    secure = _fault(_box(server, authority, scheme="imaps", port=server.plain))

    assert f"write imaps://user:password@127.0.0.1:{server.secure}" in plain.remedy
    assert f"write imap://user:password@127.0.0.1:{server.plain}" in secure.remedy


def test_a_wrong_password_is_told_without_repeating_it(
    server: Dovecot, authority: Authority
) -> None:
    fault = _fault(_box(server, authority, password="wrong-secret"))

    assert "does not accept user and password" in fault.words
    assert "wrong-secret" not in str(fault)


def test_a_folder_that_is_not_there_is_told_by_name(server: Dovecot, authority: Authority) -> None:
    fault = _fault(_box(server, authority, folder="Nowhere"))

    assert "the folder Nowhere" in fault.words


def test_a_folder_that_may_only_be_read_is_told(authority: Authority) -> None:
    fixed = "plugin {\n acl = vfile\n}\nmail_plugins = acl\nprotocol imap {\n mail_plugins = acl\n}"
    with dovecot.running(authority.signs("acl"), fixed) as server:
        server.put(a_report("back@example.org"))
        rules = next((server.folder / "mail" / USER).glob("cur")).parent / "dovecot-acl"
        rules.write_text("owner lrs\n")
        rules.chmod(0o644)
        assert "lets nothing be deleted" in _fault(_box(server, authority)).words
        assert server.left() == 1


@contextmanager
def listening(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """Somebody at a port, who does with each connection what ``answer`` does."""
    accepted: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def converse(sock: socket.socket) -> None:
        with suppress(OSError):
            answer(sock)

    def serve(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                accepted.append(server.accept()[0])
                threads.append(threading.Thread(target=converse, args=(accepted[-1],), daemon=True))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)
    for sock in accepted:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join(10)
    for sock in accepted:
        sock.close()


def _plain_box(port: int) -> BounceMailbox:
    return BounceMailbox(
        "imap", "127.0.0.1", port, USER, "INBOX", "back+{code}@example.org", password=PASSWORD
    )


def test_another_kind_of_server_is_no_mailbox() -> None:
    with listening(lambda sock: sock.sendall(b"220 relay ESMTP\r\n")) as port:
        assert "is not the mailbox's server" in _fault(_plain_box(port)).words


def test_a_password_is_not_sent_in_the_clear_to_another_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[bytes] = []

    def serve(sock: socket.socket) -> None:
        sock.sendall(b"* OK ready\r\n")
        while received := sock.recv(4096):
            said.append(received)
            tag = received.split()[0]
            sock.sendall(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n")

    monkeypatch.setattr(tls, "is_loopback", lambda _host: False)
    with listening(serve) as port:
        fault = _fault(_plain_box(port))

    assert "not sent in the clear" in fault.words
    assert all(b"AUTH" not in words and b"LOGIN" not in words for words in said)


def _drip(sock: socket.socket) -> None:
    sock.sendall(b"* OK ")
    while True:
        sock.sendall(b"x")
        time.sleep(0.05)


def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    with listening(_drip) as port:
        began = time.monotonic()
        _fault(_plain_box(port), seconds=0.5)

    assert time.monotonic() - began < 5


def _flood(sock: socket.socket) -> None:
    sock.sendall(b"* OK ready\r\n")
    sock.recv(4096)
    while True:
        sock.sendall(b"* CAPABILITY IMAP4rev1 " + b"X" * 4000 + b"\r\n")


def test_a_server_that_floods_fills_no_memory() -> None:
    with listening(_flood) as port:
        assert "more than was asked for" in _fault(_plain_box(port), seconds=20).words


def test_a_mailbox_that_hangs_delays_no_mail_and_no_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "_WAIT_FOR_THE_END", 0.1)
    monkeypatch.setattr(poller, "database_now", lambda: NOW)
    monkeypatch.setattr("event_mgmt.worker.database_now", lambda: NOW)
    hung = threading.Event()
    with Relay() as relay, listening(lambda _sock: hung.set()) as port:
        settings = replace(app.extensions["settings"], bounces=_plain_box(port))
        monkeypatch.setitem(app.extensions, "settings", settings)
        queued(5)
        worker = Worker(app)
        worker._deliverer._transport = relay.transport()
        at_work = threading.Thread(target=worker.run)
        at_work.start()
        assert hung.wait(10)
        until(lambda: states() == {MessageState.SENT: 5}, "mail waits for the mailbox")
        began = time.monotonic()
        worker.stop()
        at_work.join(10)

        assert not at_work.is_alive()
        assert time.monotonic() - began < 5
    for thread in threading.enumerate():
        if thread.name == "bounces":
            thread.join(10)


def test_a_fault_is_noted_and_the_next_look_comes_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = office.settings.bounces
    assert box is not None
    broken = replace(office.settings, bounces=replace(box, port=1))
    monkeypatch.setitem(office.app.extensions, "settings", broken)

    found = poller.check_mailbox(failures=3)

    assert found is not None
    assert "nothing listens" in found.fault
    [lease] = db.session.query(MailboxLease).all()
    assert lease.fault == found.fault
    assert (lease.next_look_at - NOW).total_seconds() == 480
    assert poller.check_mailbox() is None


def test_pauses_grow_to_a_quarter_of_an_hour() -> None:
    assert [poller.pause_after(n) for n in (1, 2, 3, 9)] == [60.0, 120.0, 240.0, 900.0]


def test_a_mail_that_the_server_does_not_give_is_looked_at_again_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = office.sent()
    office.put(a_report(office.way_back(message)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Mailbox, "head", lambda _self, _uid: b"")
        assert office.look().later == 1

    assert office.look().marked == 1
