"""Who is reading the mailbox, and which mails in it have been dealt with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.core.database import Model
from event_mgmt.core.types import UtcDateTime


class MailboxLease(Model):
    """One mailbox: who holds it, and until when; ``mark`` tells it from another one.

    ``looked_at`` is when it was last read to the end; ``fault`` says why it could not be since.
    """

    __tablename__ = "bounce_mailboxes"

    mark: Mapped[str] = mapped_column(String(32), primary_key=True)
    held_by: Mapped[str | None] = mapped_column(String(80))
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_look_at: Mapped[datetime] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault: Mapped[str] = mapped_column(String(500), default="")


class HandledBounce(Model):
    """One mail in it that was dealt with, by its number (RFC 9051, 2.3.1.1); holds nothing of it.

    ``is_left``: it is nothing of ours, and stays in the mailbox.
    """

    __tablename__ = "bounce_mails"
    __table_args__ = (UniqueConstraint("mark", "validity", "uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(32))
    validity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    handled_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    is_left: Mapped[bool] = mapped_column(default=False)
