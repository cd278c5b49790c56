"""Whom or what messages go to, as rooms declare it, and whether it still wants them.

A message names its recipient by a column of the outbox, or through a table of the recipient's room
that links messages with things. This room knows the recipient's kind alone: it asks before a
message is written, and again shortly before it goes out (freshness.py), both for many at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from flask import Flask, current_app
from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    String,
    Table,
    and_,
    case,
    delete,
    false,
    insert,
    literal,
    or_,
    select,
    true,
)

from event_mgmt.core.database import db, table_of
from event_mgmt.mail.models import Message

GONE: Final = "gone"
"""Why nothing is sent to a thing that is not there any more."""

_MESSAGES: Final = table_of(Message)
_MESSAGE_ID: Final = "message_id"
_NOTHING: Final[ColumnElement[str | None]] = literal(None, String)
_KEY: Final = "recipient_kinds"


@dataclass(frozen=True, kw_only=True, eq=False)
class RecipientKind:
    """One kind of recipients: what they are, how a message names one, and when one wants no mail.

    ``thing`` is the column that tells things apart, ``named_by`` the one that holds its value for a
    message: a column of the outbox, or of a table with a row per message at most. Such a table has
    a unique ``message_id`` that refers to messages and goes with them; its reference to the thing
    holds the thing back, so that its mail goes first (``erasure.erase_recipients``). ValueError for
    a table that is otherwise.

    ``refusals`` say by a word when a thing wants no mail, in columns of its table. A letter that is
    written goes out only as long as the columns in ``written_from`` stay as they were.
    ``reference`` is the kind of ``Reference`` by which erasure and retention know these things,
    where they do.
    """

    name: str
    thing: Column[int] | Column[str]
    named_by: Column[int] | Column[str]
    refusals: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)
    written_from: tuple[str, ...] = ()
    reference: str = ""

    def __post_init__(self) -> None:
        fault = next(_faults(self), "") if self.link is not None else ""
        if fault:
            raise ValueError(f"the recipient kind {self.name}: {fault}")

    @property
    def table(self) -> Table:
        """The table of the things."""
        return self.thing.table

    @property
    def link(self) -> Table | None:
        """The table between messages and things; ``None``: a column of the outbox names one."""
        return None if self.named_by.table is _MESSAGES else self.named_by.table

    @property
    def written_from_columns(self) -> list[ColumnElement[object]]:
        """What must not change between writing a letter and sending it."""
        return [self.table.c[name] for name in self.written_from]

    def wants_mail(self) -> ColumnElement[bool]:
        """Whether a thing (a row of its table) wants mail: for statements that write many."""
        return and_(true(), *(~refused for refused in self.refusals.values()))

    def names_one_of(self, ids: Sequence[int]) -> ColumnElement[bool]:
        """Whether a message goes to one of these things."""
        if self.link is None:
            return self.named_by.in_(ids)
        return _MESSAGES.c.id.in_(select(self.link.c[_MESSAGE_ID]).where(self.named_by.in_(ids)))

    def refused_of(self, ids: Iterable[int]) -> dict[int, str]:
        """Which of these things want no mail, and why; in one statement."""
        asked, thing_id = set(ids), cast(Column[int], self.thing)
        wanted = select(thing_id, self._why()).where(thing_id.in_(asked))
        found = dict(db.session.execute(wanted).all())
        answers = {thing: found.get(thing, GONE) for thing in asked}
        return {thing: why for thing, why in answers.items() if why is not None}

    def add_links(self, rows: Sequence[tuple[int, int]]) -> None:
        """Write down to which thing each message goes, as (message, thing)."""
        assert self.link is not None
        values = [{_MESSAGE_ID: message, self.named_by.name: thing} for message, thing in rows]
        if values:
            db.session.execute(insert(self.link), values)

    def delete_links(self, ids: Sequence[int]) -> None:
        """Let go of what tells that messages went to these things."""
        if self.link is not None:
            db.session.execute(delete(self.link).where(self.named_by.in_(ids)))

    def joined_to(self, messages: FromClause) -> FromClause:
        """``messages`` with the thing that each of them goes to, where there is one."""
        if self.link is not None:
            of_message = self.link.c[_MESSAGE_ID] == _MESSAGES.c.id
            messages = messages.outerjoin(self.link, of_message)
        return messages.outerjoin(self.table, self.thing == self.named_by)

    def refusal(self) -> ColumnElement[str | None]:
        """Why a message, joined so, is not to go out; NULL where it is, or names no thing at all.

        A link that is missing tells that its thing has gone.
        """
        is_gone: ColumnElement[bool] = self.thing.is_(None)
        if self.link is None:
            is_gone = and_(is_gone, self.named_by.is_not(None))
        return case((is_gone, literal(GONE)), else_=self._why())

    def _why(self) -> ColumnElement[str | None]:
        whens = [(refused, literal(why)) for why, refused in self.refusals.items()]
        return case(*whens) if whens else _NOTHING


def _faults(kind: RecipientKind) -> Iterator[str]:
    """What a table between messages and things lacks, in words for whoever declares it."""
    link = kind.named_by.table
    column = link.c.get(_MESSAGE_ID)
    if column is None:
        yield f"{link.name} has no column {_MESSAGE_ID}"
        return
    to_message = [key for key in column.foreign_keys if key.column is _MESSAGES.c.id]
    if not to_message or to_message[0].ondelete != "CASCADE":
        yield f"{link.name}.{_MESSAGE_ID} must refer to messages.id, ON DELETE CASCADE"
    if not (column.unique or list(link.primary_key.columns) == [column]):
        yield f"{link.name}.{_MESSAGE_ID} must be unique: one message, one recipient"
    to_thing = [key for key in kind.named_by.foreign_keys if key.column is kind.thing]
    if not to_thing or to_thing[0].ondelete not in {None, "RESTRICT", "NO ACTION"}:
        yield f"{link.name}.{kind.named_by.name} must refer to {kind.thing}, and hold it back"
    if not any(next(iter(index.columns)) is kind.named_by for index in link.indexes):
        yield f"{link.name}.{kind.named_by.name} needs an index"


class RecipientKinds:
    """The kinds of recipients of an application, each with the messages that go to them."""

    def __init__(
        self, kinds: Iterable[RecipientKind], recipients: Mapping[str, RecipientKind | None]
    ) -> None:
        """``recipients`` are those of the kinds of messages, by name.

        ValueError for a kind or a table of things that two rooms declare, or none.
        """
        self._kinds = tuple(kinds)
        names = [kind.name for kind in self._kinds]
        if len(set(names)) < len(names):
            raise ValueError(f"two recipient kinds of the same name among {', '.join(names)}")
        if len({kind.table for kind in self._kinds}) < len(names):
            raise ValueError(f"two recipient kinds of the same table among {', '.join(names)}")
        for message_kind, kind in recipients.items():
            if kind is not None and kind not in self._kinds:
                raise ValueError(f"no room declares {kind.name}, whom {message_kind} goes to")
        self.places: Final = {
            message_kind: self._kinds.index(kind)
            for message_kind, kind in recipients.items()
            if kind is not None
        }
        """Which of the kinds, in their order, messages of each kind go to."""

    def __iter__(self) -> Iterator[RecipientKind]:
        """All of them, those of the lowest room first."""
        return iter(self._kinds)

    def names_one_of(self, ids: Callable[[str], Sequence[int]]) -> ColumnElement[bool]:
        """Whether a message goes to one of these things; ``ids`` gives those of a reference."""
        known = [kind for kind in self._kinds if kind.reference]
        return or_(false(), *(kind.names_one_of(ids(kind.reference)) for kind in known))


def init_app(
    app: Flask, kinds: Iterable[RecipientKind], recipients: Mapping[str, RecipientKind | None]
) -> RecipientKinds:
    """Give ``app`` the kinds of recipients that its rooms declare."""
    app.extensions[_KEY] = made = RecipientKinds(kinds, recipients)
    return made


def recipient_kinds() -> RecipientKinds:
    """The kinds of recipients of the application at work."""
    return cast(RecipientKinds, current_app.extensions[_KEY])
