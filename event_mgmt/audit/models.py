"""The audit table: written with the change it tells of, never changed afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.core.database import Model
from event_mgmt.core.types import UtcDateTime


class AuditEntry(Model):
    """One action. ``user_id`` is empty where a participant or the system itself acted."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_event_id_at", "event_id", "at"),
        Index("ix_audit_entries_organisation_id_at", "organisation_id", "at"),
        Index("ix_audit_entries_subject", "subject", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(60))
    organisation_id: Mapped[int | None]
    event_id: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    changes: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
