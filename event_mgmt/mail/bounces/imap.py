"""Speaking IMAP (RFC 9051, and 3501 with UIDPLUS) to one mailbox, within limits.

The standard library's client knows the protocol; added here are one deadline for the whole
conversation instead of one for each read, a limit to what one answer may bring, and TLS that is
checked. Only headers and the report part of a mail are fetched, and never more than a piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4
from typing import Final

from event_mgmt.mail import tls
from event_mgmt.mail.bounces.folders import in_modified_utf7
from event_mgmt.mail.bounces.imap_client import ImapClient
from event_mgmt.mail.server_faults import (
    Server,
    ServerFault,
    Stage,
    fault_of,
    stranger,
    without_secrets,
)
from event_mgmt.mail.transports import ServerUnreachable
from event_mgmt.settings import BounceMailbox

_CONNECT_SECONDS: Final = 20.0
_HEAD_BYTES: Final = 32 << 10
_PART_BYTES: Final = 64 << 10
_PIECE: Final = re.compile(rb"BODY\[([^\]]*)\](?:<\d+>)? \{\d+\}$")
_UID: Final = re.compile(rb"\bUID (\d+)")
_KEEPS_EVERYTHING: Final = ("lets nothing be deleted", "let its user delete mails in it")
_GOODBYE_SECONDS: Final = 2.0


@dataclass(frozen=True)
class SelectedFolder:
    """A folder that was opened: how many mails it holds, and the validity of their numbers."""

    count: int
    validity: int


class Mailbox:
    """A conversation with the mailbox of BOUNCE_MAILBOX; any method may raise ServerUnreachable."""

    def __init__(self, settings: BounceMailbox) -> None:
        self._settings = settings
        self._server = _server_of(settings)
        self._client = ImapClient(tls.strict(settings.ca_file) if _is_secure(settings) else None)

    def open(self, *, seconds: float) -> SelectedFolder:
        """Connect, sign in and open the folder; all that is asked has to be over in ``seconds``."""
        client, settings = self._client, self._settings
        with self._understood():
            client.begin(settings.host, settings.port, seconds=min(seconds, _CONNECT_SECONDS))
            client.allow(seconds)
            self._secure()
        self._sign_in()
        with self._understood():
            opened = self._select()
            if not self._may_remove():
                raise self._unusable(*_KEEPS_EVERYTHING)
        return opened

    def numbers(self, first: int, last: int) -> list[int]:
        """The UIDs of the mails from the ``first`` to the ``last`` in their order, from 1."""
        with self._understood():
            self._client.expect()
            _ok, found = self._client.fetch(f"{first}:{last}", "(UID)")
        lines = [item[0] if isinstance(item, tuple) else item for item in found if item]
        return [int(uid[1]) for line in lines if (uid := _UID.search(line))]

    def head(self, uid: int) -> bytes:
        """A mail's header, or the first piece of it."""
        return self._pieces(uid, f"BODY.PEEK[HEADER]<0.{_HEAD_BYTES}>").get("HEADER", b"")

    def part(self, uid: int, number: int) -> tuple[bytes, bytes]:
        """A part's MIME header and its content, or the first piece of it; empty for none."""
        found = self._pieces(
            uid,
            f"BODY.PEEK[{number}.MIME]<0.{_HEAD_BYTES}> BODY.PEEK[{number}]<0.{_PART_BYTES}>",
        )
        return found.get(f"{number}.MIME", b""), found.get(str(number), b"")

    def part_head(self, uid: int, number: int) -> bytes:
        """A part's MIME header."""
        name = f"{number}.MIME"
        return self._pieces(uid, f"BODY.PEEK[{name}]<0.{_HEAD_BYTES}>").get(name, b"")

    def returned_head(self, uid: int, number: int, *, is_message: bool) -> bytes:
        """The header of the message that a part returns."""
        name = f"{number}.HEADER" if is_message else str(number)
        return self._pieces(uid, f"BODY.PEEK[{name}]<0.{_HEAD_BYTES}>").get(name, b"")

    def remove(self, uids: Sequence[int]) -> None:
        """Delete these mails for good, and no others where the server can do that."""
        if not uids:
            return
        chosen = ",".join(map(str, uids))
        with self._understood():
            self._client.expect()
            self._must(self._client.uid("STORE", chosen, "+FLAGS.SILENT", r"(\Deleted)"))
            self._client.expect()
            if "UIDPLUS" in self._client.capabilities:
                self._must(self._client.uid("EXPUNGE", chosen))
            else:
                self._must(self._client.expunge())

    def close(self) -> None:
        """Say goodbye, without waiting long for the answer."""
        if self._client.stage is not Stage.TALKING:
            return
        with suppress(OSError, IMAP4.error):
            self._client.allow(_GOODBYE_SECONDS)
            self._client.logout()
        self._client.shutdown()

    @property
    def _folder(self) -> str:
        name = in_modified_utf7(self._settings.folder)
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def _secure(self) -> None:
        client, settings = self._client, self._settings
        if _is_secure(settings):
            return
        if "STARTTLS" in client.capabilities:
            client.starttls(tls.strict(settings.ca_file))
        elif not tls.is_loopback(settings.host):
            raise ServerUnreachable(
                f"{self._server.where} offers no TLS; the password is not sent in the clear",
                f"write imaps:// and its port (993) in {self._server.setting}",
            )

    def _sign_in(self) -> None:
        client, settings = self._client, self._settings
        secret = f"\0{settings.username}\0{settings.password}".encode()
        try:
            if "AUTH=PLAIN" in client.capabilities:
                client.authenticate("PLAIN", lambda _challenge: secret)
            else:
                user = client._quote(settings.username)  # noqa: SLF001 - login quotes passwords alone
                client.login(user, settings.password)
        except (IMAP4.error, UnicodeError) as error:
            if isinstance(error, IMAP4.abort):
                raise self._unreachable(error) from None
            words = without_secrets(_one_line(str(error)), settings.password)
            raise ServerUnreachable(
                f"{self._server.where} does not accept user and password: {words}",
                f"correct them in {self._server.setting} (special characters as %40 for @); a"
                " provider that asks for OAuth 2 needs a password for applications",
            ) from None
        except OSError as error:
            raise self._unreachable(error) from error
        with self._understood():
            client._get_capabilities()  # noqa: SLF001 - others after signing in; imaplib asks once

    def _select(self) -> SelectedFolder:
        client = self._client
        client.expect()
        try:
            answer, found = client.select(self._folder)
        except IMAP4.readonly:
            raise self._unusable(*_KEEPS_EVERYTHING) from None
        if answer != "OK":
            words = _one_line(b" ".join(filter(None, found)).decode("utf-8", "replace"))
            raise self._unusable(f"cannot be opened: {words}", "make it, or name another one")
        validity = client.response("UIDVALIDITY")[1][0]
        return SelectedFolder(count=int(found[0] or 0), validity=int(validity or 0))

    def _may_remove(self) -> bool:
        """Whether this user may delete mails of the open folder, as far as the server says."""
        flags = b" ".join(filter(None, self._client.response("PERMANENTFLAGS")[1]))
        if b"\\Deleted" not in flags and flags:
            return False
        if "ACL" not in self._client.capabilities:
            return True
        self._client.expect()
        _ok, found = self._client.myrights(self._folder)
        rights = found[0].split()[-1] if found and found[0] else b""
        return {b"t", b"e"} <= {rights[i : i + 1] for i in range(len(rights))} or b"d" in rights

    def _unusable(self, words: str, remedy: str) -> ServerUnreachable:
        folder = self._settings.folder
        return ServerUnreachable(f"the folder {folder} at {self._server.where} {words}", remedy)

    def _pieces(self, uid: int, items: str) -> dict[str, bytes]:
        with self._understood():
            self._client.expect()
            _ok, found = self._client.uid("FETCH", str(uid), f"({items})")
        pieces = {}
        for item in found:
            if isinstance(item, tuple) and (name := _PIECE.search(item[0])):
                pieces[name[1].decode("ascii", "replace").upper()] = item[1]
        return pieces

    def _must(self, answer: tuple[str, object]) -> None:
        if answer[0] != "OK":
            raise self._unusable(*_KEEPS_EVERYTHING)

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Turn what happens to a conversation into words for the operator."""
        try:
            yield
        except (OSError, IMAP4.error, ValueError) as error:
            self._client.shutdown()
            raise self._unreachable(error) from error

    def _unreachable(self, error: Exception) -> ServerUnreachable:
        fault = self._fault(error)
        return ServerUnreachable(fault.words, fault.remedy)

    def _fault(self, error: Exception) -> ServerFault:
        client = self._client
        is_greeted = "welcome" in vars(client)  # the library goes on by itself after that
        stage = Stage.TALKING if is_greeted else client.stage
        is_words = stage is Stage.GREETING and client.has_heard
        if is_words and not isinstance(error, OSError):
            return stranger(self._server)
        return fault_of(error, stage, self._server)


def _is_secure(settings: BounceMailbox) -> bool:
    return settings.scheme == "imaps"


def _one_line(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:200]


def _server_of(settings: BounceMailbox) -> Server:
    return Server(
        setting="BOUNCE_MAILBOX",
        what="the mailbox's server",
        host=settings.host,
        port=settings.port,
        is_secure=_is_secure(settings),
        has_user=True,
        plain="imap",
        secure="imaps",
        ports="imap:// 143, imaps:// 993",
        greeting=b"* ",
    )
