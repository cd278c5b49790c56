"""Tables of what went: the ledger of erasures and the records of retention. They name nobody."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.core.database import Model
from event_mgmt.core.types import UtcDateTime, enum_column
from event_mgmt.privacy.enums import RetentionKind


class Erasure(Model):
    """One person who was erased, known by nothing but a keyed digest of the address.

    ``key`` is random, so that entries of two copies of a database can be told apart and brought
    together. ``host_id`` is the organisation whose events it reached; empty where it reached
    everything. ``counts`` is {kind of data: how many}.
    """

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_address_digest", "address_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
    address_digest: Mapped[str] = mapped_column(String(64))
    host_id: Mapped[int | None]
    counts: Mapped[dict[str, int]] = mapped_column(JSON)


class RetentionRecord(Model):
    """What went of one event, of one kind of data, because its time had come.

    ``completed_at`` is when the last of it had gone; empty while batches are still to come.
    """

    __tablename__ = "retention_records"
    __table_args__ = (UniqueConstraint("event_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    kind: Mapped[RetentionKind] = mapped_column(enum_column(RetentionKind))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


class RetentionRound(Model):
    """A night in which everything that was due has gone.

    ``account_mails`` counts emptied mails that belonged to no event.
    """

    __tablename__ = "retention_rounds"

    night: Mapped[date] = mapped_column(primary_key=True)
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_mails: Mapped[int] = mapped_column(default=0)
