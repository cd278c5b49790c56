"""Writing messages: one row, in the transaction that causes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from event_mgmt.core.database import db, table_of
from event_mgmt.mail.models import NOT_GONE_OUT, Message, MessageState

_WRITE: Final = insert(table_of(Message))


@dataclass(frozen=True)
class MessageDraft:
    """A message to be: ``key`` makes it unique, ``kind`` names the notice that will write it."""

    key: str
    kind: str
    to_address: str
    locale: str
    to_name: str = ""
    event_id: int | None = None
    registration_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    calendar_sequence: int | None = None


def enqueue(draft: MessageDraft, *, now: datetime) -> None:
    """Write one message that goes out at ``due_at`` (default: at once)."""
    enqueue_all([draft], now=now)


def enqueue_all(drafts: Iterable[MessageDraft], *, now: datetime) -> None:
    """Write several messages in one statement."""
    rows = [
        {
            "key": draft.key,
            "kind": draft.kind,
            "locale": draft.locale,
            "to_address": draft.to_address,
            "to_name": draft.to_name,
            "event_id": draft.event_id,
            "registration_id": draft.registration_id,
            "facts": draft.facts,
            "state": MessageState.QUEUED,
            "created_at": now,
            "due_at": draft.due_at or now,
            "calendar_sequence": draft.calendar_sequence,
        }
        for draft in drafts
    ]
    if rows:
        db.session.execute(_WRITE, rows)


def withdraw_queued(*, registration_id: int, kinds: Iterable[str]) -> None:
    """Take back messages of these kinds that have not gone out: their cause went away."""
    db.session.execute(
        update(Message)
        .where(
            Message.registration_id == registration_id,
            Message.kind.in_(list(kinds)),
            Message.state.in_(NOT_GONE_OUT),
        )
        .values(state=MessageState.WITHDRAWN),
        execution_options={"synchronize_session": False},
    )


def readdress(registration_id: int, address: str, *, but_keys_ending: str) -> None:
    """Send what has not gone out to this registration to ``address`` from now on.

    Messages whose key ends like that are meant for the address as it was. One that a worker has
    in its hands is taken out of them; should the relay be taking it at that moment, the new
    address gets a second copy rather than none.
    """
    db.session.execute(
        update(Message)
        .where(
            Message.registration_id == registration_id,
            Message.state.in_(NOT_GONE_OUT),
            ~Message.key.endswith(but_keys_ending, autoescape=True),
        )
        .values(
            to_address=address,
            state=MessageState.QUEUED,
            copies=0,  # the new address has had none; and a third is never claimed
            claimed_by=None,
            leased_until=None,
        ),
        execution_options={"synchronize_session": False},
    )


def withdraw_queued_of_event(event_id: int, *, kinds: Iterable[str]) -> None:
    """Take back an event's messages of these kinds that have not gone out: others follow them."""
    db.session.execute(
        update(Message)
        .where(
            Message.event_id == event_id,
            Message.kind.in_(list(kinds)),
            Message.state == MessageState.QUEUED,
        )
        .values(state=MessageState.WITHDRAWN),
        execution_options={"synchronize_session": False},
    )


def oldest_due(*, now: datetime) -> datetime | None:
    """When the longest-waiting due message came due; ``None`` when nothing waits."""
    return db.session.execute(
        select(Message.due_at)
        .where(Message.state == MessageState.QUEUED, Message.due_at <= now)
        .order_by(Message.due_at)
        .limit(1)
    ).scalar()
