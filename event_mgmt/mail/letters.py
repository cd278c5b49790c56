"""What a mail says, as data: rooms write letters, this room turns them into mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from event_mgmt.mail.models import Message


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of plain text."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Labelled facts, such as when and where."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Button:
    """A link that the reader is meant to follow; written out in the text version."""

    label: str
    url: str


@dataclass(frozen=True)
class Quote:
    """Somebody's own words, such as an organiser's message; paragraphs by blank lines."""

    text: str


Block = Paragraph | Facts | Button | Quote


@dataclass(frozen=True)
class Host:
    """A host as a mail shows it: its name, and its colour in the stripe."""

    name: str
    accent: str


@dataclass(frozen=True)
class CalendarPart:
    """An iCalendar object (RFC 5545); ``method`` equals the METHOD inside the body."""

    method: str
    body: bytes


@dataclass(frozen=True)
class Letter:
    """One mail's content in the reader's language.

    ``greeting`` and ``footer_links`` may hold what is personal; the blocks of one event and
    language are otherwise the same for all readers. ``sender_name`` stands before MAIL_FROM.
    """

    subject: str
    greeting: str
    blocks: Sequence[Block]
    hosts: Sequence[Host] = ()
    closing: str = ""
    sender_name: str = ""
    reply_to: str = ""
    footer: Sequence[str] = ()
    footer_links: Sequence[tuple[str, str]] = ()
    calendar: CalendarPart | None = None
    headers: dict[str, str] = field(default_factory=dict)


class NothingToSay(Exception):
    """The notice found no reason left to write; the message becomes ``skipped``."""


Notice = Callable[[Message], Letter]
"""A room's function that writes the letter of one message kind; raises NothingToSay.

It runs with the locale of the message in force, may read the database, and changes nothing.
"""

Undeliverable = Callable[[Message], None]
"""Told (in the transaction that notes it) when a relay refused a message for good."""


class Notices:
    """Which notice writes which kind of message; filled once by wiring."""

    def __init__(self) -> None:
        self._by_kind: dict[str, Notice] = {}

    def add(self, kind: str, notice: Notice) -> None:
        """Let ``notice`` write all messages of ``kind``."""
        if kind in self._by_kind:
            raise ValueError(f"two notices for {kind}")
        self._by_kind[kind] = notice

    def write(self, message: Message) -> Letter:
        """The letter for ``message``; LookupError when no room writes its kind."""
        return self._by_kind[message.kind](message)

    @property
    def kinds(self) -> frozenset[str]:
        """All kinds that are written."""
        return frozenset(self._by_kind)


notices = Notices()
