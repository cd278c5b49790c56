"""Whether a letter that a worker holds still says what is true, asked before it is handed over.

A batch is claimed and written at once, and a slow relay may take a minute to accept it. Meanwhile
the event may be cancelled, a person erased, an address corrected, the outbox held. What letters are
written from is therefore known by its stamp: a few columns of the message and of the rows that it
is about. Rooms name theirs with ``written_from``; this room knows none of them.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, bindparam, exists, select
from sqlalchemy.exc import SQLAlchemyError

from event_mgmt.core.database import commit_watch, db, table_of
from event_mgmt.mail.models import Message, MessageState, OutboxHold

Stamp = tuple[Any, ...]
"""What must not have changed since a letter was written."""

_MESSAGES: Final = table_of(Message)


@dataclass(frozen=True)
class Source:
    """Rows that letters are written from: joined by ``found_by``, known by ``columns``."""

    table: Table
    found_by: ColumnElement[bool]
    columns: tuple[str, ...]


_sources: dict[str, Source] = {}


def written_from(table: Table, found_by: ColumnElement[bool], *columns: str) -> None:
    """Let letters be stale as soon as one of ``columns`` of ``table`` changes.

    ``found_by`` finds at most one row for a message. Saying the same twice is harmless.
    """
    _sources[table.name] = Source(table, found_by, columns)
    _statement.cache_clear()


@functools.cache
def _statement() -> Select[Any]:
    """The one SELECT for all stamps, built when all rooms have named their sources."""
    joined: Any = _MESSAGES
    columns: list[ColumnElement[Any]] = [
        _MESSAGES.c.claimed_by,
        _MESSAGES.c.state,
        _MESSAGES.c.to_address,
        exists().where(OutboxHold.id == 1),
    ]
    for source in _sources.values():
        joined = joined.outerjoin(source.table, source.found_by)
        columns += [source.table.c[name] for name in source.columns]
    wanted = _MESSAGES.c.id.in_(bindparam("ids", expanding=True))
    return select(_MESSAGES.c.id, *columns).select_from(joined).where(wanted)


def stamps_of(ids: Sequence[int]) -> Mapping[int, Stamp]:
    """The present stamps of these messages, by their id, in one statement."""
    rows = db.session.connection().execute(_statement(), {"ids": list(ids)}).all()
    return {row[0]: tuple(row[1:]) for row in rows}


def may_go_out(stamp: Stamp, token: str) -> bool:
    """Whether the message is in the hands of the worker called ``token``, and nothing is held."""
    claimed_by, state, _address, is_held = stamp[:4]
    return claimed_by == token and state is MessageState.SENDING and not is_held


class Look:
    """One batch, looked at again before each of its letters is handed over.

    While nobody commits anything, a look costs microseconds; from the first commit of somebody
    else on, one small statement a letter.
    """

    def __init__(self, token: str) -> None:
        self._token = token
        self._stamps: Mapping[int, Stamp] = {}
        self._watch = commit_watch(db.engine)
        self._somebody_committed = False

    def take_stamps(self, ids: Sequence[int]) -> None:
        """Note what holds; to be called before the letters are written."""
        self._somebody_committed = False
        self._watch.begin()
        self._stamps = stamps_of(ids)

    def still_holds(self, message_id: int) -> bool:
        """Whether the letter may go out as it was written; not while nobody can tell."""
        try:
            return self._holds(message_id)
        except SQLAlchemyError:
            return False

    def _holds(self, message_id: int) -> bool:
        self._somebody_committed = self._somebody_committed or self._watch.has_seen_a_commit()
        stamp = self._stamps.get(message_id, (None,) * 4)
        if self._somebody_committed:
            stamp_now = self._stamp_now(message_id)
            if stamp_now != stamp:
                return False
        return may_go_out(stamp, self._token)

    def _stamp_now(self, message_id: int) -> Stamp | None:
        try:
            return stamps_of([message_id]).get(message_id)
        finally:
            db.session.rollback()

    def end(self) -> None:
        """Let go of the database."""
        self._watch.end()
