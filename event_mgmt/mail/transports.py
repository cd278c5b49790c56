"""Handing one message to a relay, or to a folder that keeps it as a file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from event_mgmt.mail.rules import AttemptResult
from event_mgmt.settings import MailRelay

_ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")  # visible ASCII but < and >


@dataclass(frozen=True)
class OutgoingMail:
    """One finished message for one recipient; ``name`` is the same for every attempt.

    ``attempt`` counts from 1: a later one may wait longer for a relay that has to think.
    ``code`` (if any) is what a bounce is to bring back. ValueError for an address that could end
    the command it stands in.
    """

    name: str
    sender: str
    recipient: str
    content: bytes
    attempt: int = 1
    code: str = ""

    def __post_init__(self) -> None:
        for address in (self.sender, self.recipient):
            if not _ADDRESS.fullmatch(address):
                raise ValueError("not an address that can be handed to a relay")


@dataclass(frozen=True)
class RelayReply:
    """How handing over went: the relay's code (RFC 5321, 4.2) and words where it gave any.

    ``is_cut``: the relay ended the conversation. It may be the message's fault or the relay's, so
    this one counts as tried, and the others wait until the relay has had a rest.
    ``is_about_recipient``: it answers the command that named the recipient.
    """

    verdict: AttemptResult
    code: int | None = None
    words: str = ""
    is_cut: bool = False
    is_about_recipient: bool = False


class ServerUnreachable(Exception):
    """Nobody takes messages at the moment; no message is to blame.

    ``words`` say why and ``remedy`` what an operator can do about it.
    """

    def __init__(self, words: str, remedy: str = "") -> None:
        super().__init__(words, remedy)
        self.words, self.remedy = words, remedy

    def __str__(self) -> str:
        """Both, in one line."""
        return f"{self.words}: {self.remedy}" if self.remedy else self.words


class Transport(Protocol):
    """What the delivery needs of a relay or a folder."""

    def open(self) -> None:
        """Be ready to take messages; ServerUnreachable when that is not possible now."""

    def send(self, outgoing: OutgoingMail) -> RelayReply:
        """Hand over one message; never raises for anything that the other side does."""

    def close(self) -> None:
        """Say goodbye; may be called at any time."""


class FolderTransport:
    """Writes each message into a folder as one .eml file, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self) -> None:
        """Make the folder."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ServerUnreachable(f"the mail folder: {error.strerror}") from error

    def send(self, outgoing: OutgoingMail) -> RelayReply:
        """Write the file under its final name in one step; a second copy replaces the first."""
        target = self._folder / f"{outgoing.name}.eml"
        draft = self._folder / f".{outgoing.name}.{os.getpid()}"
        try:
            with draft.open("wb") as file:
                file.write(outgoing.content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError as error:
            draft.unlink(missing_ok=True)
            return RelayReply(AttemptResult.UNTOUCHED, words=f"the mail folder: {error.strerror}")
        return RelayReply(AttemptResult.ACCEPTED)

    def close(self) -> None:
        """Nothing is kept open."""


def transport_for(relay: MailRelay) -> Transport:
    """The transport that MAIL_URL names."""
    if relay.scheme == "file":
        assert relay.folder is not None
        return FolderTransport(relay.folder)
    from event_mgmt.mail.smtp import SmtpTransport  # noqa: PLC0415 - web processes send nothing

    return SmtpTransport(relay)
