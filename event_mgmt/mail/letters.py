"""What a mail says, as data: rooms write letters, this room turns them into mail."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from event_mgmt.mail.models import Message


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of plain text."""

    shape: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Facts:
    """Labelled facts, such as when and where."""

    shape: ClassVar[str] = "facts"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Button:
    """A link that the reader is meant to follow; written out in the text version."""

    shape: ClassVar[str] = "button"
    label: str
    url: str


@dataclass(frozen=True)
class Quote:
    """Somebody's own words, such as an organiser's message; paragraphs by blank lines."""

    shape: ClassVar[str] = "quote"
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
    """One mail's content in the reader's language, or else wholly in ``locale``.

    The latter where somebody's own words are there in another language only: a letter that begins
    in one language and goes on in another looks like a mistake in both.

    What many readers get alike is rendered once (see html_rendering.py), so that personal words
    cost least in the greeting, in a block or row of their own, and in a button's address.
    ``sender_name`` stands before MAIL_FROM. ``receipt`` is what the room that writes it wants to
    remember of it: it comes back with ``signals.accepted`` once a relay has taken the mail, and
    says the same for as many readers as possible (it is compared and hashed).
    """

    subject: str
    greeting: str
    blocks: Sequence[Block]
    hosts: tuple[Host, ...] = ()
    closing: str = ""
    sender_name: str = ""
    reply_to: str = ""
    footer: tuple[str, ...] = ()
    footer_links: tuple[tuple[str, str], ...] = ()
    calendar: CalendarPart | None = None
    headers: dict[str, str] = field(default_factory=dict)
    locale: str = ""
    receipt: Hashable | None = None


class WaitForOther(Exception):
    """What to write depends on another message, which the worker ``holder`` has in its hands."""

    def __init__(self, holder: str | None) -> None:
        super().__init__(holder)
        self.holder = holder


class NotNeeded(Exception):
    """The writer found no reason left to write; the message becomes ``skipped``."""


LetterWriter = Callable[[Message], Letter]
"""A room's function that writes the letter of one message kind; raises NotNeeded, WaitForOther.

It runs with the locale of the message in force, may read the database, and changes nothing.
"""

Prepare = Callable[[Sequence[Message]], object]
"""Reads at once what the writer will need for several messages of its kind, so that writing 50
letters does not take 50 queries. What it returns is kept until they are written: rows that it
loaded stay in the session's identity map, where ``db.session.get`` finds them.
"""
