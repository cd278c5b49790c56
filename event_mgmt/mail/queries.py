"""Reading messages, always within the events that the viewer may see the messages of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from event_mgmt.core.database import db
from event_mgmt.core.types import UtcDateTime
from event_mgmt.mail.models import Message, MessageState

PAGE_SIZE: Final = 50

EventIds = Collection[int] | Select[int]
"""The events in sight: their ids, or a SELECT of them."""


@dataclass(frozen=True)
class MessageFilter:
    """What to look for; nothing means all. ``text`` is part of an address or a name."""

    states: Collection[MessageState] = ()
    kinds: Collection[str] = ()
    text: str = ""
    registration_id: int | None = None


@dataclass(frozen=True)
class MessageRow:
    """One message as a list shows it."""

    id: int
    event_id: int | None
    registration_id: int | None
    kind: str
    locale: str
    to_address: str
    to_name: str
    subject: str
    state: MessageState
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    last_code: int | None
    last_error: str

    @property
    def may_be_retried(self) -> bool:
        """Whether service.retry would take it."""
        return self.state in {MessageState.FAILED, MessageState.UNCERTAIN}

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether service.withdraw would take it."""
        return self.state is MessageState.QUEUED


@dataclass(frozen=True)
class MessageSummary:
    """That a mail was written, and what became of it: all that is kept for its reader to know.

    ``at`` is when it was sent, else when it is or was to be.
    """

    kind: str
    state: MessageState
    at: datetime


@dataclass(frozen=True)
class MessagePage:
    """Some messages of a list, and how many there are in all."""

    rows: tuple[MessageRow, ...]
    total: int


_COLUMNS = [getattr(Message, name) for name in MessageRow.__dataclass_fields__]


def counts_by_state(event_ids: EventIds) -> dict[MessageState, int]:
    """How many messages of these events are in each state; states without any are left out."""
    rows = db.session.execute(
        select(Message.state, func.count()).where(_of(event_ids)).group_by(Message.state)
    )
    return dict(rows.all())


def kinds_of(event_ids: EventIds) -> list[str]:
    """Which kinds of messages these events have, for a filter."""
    query = select(Message.kind).where(_of(event_ids)).distinct().order_by(Message.kind)
    return list(db.session.scalars(query))


def messages(
    event_ids: EventIds,
    wanted: MessageFilter | None = None,
    *,
    offset: int = 0,
    limit: int = PAGE_SIZE,
) -> MessagePage:
    """The messages of these events, the latest due first."""
    conditions = and_(_of(event_ids), *_conditions(wanted or MessageFilter()))
    total = db.session.execute(select(func.count()).select_from(Message).where(conditions)).scalar()
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(conditions)
        .order_by(Message.due_at.desc(), Message.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return MessagePage(tuple(MessageRow(*row) for row in rows), total or 0)


def messages_about(registration_id: int) -> list[MessageSummary]:
    """The mails about one registration that still say to whom they went, the latest first."""
    at = func.coalesce(Message.sent_at, Message.due_at, type_=UtcDateTime)
    rows = db.session.execute(
        select(Message.kind, Message.state, at)
        .where(Message.registration_id == registration_id, Message.to_address != "")
        .order_by(at.desc(), Message.id.desc())
    )
    return [MessageSummary(*row) for row in rows]


def message_of(message_id: int, event_ids: EventIds) -> Message | None:
    """One message, if it belongs to one of these events."""
    return db.session.scalars(
        select(Message).where(Message.id == message_id, _of(event_ids))
    ).one_or_none()


def _of(event_ids: EventIds) -> ColumnElement[bool]:
    return Message.event_id.in_(event_ids)


def _conditions(wanted: MessageFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.states:
        conditions.append(Message.state.in_(list(wanted.states)))
    if wanted.kinds:
        conditions.append(Message.kind.in_(list(wanted.kinds)))
    if wanted.registration_id is not None:
        conditions.append(Message.registration_id == wanted.registration_id)
    if text := wanted.text.strip():
        conditions.append(
            or_(
                Message.to_address.icontains(text, autoescape=True),
                Message.to_name.icontains(text, autoescape=True),
            )
        )
    return conditions


def undelivered_by_event(event_ids: Collection[int]) -> dict[int, int]:
    """How many mails of each event did not (or perhaps did not) arrive."""
    counted = (
        select(Message.event_id, func.count())
        .where(
            Message.event_id.in_(event_ids),
            Message.state.in_((MessageState.FAILED, MessageState.UNCERTAIN)),
        )
        .group_by(Message.event_id)
    )
    return {event_id: n for event_id, n in db.session.execute(counted) if event_id is not None}
