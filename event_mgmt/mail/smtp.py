"""Speaking SMTP (RFC 5321) to one relay over a kept connection.

The standard library's client knows the protocol; added here are one deadline for the whole
conversation about a message instead of one for each read, and the knowledge on which side of the
final dot a conversation broke.
"""

from __future__ import annotations

import functools
import socket
import ssl
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from smtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import TYPE_CHECKING, Final

import structlog

from event_mgmt.mail import relay_faults, tls
from event_mgmt.mail.deadlines import DeadlineClient
from event_mgmt.mail.line_reader import LineReader
from event_mgmt.mail.rules import DEADLINE_SECONDS, AttemptResult, recipient_seconds
from event_mgmt.mail.server_faults import ServerFault, Stage, fault_of, plain
from event_mgmt.mail.transports import OutgoingMail, RelayReply, ServerUnreachable
from event_mgmt.settings import MailRelay

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

log = structlog.get_logger()

CONNECT_SECONDS: Final = 10.0
_QUIT_SECONDS: Final = 2.0
_SHUTTING_DOWN: Final = 421
_TAKEN: Final = frozenset({250, 251})
_GO_ON: Final = 354


class _Client(DeadlineClient, SMTP):
    """The standard client, with one deadline for all that it reads and writes."""

    def __init__(self, *, wrap: ssl.SSLContext | None) -> None:
        DeadlineClient.__init__(self, wrap)
        self.unsent = 0
        SMTP.__init__(self, local_hostname=_own_name())

    def _get_socket(self, host: str, port: int, _timeout: object) -> socket.socket:
        return self.connected(host, port)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = LineReader(self.sock, self.remaining)
        return super().getreply()

    def send(self, s: ReadableBuffer | str) -> None:
        """Send all of ``s``; after a fault, ``unsent`` is how many bytes of it the system kept."""
        if self.sock is None:
            raise SMTPServerDisconnected("not connected")
        left = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        self.unsent = len(left)
        try:
            while left:
                self.sock.settimeout(self.remaining())
                left = left[self.sock.send(left) :]
                self.unsent = len(left)
        except OSError as error:
            self.close()
            raise SMTPServerDisconnected("connection lost") from error


class SmtpTransport:
    """One relay, one recipient a message."""

    def __init__(self, relay: MailRelay, *, deadline: float = DEADLINE_SECONDS) -> None:
        self._relay = relay
        self._server = relay_faults.server_of(relay)
        self._deadline = deadline
        self._client: _Client | None = None
        self._is_fresh = False
        self._has_told = False
        self.greeting = ""

    def open(self) -> None:
        """Connect, secure, log in; nothing where a connection is kept.

        ServerUnreachable when the relay cannot be reached, refuses us, or would make us send the
        password in the clear.
        """
        if self._client is None:
            self._connect(CONNECT_SECONDS)

    @property
    def is_secure(self) -> bool:
        """Whether there is a connection, and it is a TLS one."""
        return self._client is not None and isinstance(self._client.sock, ssl.SSLSocket)

    def send(self, outgoing: OutgoingMail) -> RelayReply:
        """Hand over one message within the deadline.

        A kept connection that turns out to be closed, or that the relay closes politely (421), is
        replaced once: the message had not been taken.
        """
        ends_at = time.monotonic() + self._deadline
        try:
            self.open()
        except ServerUnreachable as error:
            return RelayReply(AttemptResult.UNTOUCHED, words=str(error))
        was_fresh, self._is_fresh = self._is_fresh, False
        answer = self._converse(outgoing, ends_at)
        is_stale = answer.verdict is AttemptResult.DEFERRED and answer.is_cut
        if not is_stale or was_fresh or time.monotonic() >= ends_at:
            return answer
        try:
            self._connect(min(CONNECT_SECONDS, ends_at - time.monotonic()))
        except ServerUnreachable as error:
            return RelayReply(AttemptResult.UNTOUCHED, words=str(error))
        self._is_fresh = False
        return self._converse(outgoing, ends_at)

    def would_refuse(self, sender: str, recipient: str) -> ServerFault | None:
        """What the relay has against this sender, or against carrying mail on to ``recipient``.

        On an open connection. No message is sent: after the envelope it is taken back.
        """
        client = self._client
        assert client is not None
        client.allow(CONNECT_SECONDS)
        try:
            code, words = client.mail(sender)
            if code != 250:
                return relay_faults.sender_refused(code, _plain(words), self._server)
            code, words = client.rcpt(recipient)
            client.rset()
        except (SMTPException, OSError) as error:
            self._drop(client)
            return fault_of(error, client.stage, self._server)
        if relay_faults.denies_relaying(code, _plain(words)):
            return relay_faults.relaying_denied(code, self._server)
        return None

    def close(self) -> None:
        """Say goodbye, without waiting long for the answer."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(SMTPException, OSError):
            client.allow(_QUIT_SECONDS)
            client.quit()
        client.close()

    def _connect(self, seconds: float) -> None:
        relay = self._relay
        client = _Client(wrap=tls.strict(relay.ca_file) if relay.scheme == "smtps" else None)
        client.allow(seconds)
        try:
            code, words = client.connect(relay.host, relay.port)
            self.greeting = _plain(words)
            if code != 220:
                raise _because(relay_faults.bad_greeting(code, self.greeting, self._server))
            client.stage = Stage.TALKING
            client.ehlo_or_helo_if_needed()
            self._secure(client)
            self._log_in(client)
        except ServerUnreachable:
            client.close()
            raise
        except (SMTPException, OSError) as error:
            client.close()
            fault = relay_faults.of_conversation(error, relay, self._server)
            raise _because(fault or fault_of(error, client.stage, self._server)) from error
        self._client, self._is_fresh, self._has_told = client, True, False

    def _secure(self, client: _Client) -> None:
        relay = self._relay
        if relay.scheme == "smtps" or not client.has_extn("starttls"):
            return
        client._host = relay.host  # type: ignore[attr-defined]  # noqa: SLF001 - the name to be certified
        client.starttls(context=tls.strict(relay.ca_file) if relay.username else tls.lenient())
        client.ehlo_or_helo_if_needed()

    def _log_in(self, client: _Client) -> None:
        relay = self._relay
        if not relay.username:
            return
        is_secure = isinstance(client.sock, ssl.SSLSocket)
        if not is_secure and not tls.is_loopback(relay.host):
            raise _because(relay_faults.no_starttls(self._server))
        user, password = relay.username, relay.password or ""
        if (user + password).isascii():
            client.login(user, password)
        else:
            _sign_in_with_any_letters(client, user, password)

    def _converse(self, outgoing: OutgoingMail, ends_at: float) -> RelayReply:
        client = self._client
        assert client is not None
        left = ends_at - time.monotonic()
        client.allow(min(left, recipient_seconds(outgoing.attempt)))
        is_offered = False
        try:
            refusal = self._envelope(client, outgoing)
            if refusal is not None:
                return refusal
            client.allow(ends_at - time.monotonic())
            is_offered = True
            client.send(_dotted(outgoing.content))
            code, words = client.getreply()
        except (SMTPException, OSError) as error:
            client.close()
            self._client = None
            has_sent_the_dot = is_offered and not client.unsent
            verdict = AttemptResult.LOST if has_sent_the_dot else AttemptResult.DEFERRED
            return RelayReply(verdict, words=_what_failed(error), is_cut=True)
        if 200 <= code < 300:
            return RelayReply(AttemptResult.ACCEPTED, code, _plain(words))
        if 400 <= code < 600:
            return self._refusal(client, code, words)
        self._drop(client)
        return RelayReply(AttemptResult.LOST, code, _plain(words), is_cut=True)

    def _envelope(self, client: _Client, outgoing: OutgoingMail) -> RelayReply | None:
        """MAIL, RCPT and DATA; ``None`` when the relay waits for the content."""
        mail, rcpt = f"mail FROM:<{outgoing.sender}>", f"rcpt TO:<{outgoing.recipient}>"
        if outgoing.code and client.has_extn("dsn"):  # RFC 3461
            mail += f" RET=HDRS ENVID={outgoing.code}"
            rcpt += f" NOTIFY=FAILURE ORCPT=rfc822;{_xtext(outgoing.recipient)}"
        (from_code, from_words), *rest = _conversed(client, mail, rcpt, "data")
        if from_code not in _TAKEN:
            return self._sender_refused(client, from_code, from_words)
        (to_code, to_words), *rest = rest
        if to_code not in _TAKEN:
            return self._recipient_refused(client, to_code, to_words)
        code, words = rest[0]
        return None if code == _GO_ON else self._refusal(client, code, words)

    def _sender_refused(self, client: _Client, code: int, words: bytes) -> RelayReply:
        """A relay that does not want our sender, now (4xx) or ever (5xx), wants none of the
        messages: none of them is to blame.
        """
        refusal = self._refusal(client, code, words)
        if refusal.is_cut and refusal.verdict is AttemptResult.DEFERRED:
            return refusal  # it only wants another connection, or this message is to blame
        self.close()
        fault = relay_faults.sender_refused(code, refusal.words, self._server)
        return RelayReply(AttemptResult.UNTOUCHED, code, str(_because(fault)))

    def _recipient_refused(self, client: _Client, code: int, words: bytes) -> RelayReply:
        """A relay that carries nothing on for us has not said a word about the recipient: their
        address is not to blame, and other recipients may be taken.
        """
        refusal = self._refusal(client, code, words)
        if not relay_faults.denies_relaying(code, refusal.words):
            return replace(refusal, is_about_recipient=True)
        if not self._has_told:  # once a connection; the relay's own words name the recipient
            self._has_told = True
            fault = relay_faults.relaying_denied(code, self._server)
            log.error("relaying_denied", reason=str(_because(fault)))
        return replace(refusal, verdict=AttemptResult.DEFERRED)

    def _refusal(self, client: _Client, code: int, words: bytes) -> RelayReply:
        """A definite no; the connection stays usable unless the relay is closing it."""
        is_usable = False
        if code != _SHUTTING_DOWN:
            with suppress(SMTPException, OSError):
                is_usable = client.rset()[0] == 250
        if not is_usable:
            self._drop(client)
        verdict = AttemptResult.REFUSED if 500 <= code < 600 else AttemptResult.DEFERRED
        return RelayReply(verdict, code, _plain(words), is_cut=not is_usable)

    def _drop(self, client: _Client) -> None:
        client.close()
        self._client = None


def _conversed(client: _Client, *commands: str) -> list[tuple[int, bytes]]:
    """The replies to an envelope's commands: in one go where the relay allows it (RFC 2920).

    One reply for each command up to the first that is refused. Of those in one go the rest is
    read too, and a content that nobody is to get is ended before it has begun.
    """
    replies: list[tuple[int, bytes]] = []
    is_in_one_go = client.has_extn("pipelining")
    if is_in_one_go:
        client.send("".join(f"{command}\r\n" for command in commands))
    for command in commands:
        try:
            replies.append(client.getreply() if is_in_one_go else client.docmd(command))
        except (SMTPException, OSError):
            if _is_all_right(replies):
                raise
            break  # it said why before it hung up
        if not is_in_one_go and not _is_all_right(replies):
            break
    if is_in_one_go and replies[-1][0] == _GO_ON and not _is_all_right(replies):
        with suppress(SMTPException, OSError):
            client.docmd(".")
    return replies


def _is_all_right(replies: list[tuple[int, bytes]]) -> bool:
    return all(code in _TAKEN or code == _GO_ON for code, _words in replies)


def _dotted(content: bytes) -> bytes:
    """``content`` with its dots doubled at line starts, a last line end and the final dot (RFC
    5321, 4.5.2), to be sent in one go.
    """
    if content.startswith(b"."):
        content = b"." + content
    content = content.replace(b"\r\n.", b"\r\n..")
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


def _xtext(address: str) -> str:
    """An address as it may stand in a parameter (RFC 3461, 4)."""
    return address.replace("+", "+2B").replace("=", "+3D")


def _plain(words: bytes) -> str:
    return relay_faults.one_line(words.decode("utf-8", "replace"))


def _because(fault: ServerFault) -> ServerUnreachable:
    return ServerUnreachable(fault.words, fault.remedy)


def _what_failed(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {_plain(said) if isinstance(said, bytes) else said}"
    return plain(error)


def _sign_in_with_any_letters(client: _Client, user: str, password: str) -> None:
    """AUTH PLAIN in UTF-8 (RFC 4616), where the standard library knows ASCII only."""
    secret = b64encode(f"\0{user}\0{password}".encode()).decode()
    code, words = client.docmd("AUTH", f"PLAIN {secret}")
    if code != 235:
        raise SMTPAuthenticationError(code, words)


@functools.cache
def _own_name() -> str:
    """How this machine introduces itself."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"
