"""What keeps us from a relay is told in one sentence that says what to do, with real TLS servers."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from structlog.testing import CapturingLogger

from event_mgmt.mail import smtp, tls
from event_mgmt.mail.rules import AttemptResult
from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.mail.transports import OutgoingMail, ServerUnreachable
from event_mgmt.settings import MailRelay
from tests.mail.certificates import Authority, Certificate
from tests.mail.relay import Relay

PARCEL = OutgoingMail("1-sample", "events@example.org", "luka@example.org", b"Subject: x\r\n\r\nx")


class Box:
    """Takes everything."""

    async def handle_DATA(self, _server, _session, _envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        return "250 taken"


class TlsRelay(Controller):
    """aiosmtpd on a port of the system's choice: with STARTTLS, or TLS from the first byte."""

    def __init__(self, certificate: Certificate, *, at_once: bool, signs_in: bool = True) -> None:
        self._at_once = at_once
        options = {} if at_once else {"tls_context": certificate.context()}
        if signs_in:
            options |= {"authenticator": _check, "auth_require_tls": not at_once}
        context = certificate.context() if at_once else None
        super().__init__(Box(), hostname="127.0.0.1", port=0, ssl_context=context, **options)

    def factory(self) -> SMTP:
        return SMTP(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        if self._at_once:
            with suppress(OSError), smtplib.SMTP_SSL("127.0.0.1", self.port, context=tls.lenient()):
                pass
        else:
            super()._trigger_server()


def _check(_server, _session, _envelope, _mechanism, data) -> AuthResult:
    return AuthResult(success=data.password in {b"open-sesame", "größer".encode()}, handled=False)


@contextmanager
def running(relay: TlsRelay) -> Iterator[int]:
    """Its port while it runs."""
    relay.start()
    try:
        yield relay.port
    finally:
        relay.stop()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def good(authority: Authority) -> Certificate:
    return authority.signs("good")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long."""
    monkeypatch.setattr(smtp, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(tls, "_PROBE_SECONDS", 2.0)


def _relay(
    scheme: str, port: int, *, password: str | None = "open-sesame", **given: object
) -> MailRelay:
    user = "events" if password else None
    return MailRelay(scheme, "127.0.0.1", port, user, password, **given)


def _fault(relay: MailRelay) -> ServerUnreachable:
    with pytest.raises(ServerUnreachable) as caught:
        SmtpTransport(relay).open()
    assert "\n" not in str(caught.value)
    assert "sesame" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(("scheme", "at_once"), [("smtp", False), ("smtps", True)])
def test_an_untrusted_certificate_is_told_with_the_setting_that_lets_it_be_trusted(
    authority: Authority, good: Certificate, scheme: str, at_once: bool
) -> None:
    with running(TlsRelay(good, at_once=at_once)) as port:
        fault = _fault(_relay(scheme, port))
        trusted = SmtpTransport(_relay(scheme, port, ca_file=authority.file))
        answer = trusted.send(PARCEL)
        trusted.close()

    assert "nobody whom this machine trusts" in fault.words
    assert "MAIL_CA_FILE" in fault.remedy
    assert answer.verdict is AttemptResult.ACCEPTED


def test_a_servers_own_certificate_may_be_trusted_without_its_issuers(good: Certificate) -> None:
    with running(TlsRelay(good, at_once=True)) as port:
        trusted = SmtpTransport(_relay("smtps", port, ca_file=good.chain))
        trusted.open()
        assert trusted.is_secure
        trusted.close()


@pytest.mark.parametrize(("scheme", "at_once"), [("smtp", False), ("smtps", True)])
@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"names": "DNS:mail.example.org"}, "made out to another name"),
        ({"days": -1}, "has expired"),
    ],
)
def test_a_certificate_for_another_name_or_time_is_refused_even_of_a_trusted_issuer(
    authority: Authority, made: dict[str, object], words: str, scheme: str, at_once: bool
) -> None:
    bad = authority.signs("bad", **made)
    with running(TlsRelay(bad, at_once=at_once)) as port:
        fault = _fault(_relay(scheme, port, ca_file=authority.file))

    assert words in fault.words


def test_tls_from_the_first_byte_to_a_plain_port_is_told_with_the_address_to_write(
    good: Certificate,
) -> None:
    with running(TlsRelay(good, at_once=False)) as port:
        fault = _fault(_relay("smtps", port))

    assert f"write smtp://user:password@127.0.0.1:{port} in MAIL_URL" in fault.remedy


def test_the_plain_protocol_to_a_tls_port_is_told_with_the_address_to_write(
    good: Certificate, impatient: None
) -> None:
    with running(TlsRelay(good, at_once=True)) as port:
        fault = _fault(_relay("smtp", port, password=None))

    assert "speaks TLS from the first byte" in fault.words
    assert f"write smtps://127.0.0.1:{port} in MAIL_URL" in fault.remedy


def test_a_server_that_wants_clients_of_another_time_is_still_known_to_speak_tls(
    good: Certificate, impatient: None
) -> None:
    context = good.context()
    context.set_ciphers("DHE-RSA-AES256-SHA")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with listening(lambda sock: context.wrap_socket(sock, server_side=True).close()) as port:
        fault = _fault(_relay("smtp", port))

    assert f"smtps://user:password@127.0.0.1:{port}" in fault.remedy


@contextmanager
def listening(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """Somebody at a port, who does with each connection what ``answer`` does."""
    accepted: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    sock, _peer = server.accept()
                    accepted.append(sock)
                    with suppress(OSError):
                        answer(sock)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)
    for sock in accepted:
        sock.close()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_of_another_kind_is_no_relay(scheme: str) -> None:
    with listening(lambda sock: (sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), sock.close())) as port:
        assert "is not the relay" in _fault(_relay(scheme, port)).words


def test_a_port_that_says_nothing_or_hangs_up_is_told_as_such(impatient: None) -> None:
    with listening(lambda _sock: None) as port:
        silent = _fault(_relay("smtp", port))
    with listening(lambda sock: sock.close()) as port:
        rude = _fault(_relay("smtp", port))

    assert "says nothing" in silent.words
    assert "hung up" in rude.words


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_port_without_a_listener_is_told_with_the_usual_ports(scheme: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    fault = _fault(_relay(scheme, port))

    assert "nothing listens" in fault.words
    assert "465" in fault.remedy


def test_a_name_that_does_not_exist_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_given: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "create_connection", unknown)

    assert (
        "no machine is called mail.example" in _fault(MailRelay("smtp", "mail.example", 25)).words
    )


def test_a_firewall_that_swallows_everything_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def swallowed(*_given: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", swallowed)

    assert "firewall" in _fault(MailRelay("smtp", "192.0.2.1", 25)).remedy


def test_a_wrong_password_is_told_without_repeating_it(
    authority: Authority, good: Certificate
) -> None:
    with running(TlsRelay(good, at_once=False)) as port:
        fault = _fault(_relay("smtp", port, password="wrong-secret", ca_file=authority.file))

    assert "does not accept user and password: 535" in fault.words
    assert "wrong-secret" not in str(fault)


def test_a_password_that_the_relay_repeats_is_not_told_in_any_form() -> None:
    with Relay(extensions=("AUTH PLAIN",)) as relay:
        for said in (
            "535 no: AGV2ZW50cwBoaWRkZW4tc2VjcmV0",
            "501 what is hidden-secret supposed to be",
        ):
            answers = {"greeting": ..., "EHLO": ...}
            relay.says = lambda step, _c, said=said, good=answers: good.get(step, said)
            fault = _fault(_relay("smtp", relay.port, password="hidden-secret"))
            assert "hidden-secret" not in str(fault)
            assert "AGV2ZW50cwBoaWRkZW4tc2VjcmV0" not in str(fault)


def test_a_password_with_letters_of_ours_signs_in(authority: Authority, good: Certificate) -> None:
    with running(TlsRelay(good, at_once=True)) as port:
        relay = _relay("smtps", port, password="größer", ca_file=authority.file)
        transport = SmtpTransport(relay)
        transport.open()
        transport.close()
        wrong = _relay("smtps", port, password="kürzer", ca_file=authority.file)
        assert "does not accept user and password" in _fault(wrong).words


def test_a_relay_that_asks_nobody_to_sign_in_is_told_as_such() -> None:
    with Relay() as relay:
        fault = _fault(_relay("smtp", relay.port))

    assert "leave user and password out of MAIL_URL" in fault.remedy


def test_a_password_is_not_sent_in_the_clear_and_the_way_out_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tls, "is_loopback", lambda _host: False)
    with Relay(extensions=("AUTH PLAIN",)) as relay:
        fault = _fault(_relay("smtp", relay.port))

        assert not any(command.upper().startswith("AUTH") for command in relay.commands)
    assert "not sent in the clear" in fault.words
    assert "smtps://" in fault.remedy


def test_a_relay_that_offers_starttls_and_cannot_do_it_is_told_as_such() -> None:
    with Relay(extensions=("STARTTLS",)) as relay:
        relay.says = lambda step, _c: ... if step in {"greeting", "EHLO"} else "454 no key"
        fault = _fault(_relay("smtp", relay.port))

    assert "454 no key" in fault.words


@pytest.mark.parametrize("words", ["554 5.7.1 blocked", "421 4.7.0 later"])
def test_a_relay_that_refuses_this_machine_is_told_in_its_words(words: str) -> None:
    with Relay() as relay:
        relay.says = lambda step, _c: words if step == "greeting" else ...
        assert words in _fault(_relay("smtp", relay.port, password=None)).words


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("553 5.7.1 sender not owned by user", "MAIL_FROM"),
        ("530 5.7.57 Client was not authenticated", "give user and password in MAIL_URL"),
    ],
)
def test_a_sender_that_is_refused_blames_no_message(words: str, told: str) -> None:
    with Relay() as relay:
        relay.says = lambda step, _c: words if step == "MAIL" else ...
        transport = SmtpTransport(_relay("smtp", relay.port, password=None))
        answer = transport.send(PARCEL)

    assert answer.verdict is AttemptResult.UNTOUCHED
    assert words in answer.words
    assert told in answer.words


DENIALS = [
    "554 5.7.1 <luka@example.org>: Relay access denied",
    "550 5.7.1 Unable to relay for luka@example.org",
    "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "550 relay not permitted",
    "530 5.7.0 Authentication required",
    "550 5.7.1 we do not relay",
]


@pytest.mark.parametrize("words", DENIALS)
def test_a_relay_that_carries_nothing_on_blames_no_address_and_is_told_once(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = CapturingLogger()
    monkeypatch.setattr(smtp, "log", log)
    with Relay() as relay:
        relay.says = lambda step, _c: words if step == "RCPT" else ...
        transport = SmtpTransport(_relay("smtp", relay.port, password=None))
        verdicts = [transport.send(PARCEL).verdict for _ in range(3)]
        transport.close()

    assert verdicts == [AttemptResult.DEFERRED] * 3
    [told] = log.calls
    assert told.args == ("relaying_denied",)
    assert "give user and password in MAIL_URL" in told.kwargs["reason"]
    assert "luka" not in told.kwargs["reason"]


@pytest.mark.parametrize("words", ["550 5.1.1 no such user", "554 5.7.1 looks like spam"])
def test_a_recipient_that_is_refused_is_still_refused(words: str) -> None:
    with Relay() as relay:
        relay.says = lambda step, _c: words if step == "RCPT" else ...
        transport = SmtpTransport(_relay("smtp", relay.port, password=None))

        assert transport.send(PARCEL).verdict is AttemptResult.REFUSED
        transport.close()
