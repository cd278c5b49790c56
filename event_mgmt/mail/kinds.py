"""The kinds of messages that the rooms declare: who writes them, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from flask import Flask, current_app
from flask_babel import gettext as _

from event_mgmt.mail.letters import Letter, LetterWriter, NotNeeded, Prepare
from event_mgmt.mail.models import Message
from event_mgmt.mail.recipients import RecipientKind

_KEY: Final = "mail_kinds"


@dataclass(frozen=True)
class MailKind:
    """A kind of message: its stored name, what it is called on screen, and who writes it.

    ``prepare`` reads ahead for several messages of the kind. ``recipient`` is whom or what all
    messages of the kind go to; ``None`` for those that go to an address, whoever has it. Other
    recipients take another kind of message: a version that does not know them yet then leaves
    their messages to those that do.
    """

    name: str
    label: object
    write: LetterWriter
    prepare: Prepare | None = None
    recipient: RecipientKind | None = field(kw_only=True)


class MailKinds:
    """The kinds of messages that an application's rooms declare."""

    def __init__(self, kinds: Iterable[MailKind]) -> None:
        """ValueError when two rooms declare the same kind."""
        self._by_name: dict[str, MailKind] = {}
        for kind in kinds:
            if kind.name in self._by_name:
                raise ValueError(f"two letters for {kind.name}")
            self._by_name[kind.name] = kind
        self.is_known: Final = Message.kind.in_(sorted(self._by_name))
        """Whether a message (in SQL) is of a kind that this version writes; others wait."""

    def read_ahead(self, messages: Sequence[Message]) -> object:
        """Whatever the writers of ``messages`` want to read at once; hold it while they write."""
        by_kind: dict[str, list[Message]] = {}
        for message in messages:
            by_kind.setdefault(message.kind, []).append(message)
        return [
            prepare(group)
            for name, group in by_kind.items()
            if name in self._by_name and (prepare := self._by_name[name].prepare)
        ]

    def write(self, message: Message) -> Letter:
        """The letter for ``message``; LookupError when no room writes its kind.

        NotNeeded for one whose reader was erased: what it said has gone as well.
        """
        if not message.to_address:
            raise NotNeeded
        return self._by_name[message.kind].write(message)

    def label(self, name: str) -> str:
        """What a message of this kind is called; one that nobody declares is just a message."""
        return str(self._by_name[name].label) if name in self._by_name else _("Message")

    @property
    def names(self) -> frozenset[str]:
        """All kinds that are written."""
        return frozenset(self._by_name)

    @property
    def recipients(self) -> dict[str, RecipientKind | None]:
        """Whom the messages of each kind go to."""
        return {name: kind.recipient for name, kind in self._by_name.items()}

    def recipient_of(self, name: str) -> RecipientKind | None:
        """Whom the messages of the kind ``name`` go to; ``None`` also for one nobody declares."""
        kind = self._by_name.get(name)
        return kind.recipient if kind is not None else None


def init_app(app: Flask, kinds: Iterable[MailKind]) -> MailKinds:
    """Give ``app`` the kinds of messages that its rooms declare."""
    app.extensions[_KEY] = made = MailKinds(kinds)
    return made


def mail_kinds() -> MailKinds:
    """The kinds of messages of the application at work."""
    return cast(MailKinds, current_app.extensions[_KEY])


def mail_kind_label(name: str) -> str:
    """What a message of the kind ``name`` is called in the reader's language."""
    return mail_kinds().label(name)
