"""The outbox table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.core.database import Model
from event_mgmt.core.types import UtcDateTime, enum_column


class MessageState(StrEnum):
    """Where a message stands; which state may follow which is in STATE_TRANSITIONS.

    Withdrawn: its cause went away. Skipped: there was nobody or nothing left to tell when it came
    due. Uncertain: a worker died twice while the relay may have been taking it.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"
    SKIPPED = "skipped"


STATE_TRANSITIONS: Final[Mapping[MessageState, frozenset[MessageState]]] = {
    MessageState.QUEUED: frozenset({MessageState.SENDING, MessageState.WITHDRAWN}),
    MessageState.SENDING: frozenset(set(MessageState) - {MessageState.SENDING}),
    MessageState.SENT: frozenset({MessageState.FAILED}),  # it came back
    MessageState.FAILED: frozenset({MessageState.QUEUED, MessageState.WITHDRAWN}),
    MessageState.UNCERTAIN: frozenset(
        {MessageState.QUEUED, MessageState.FAILED, MessageState.WITHDRAWN}
    ),
    MessageState.WITHDRAWN: frozenset({MessageState.SENT}),  # the relay was taking it just then
    MessageState.SKIPPED: frozenset(),
}
"""Which state may follow which."""

LATE_STATE_TRANSITIONS: Final[Mapping[MessageState, frozenset[MessageState]]] = {
    state: frozenset(set(MessageState) - {MessageState.SENDING, MessageState.WITHDRAWN})
    for state in (MessageState.QUEUED, MessageState.UNCERTAIN)
}
"""What a worker writes down so late that its message was given back to the others meanwhile."""

NOT_GONE_OUT: Final = (MessageState.QUEUED, MessageState.SENDING)
"""States in which a message can be withdrawn: a worker looks again before it hands one over."""


class Message(Model):
    """One mail to one person.

    ``key`` is unique: whoever writes the same message twice has written it once. ``facts`` are
    what the notice needs besides the rows it reads (old and new values, an organiser's words).
    ``copies`` counts how often the relay may have taken the message, ``rested_seconds`` how long it
    was kept back, never offered, because its recipient's domain rested. ``calendar_sequence`` is
    the version that a calendar entry in it has, on every attempt.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("copies BETWEEN 0 AND 2", name="copies"),
        Index("ix_messages_state_due_at", "state", "due_at"),
        Index("ix_messages_event_id_state", "event_id", "state"),
        Index("ix_messages_to_address", "to_address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str] = mapped_column(String(2))
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(200), default="")
    event_id: Mapped[int | None]
    registration_id: Mapped[int | None] = mapped_column(index=True)
    rule_id: Mapped[int | None] = mapped_column(index=True)
    facts: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    state: Mapped[MessageState] = mapped_column(
        enum_column(MessageState), default=MessageState.QUEUED
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=0)
    rested_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    subject: Mapped[str] = mapped_column(String(300), default="")
    last_code: Mapped[int | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    calendar_sequence: Mapped[int | None]

    @property
    def has_failed(self) -> bool:
        """Whether no relay took it, and nobody will try again unasked."""
        return self.state is MessageState.FAILED

    @property
    def is_queued(self) -> bool:
        """Whether it waits to be sent, and may still be withdrawn."""
        return self.state is MessageState.QUEUED

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or is being sent."""
        return self.state in {MessageState.QUEUED, MessageState.SENDING}

    @property
    def may_be_retried(self) -> bool:
        """Whether an organiser may send it again."""
        return self.state in {MessageState.FAILED, MessageState.UNCERTAIN}


class OutboxHold(Model):
    """While this one row is there, no worker takes a message; ``reason`` is the operator's."""

    __tablename__ = "outbox_holds"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300))
