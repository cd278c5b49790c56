"""Handing over: a folder, a relay with TLS and a password, and what must never be sent."""

from __future__ import annotations

import smtplib
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from event_mgmt.mail import tls
from event_mgmt.mail.rules import AttemptResult
from event_mgmt.mail.smtp import SmtpTransport
from event_mgmt.mail.transports import (
    FolderTransport,
    OutgoingMail,
    ServerUnreachable,
    transport_for,
)
from event_mgmt.settings import MailRelay
from tests.mail.relay import Relay

CONTENT = b"Subject: x\r\n\r\n.one\r\n..two\r\n.\r\nthree"


def _parcel(**given: object) -> OutgoingMail:
    values = {
        "name": "000001-sample-abc",
        "sender": "events@example.org",
        "recipient": "luka@example.org",
        "content": CONTENT,
        **given,
    }
    return OutgoingMail(**values)


class OtherRelay(Controller):
    """aiosmtpd, on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        self._say_hello()

    def _say_hello(self) -> None:
        super()._trigger_server()


class Box:
    """Keeps what a relay of another make took."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.taken.append(envelope.content)
        return "250 taken"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody vouches for, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    subject = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 {subject} "
        "-keyout key.pem -out cert.pem".split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def box() -> Box:
    """What the other relay took."""
    return Box()


@pytest.fixture
def tls_relay(certificate: Path, box: Box) -> Iterator[Controller]:
    """A relay that offers STARTTLS and wants a password after it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")

    def check(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    controller = OtherRelay(
        box,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        authenticator=check,
        auth_require_tls=True,
    )
    controller.start()
    yield controller
    controller.stop()


def test_a_relay_of_another_make_gets_the_content_unchanged(box: Box) -> None:
    controller = OtherRelay(box, hostname="127.0.0.1", port=0)
    controller.start()
    transport = SmtpTransport(MailRelay("smtp", "127.0.0.1", controller.port))

    answers = [transport.send(_parcel()).verdict for _ in range(3)]
    transport.close()
    controller.stop()

    assert answers == [AttemptResult.ACCEPTED] * 3
    assert box.taken == [CONTENT + b"\r\n"] * 3


def test_the_envelope_goes_in_one_go_where_the_relay_offers_it() -> None:
    with Relay(extensions=("PIPELINING",)) as relay:
        transport = SmtpTransport(MailRelay("smtp", "127.0.0.1", relay.port))
        assert transport.send(_parcel()).verdict is AttemptResult.ACCEPTED
        relay.says = lambda step, _c: "550 no such mailbox" if step == "RCPT" else ...
        assert transport.send(_parcel()).verdict is AttemptResult.REFUSED
        relay.says = lambda _step, _c: ...
        assert transport.send(_parcel()).verdict is AttemptResult.ACCEPTED
        transport.close()

        assert (len(relay.received), relay.connections) == (2, 1)
        assert [said.split(" ")[0] for said in relay.commands] == [
            *("ehlo", "mail", "rcpt", "data"),
            *("mail", "rcpt", "data", "rset"),  # data was on its way before the 550 came
            *("mail", "rcpt", "data", "quit"),
        ]


def test_a_relay_that_wants_the_content_of_a_message_without_a_recipient_gets_none() -> None:
    def says(step: str, _conversation: object) -> object:
        return {"RCPT": "550 no such mailbox", "DATA": "354 go on"}.get(step, ...)

    with Relay(extensions=("PIPELINING",)) as relay:
        transport = SmtpTransport(MailRelay("smtp", "127.0.0.1", relay.port))
        relay.says = says
        assert transport.send(_parcel()).code == 550
        relay.says = lambda _step, _c: ...
        assert transport.send(_parcel()).verdict is AttemptResult.ACCEPTED
        transport.close()

        contents = [(letter.recipient, letter.content) for letter in relay.received]
        assert contents[0] == ("", b"")
        assert contents[1][1].startswith(b"Subject: x")
        assert relay.connections == 1


@pytest.mark.parametrize(
    ("step", "verdict"), [("MAIL", AttemptResult.UNTOUCHED), ("RCPT", AttemptResult.REFUSED)]
)
def test_a_relay_that_hangs_up_after_it_refused_has_refused(
    step: str, verdict: AttemptResult
) -> None:
    def says(at: str, _conversation: object) -> object:
        return "550 5.1.1 no such mailbox" if at == step else None if refused(at) else ...

    def refused(at: str) -> bool:
        return at == ("RCPT" if step == "MAIL" else "DATA")

    with Relay(extensions=("PIPELINING",)) as relay:
        transport = SmtpTransport(MailRelay("smtp", "127.0.0.1", relay.port))
        relay.says = says
        answer = transport.send(_parcel())
        transport.close()

    assert (answer.code, answer.verdict) == (550, verdict)


def test_tls_is_used_when_offered_whatever_the_certificate(tls_relay, box: Box) -> None:
    transport = SmtpTransport(MailRelay("smtp", "127.0.0.1", tls_relay.port))
    transport.open()

    assert isinstance(transport._client.sock, ssl.SSLSocket)
    transport.close()


def test_a_password_is_only_given_to_a_relay_with_a_good_certificate(
    tls_relay, box: Box, certificate: Path
) -> None:
    relay = MailRelay("smtp", "127.0.0.1", tls_relay.port, "events", "right")
    with pytest.raises(ServerUnreachable, match="certificate"):
        SmtpTransport(relay).open()

    transport = SmtpTransport(replace(relay, ca_file=certificate / "cert.pem"))
    assert transport.send(_parcel()).verdict is AttemptResult.ACCEPTED
    transport.close()
    assert len(box.taken) == 1


def test_a_wrong_password_blames_no_message_and_is_not_repeated_in_words(
    tls_relay, certificate: Path
) -> None:
    ca_file = certificate / "cert.pem"
    transport = SmtpTransport(
        MailRelay("smtp", "127.0.0.1", tls_relay.port, "events", "wrong-secret", ca_file=ca_file)
    )

    with pytest.raises(ServerUnreachable, match="535") as refused:
        transport.open()

    assert "wrong-secret" not in str(refused.value)
    assert transport.send(_parcel()).verdict is AttemptResult.UNTOUCHED


def test_a_password_never_crosses_the_network_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "is_loopback", lambda _host: False)
    with Relay(extensions=("AUTH PLAIN LOGIN",)) as relay:
        transport = SmtpTransport(MailRelay("smtp", "127.0.0.1", relay.port, "events", "secret"))

        with pytest.raises(ServerUnreachable, match="clear"):
            transport.open()

        assert not any(command.upper().startswith("AUTH") for command in relay.commands)


def test_smtps_speaks_tls_from_the_first_byte(certificate: Path, box: Box) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")

    class Secure(OtherRelay):
        def factory(self) -> SMTP:
            return SMTP(self.handler)

        def _say_hello(self) -> None:
            client = ssl.create_default_context(cafile=certificate / "cert.pem")
            smtplib.SMTP_SSL("127.0.0.1", self.port, context=client).quit()

    controller = Secure(box, hostname="127.0.0.1", port=0, ssl_context=context)
    controller.start()
    transport = SmtpTransport(
        MailRelay("smtps", "127.0.0.1", controller.port, ca_file=certificate / "cert.pem")
    )
    verdict = transport.send(_parcel()).verdict
    transport.close()
    controller.stop()

    assert verdict is AttemptResult.ACCEPTED


@pytest.mark.parametrize(
    "address", ["a@b\r\nDATA", "a b@example.org", "<a@example.org>", "", "ž@example.org", "nobody"]
)
def test_a_parcel_refuses_addresses_that_could_be_commands(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        _parcel(recipient=address)


def test_the_folder_gets_whole_files_and_a_second_copy_replaces_the_first(tmp_path: Path) -> None:
    transport = transport_for(MailRelay("file", folder=tmp_path / "mail"))
    transport.open()

    transport.send(_parcel())
    answer = transport.send(_parcel(content=b"again"))
    transport.close()

    assert answer.verdict is AttemptResult.ACCEPTED
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["000001-sample-abc.eml"]
    assert (tmp_path / "mail" / "000001-sample-abc.eml").read_bytes() == b"again"


def test_a_folder_that_cannot_be_written_leaves_messages_waiting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ServerUnreachable, match="mail folder"):
        FolderTransport(tmp_path / "file").open()

    missing = FolderTransport(tmp_path / "missing")
    assert missing.send(_parcel()).verdict is AttemptResult.UNTOUCHED
