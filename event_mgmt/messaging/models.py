"""Tables of reminder rules and of messages to a group."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.core.database import Model
from event_mgmt.core.localized import Localized, LocalizedText
from event_mgmt.core.types import UtcDateTime, enum_column
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.rules import Timing


class ReminderRule(Model):
    """When whom to remind of an event, and in whose words.

    Either relative (``amount`` ``unit`` before the start; negative: after it) or absolute
    (``at``), never both. Due times are derived from the event, so a moved event needs no change.
    ``armed_at`` is since when the rule holds as it is: made, its time changed, resumed, or its
    event moved. What was due before that came too late. ``revision`` rises with every change.
    """

    __tablename__ = "reminder_rules"
    __table_args__ = (
        CheckConstraint(
            "(at IS NULL) = (amount IS NOT NULL) AND (amount IS NULL) = (unit IS NULL)",
            name="relative_or_absolute",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    amount: Mapped[int | None] = mapped_column(index=True)
    unit: Mapped[Unit | None] = mapped_column(enum_column(Unit))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    statuses: Mapped[list[str]] = mapped_column(JSON)
    subject: Mapped[Localized] = mapped_column(LocalizedText, default=Localized)
    body: Mapped[Localized] = mapped_column(LocalizedText, default=Localized)
    is_active: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    armed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def timing(self) -> Timing:
        """When the rule is due, as the rules of this room take it."""
        return Timing(self.amount, self.unit, self.at)


class StoredAudience(TypedDict, total=False):
    """Whom a message went to: what was chosen, or the registrations that were picked."""

    statuses: list[str]
    pool_id: int | None
    country: str
    picked: list[int]


class GroupMessage(Model):
    """An organiser's own message to a filtered group; one Message row per recipient carries it.

    ``audience`` says who was written to: {statuses, pool_id, country}, or the registrations that
    were {picked}. ``nonce`` makes a form that is sent twice one message.
    """

    __tablename__ = "group_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    subject: Mapped[Localized] = mapped_column(LocalizedText)
    body: Mapped[Localized] = mapped_column(LocalizedText)
    audience: Mapped[StoredAudience] = mapped_column(JSON)
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    recipients: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
