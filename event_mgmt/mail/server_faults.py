"""What keeps us from a mail server, in the words of an operator who has to mend it.

One table for relays (SMTP) and mailboxes (IMAP): they fail in the same ways. Nothing here repeats
a password, and whoever calls has to leave out what is about a guest.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from event_mgmt.mail import tls


class Stage(Enum):
    """How far a conversation had come."""

    CONNECTING = auto()
    TLS = auto()
    GREETING = auto()
    TALKING = auto()


@dataclass(frozen=True)
class ServerFault:
    """What is wrong, and what to do about it."""

    words: str
    remedy: str


@dataclass(frozen=True)
class Server:
    """Where we meant to go: as the operator's ``setting`` says it, and as its protocol looks.

    ``plain`` and ``secure`` are the two schemes of addresses, ``ports`` the usual numbers;
    ``greeting`` is how a server of the kind begins.
    """

    setting: str
    what: str
    host: str
    port: int
    is_secure: bool
    has_user: bool
    plain: str
    secure: str
    ports: str
    greeting: bytes

    @property
    def where(self) -> str:
        """Host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def address(self, scheme: str) -> str:
        """The address to write, with the same host and port."""
        return f"{scheme}://{'user:password@' if self.has_user else ''}{self.where}"


_CA_SETTING: Final = "MAIL_CA_FILE"
_EXPIRED: Final = 10
_NOT_YET_VALID: Final = 9
_OTHER_NAME: Final = frozenset({62, 63, 64})


def fault_of(error: Exception, stage: Stage, server: Server) -> ServerFault:
    """What ``error``, which ended a conversation at ``stage``, means."""
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _certificate(cause, server)
    if stage is Stage.CONNECTING:
        return _unreachable(cause, server)
    if stage is Stage.TLS:
        return _no_tls(cause, server)
    if stage is Stage.GREETING:
        return _no_greeting(cause, server)
    return ServerFault(
        f"{server.where} ended the conversation: {plain(cause)}",
        f"see what {server.what}'s own log says",
    )


def is_timeout(error: BaseException) -> bool:
    """Whether it took too long."""
    return isinstance(error, TimeoutError)


def plain(error: BaseException) -> str:
    """An error's own words, where it has any."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _cause(error: BaseException) -> BaseException:
    """The standard library's clients turn what happened into errors of their own."""
    inner = error.__cause__ or error.__context__
    is_wrapped = not isinstance(error, OSError) or type(error).__module__ == "smtplib"
    return inner if is_wrapped and isinstance(inner, OSError) else error


def _certificate(error: ssl.SSLCertVerificationError, server: Server) -> ServerFault:
    whose = f"the certificate of {server.where}"
    if error.verify_code == _EXPIRED:
        return ServerFault(f"{whose} has expired", f"have it renewed by whoever runs {server.what}")
    if error.verify_code == _NOT_YET_VALID:
        return ServerFault(f"{whose} is not valid yet", "compare the clocks of both machines")
    if error.verify_code in _OTHER_NAME:
        return ServerFault(
            f"{whose} is made out to another name",
            f"write the name that it is made out to in {server.setting}, or have it made anew",
        )
    return ServerFault(
        f"{whose} comes from nobody whom this machine trusts ({error.verify_message})",
        f"if it is the right server, put its issuer's certificate (PEM) into a file and set"
        f" {_CA_SETTING} to it",
    )


def _unreachable(error: BaseException, server: Server) -> ServerFault:
    if isinstance(error, socket.gaierror):
        if error.errno == socket.EAI_AGAIN:
            return ServerFault(
                f"the name {server.host} cannot be looked up at the moment",
                "see that this machine's name service (DNS) works",
            )
        return ServerFault(f"no machine is called {server.host}", f"correct {server.setting}")
    if isinstance(error, ConnectionRefusedError):
        return ServerFault(
            f"nothing listens at {server.where}",
            f"see that {server.what} runs, and whether the port in {server.setting} is right"
            f" ({server.ports})",
        )
    if is_timeout(error):
        return ServerFault(
            f"{server.where} does not answer",
            f"see whether a firewall lets this machine out to port {server.port}, and whether the"
            f" port in {server.setting} is right ({server.ports})",
        )
    return ServerFault(
        f"there is no way to {server.where}: {plain(error)}",
        f"see this machine's network, and {server.setting}",
    )


def _no_tls(error: BaseException, server: Server) -> ServerFault:
    if server.is_secure and (said := tls.first_words(server.host, server.port)):
        if said.startswith(server.greeting):
            return ServerFault(
                f"{server.where} does not begin with TLS",
                f"write {server.address(server.plain)} in {server.setting} (TLS then begins with"
                " STARTTLS, where it is offered)",
            )
        return stranger(server)
    why = "it did not answer in time" if is_timeout(error) else _tls_words(error)
    return ServerFault(
        f"no TLS connection comes about with {server.where}: {why}",
        f"see whether the port in {server.setting} is right ({server.ports}), and that"
        f" {server.what} speaks TLS 1.2 or newer",
    )


def _tls_words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return plain(error)


def _no_greeting(error: BaseException, server: Server) -> ServerFault:
    if not server.is_secure and tls.begins_with_tls(server.host, server.port):
        return ServerFault(
            f"{server.where} speaks TLS from the first byte",
            f"write {server.address(server.secure)} in {server.setting}",
        )
    if is_timeout(error):
        return ServerFault(
            f"{server.where} takes connections and says nothing",
            f"see whether the port in {server.setting} is right ({server.ports}), and whether"
            f" {server.what} is overloaded",
        )
    return ServerFault(
        f"{server.where} hung up before it said anything",
        f"see whether {server.what} lets this machine in, and whether the port in"
        f" {server.setting} is right ({server.ports})",
    )


def stranger(server: Server) -> ServerFault:
    """Somebody answers who speaks another protocol."""
    return ServerFault(
        f"what answers at {server.where} is not {server.what}",
        f"correct host and port in {server.setting} ({server.ports})",
    )


def without_secrets(words: str, *secrets: str | None) -> str:
    """``words`` of a server that may have repeated what it was sent."""
    for secret in filter(None, secrets):
        words = words.replace(secret, "…")
    return words
