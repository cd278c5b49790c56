"""Whether a letter that a worker holds is still wanted and true, asked before it is handed over.

A batch is claimed and written at once, and a slow relay may take a minute to accept it. Meanwhile
the event may be cancelled, a person erased, an address corrected, the outbox held. What letters are
written from is therefore known by its stamp: whether their recipients want them, a few columns of
the message and of the rows that it is about. Rooms declare theirs as a ``RecipientKind`` or a
``LetterSource``; this room knows none of them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, current_app
from sqlalchemy import ColumnElement, FromClause, Select, Table, bindparam, exists, select
from sqlalchemy.exc import SQLAlchemyError

from event_mgmt.core.database import commit_watch, db, table_of
from event_mgmt.mail.models import Message, MessageState, OutboxHold
from event_mgmt.mail.recipients import RecipientKinds

Stamp = tuple[object, ...]
"""What must not have changed since a letter was written: first why it is not wanted, or None."""

MAX_AGE_SECONDS: Final = 0.005
"""How old a check may be when a letter goes out by it."""

_MESSAGES: Final = table_of(Message)
_KEY: Final = "letter_stamps"


@dataclass(frozen=True)
class LetterSource:
    """Rows that letters are written from, beside their recipients' own.

    A letter is stale as soon as one of ``columns`` changes. ``found_by`` joins ``table`` and finds
    at most one row for a message.
    """

    table: Table
    found_by: ColumnElement[bool]
    columns: tuple[str, ...]


def init_app(app: Flask, recipients: RecipientKinds, sources: Iterable[LetterSource]) -> None:
    """Let ``app`` ask for the stamps that its rooms declare, in one SELECT built here."""
    joined: FromClause = _MESSAGES
    refusals: list[ColumnElement[str | None]] = []
    columns: list[ColumnElement[Any]] = [
        _MESSAGES.c.claimed_by,
        _MESSAGES.c.state,
        exists().where(OutboxHold.id == 1),
        _MESSAGES.c.to_address,
    ]
    for recipient in recipients:
        joined = recipient.joined_to(joined)
        refusals.append(recipient.refusal())
        columns += recipient.written_from_columns
    for source in sources:
        joined = joined.outerjoin(source.table, source.found_by)
        columns += [source.table.c[name] for name in source.columns]
    wanted = _MESSAGES.c.id.in_(bindparam("ids", expanding=True))
    asked = select(_MESSAGES.c.id, _MESSAGES.c.kind, *refusals, *columns)
    app.extensions[_KEY] = _StampQuery(
        asked.select_from(joined).where(wanted), recipients.places, len(refusals)
    )


@dataclass(frozen=True)
class _StampQuery:
    """One SELECT: of each message id and kind, what each kind of recipient would say, the rest.

    Whose word counts is picked here: to ask in SQL by the message's kind would take longer.
    """

    select: Select[int, *tuple[object, ...]]
    places: Mapping[str, int]
    recipients: int

    def stamp(self, row: Sequence[object]) -> Stamp:
        place = self.places.get(str(row[1]))
        refusal = None if place is None else row[2 + place]
        return (refusal, *row[2 + self.recipients :])


def stamps_of(ids: Sequence[int]) -> Mapping[int, Stamp]:
    """The present stamps of these messages, by their id, in one statement."""
    query: _StampQuery = current_app.extensions[_KEY]
    rows = db.session.connection().execute(query.select, {"ids": list(ids)})
    return {row[0]: query.stamp(row) for row in rows}


def may_be_sent(stamp: Stamp, token: str) -> bool:
    """Whether the message is in the hands of the worker called ``token``, wanted, and not held."""
    refusal, claimed_by, state, is_held = stamp[:4]
    is_in_hand = claimed_by == token and state is MessageState.SENDING
    return is_in_hand and not is_held and refusal is None


class FreshnessCheck:
    """One batch, checked again shortly before each of its letters is handed over.

    What was read is at most MAX_AGE_SECONDS old. A check costs microseconds while nobody commits
    anything; after somebody else's commit, one statement for all letters that are still in hand. So
    a quick relay gets several letters a check, and a slow one a check for each.
    """

    def __init__(self, token: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._token = token
        self._clock = clock
        self._ids: Sequence[int] = ()
        self._written_from: Mapping[int, Stamp] = {}
        self._as_of_now: Mapping[int, Stamp] = {}
        self._checked_at = -math.inf
        self._watch = commit_watch(db.engine)

    def take_stamps(self, ids: Sequence[int]) -> None:
        """Note what holds; to be called before the letters are written.

        ``ids`` are the messages in the order in which they will go out.
        """
        self._checked_at = self._clock()
        self._watch.begin()
        self._ids = ids
        self._written_from = self._as_of_now = stamps_of(ids)

    def refusals(self) -> dict[int, str]:
        """Which of the messages their recipients do not want (any more), and why."""
        asked = {message_id: stamp[0] for message_id, stamp in self._written_from.items()}
        return {message_id: str(why) for message_id, why in asked.items() if why is not None}

    def is_fresh(self, message_id: int) -> bool:
        """Whether the letter may go out as it was written; not while nobody can tell."""
        try:
            if self._clock() - self._checked_at >= MAX_AGE_SECONDS:
                self._check_again(message_id)
        except SQLAlchemyError:
            return False
        stamp = self._written_from.get(message_id)
        if stamp is None or self._as_of_now.get(message_id) != stamp:
            return False
        return may_be_sent(stamp, self._token)

    def _check_again(self, from_id: int) -> None:
        """Read the stamps anew if need be: those of ``from_id`` and of what comes after it."""
        checking_since = self._clock()
        if self._watch.has_seen_a_commit():
            self._watch.begin()  # before reading, so that no commit falls in between
            self._as_of_now = self._read(self._ids[self._ids.index(from_id) :])
        self._checked_at = checking_since

    def _read(self, ids: Sequence[int]) -> Mapping[int, Stamp]:
        try:
            return stamps_of(ids)
        finally:
            db.session.rollback()

    def end(self) -> None:
        """Let go of the database."""
        self._watch.end()
