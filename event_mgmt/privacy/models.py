"""The ledger of erasures: that somebody was erased, without saying who."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.core.database import Model
from event_mgmt.core.types import UtcDateTime


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
