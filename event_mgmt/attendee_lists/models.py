"""Tables of saved views, export templates and the record of exports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.core.database import Model
from event_mgmt.core.types import UtcDateTime


class Saved(Model):
    """What somebody has saved for themselves, each under a name of its own."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))


class SavedView(Saved):
    """A person's own filter and order of attendee lists."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    criteria: Mapped[dict[str, str]] = mapped_column(JSON)


class ListTemplate(Saved):
    """A person's own choice of columns, and their order."""

    __tablename__ = "list_templates"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    columns: Mapped[list[str]] = mapped_column(JSON)
    order: Mapped[str] = mapped_column(String(20))


class Export(Model):
    """One taking of personal data: who, what, how many, why, and the hash of the file."""

    __tablename__ = "exports"
    __table_args__ = (Index("ix_exports_event_id_user_id_at", "event_id", "user_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event_id: Mapped[int]
    user_id: Mapped[int]
    format: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(300))
    criteria: Mapped[dict[str, str | int]] = mapped_column(JSON)
    columns: Mapped[list[str]] = mapped_column(JSON)
    row_count: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
