"""The table of what was done at the door."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.check_in.enums import DoorActionKind
from event_mgmt.core.database import Model
from event_mgmt.core.types import UtcDateTime, enum_column


class DoorAction(Model):
    """One thing that was done at the door; rows are added and never changed.

    ``client_id`` is made where it was done, so that one that is sent twice is written once.
    ``scanned_at`` is when it was done by the device's clock, ``received_at`` when it was written;
    ``device`` and ``sequence`` order what one device did while it was out of reach.
    ``refers_to_id`` is the action that is taken back. ``attendees.checked_in_at`` is what follows
    of a person's actions, kept at hand; the version before writes it alone.
    """

    __tablename__ = "door_actions"
    __table_args__ = (Index("ix_door_actions_event_id_received_at", "event_id", "received_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[DoorActionKind] = mapped_column(enum_column(DoorActionKind))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    attendee_id: Mapped[int | None] = mapped_column(
        ForeignKey("attendees.id", ondelete="SET NULL"), index=True
    )
    scanned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    device: Mapped[str] = mapped_column(String(60), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    refers_to_id: Mapped[int | None] = mapped_column(ForeignKey("door_actions.id"), index=True)
