"""Handing one message to whoever carries it on: a relay, or a folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from event_mgmt.mail.rules import Verdict

_ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")  # visible ASCII but < and >


@dataclass(frozen=True)
class Parcel:
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
class Answer:
    """How handing over went: the relay's code (RFC 5321, 4.2) and words where it gave any.

    ``is_cut``: the relay ended the conversation. It may be the message's fault or the relay's, so
    this one counts as tried, and the others wait until the relay has had a rest.
    ``is_about_recipient``: it answers the command that named the recipient.
    """

    verdict: Verdict
    code: int | None = None
    words: str = ""
    is_cut: bool = False
    is_about_recipient: bool = False


class Unreachable(Exception):
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
    """What the delivery needs of a carrier."""

    def open(self) -> None:
        """Be ready to take messages; Unreachable when that is not possible now."""

    def send(self, parcel: Parcel) -> Answer:
        """Hand over one message; never raises for anything that the other side does."""

    def close(self) -> None:
        """Say goodbye; may be called at any time."""
