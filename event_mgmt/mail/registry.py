"""What rooms declare of mail, handed to those of this room who use it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from flask import Flask

from event_mgmt.mail import freshness, kinds, recipients
from event_mgmt.mail.freshness import LetterSource
from event_mgmt.mail.kinds import MailKind
from event_mgmt.mail.recipients import RecipientKind


class DeclaresMail(Protocol):
    """What a room says of mail."""

    @property
    def mail_kinds(self) -> tuple[MailKind, ...]:
        """The kinds of messages that it writes."""

    @property
    def recipient_kinds(self) -> tuple[RecipientKind, ...]:
        """Whom or what of its own messages may go to."""

    @property
    def letter_sources(self) -> tuple[LetterSource, ...]:
        """What else its letters are written from."""


def init_app(app: Flask, rooms: Sequence[DeclaresMail]) -> None:
    """Give ``app`` what its rooms declare of mail; ValueError where that does not fit together."""
    mail_kinds = kinds.init_app(app, (kind for room in rooms for kind in room.mail_kinds))
    made = recipients.init_app(
        app, (kind for room in rooms for kind in room.recipient_kinds), mail_kinds.recipients
    )
    freshness.init_app(app, made, (source for room in rooms for source in room.letter_sources))
