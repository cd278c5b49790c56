"""Counting tries in the database, so that a limit holds across processes and machines."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from event_mgmt.core.database import Model, db, transactional
from event_mgmt.core.types import UtcDateTime


class ThrottleCount(Model):
    """How many tries one key has used in the window that ends at ``ends_at``."""

    __tablename__ = "throttle_counts"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def tries_of(key: str, *, now: datetime) -> int:
    """How many tries ``key`` has used in its running window."""
    found = db.session.execute(
        select(ThrottleCount.tries).where(ThrottleCount.key == key, ThrottleCount.ends_at > now)
    ).scalar()
    return found or 0


@transactional
def count_try(key: str, *, window: timedelta, now: datetime) -> int:
    """Count one try for ``key``; gives the number in the running window, this one included."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(delete(ThrottleCount).where(ThrottleCount.ends_at <= now))
    statement = dialect.insert(ThrottleCount).values(key=key, tries=1, ends_at=now + window)
    counted = statement.on_conflict_do_update(
        index_elements=[ThrottleCount.key], set_={"tries": ThrottleCount.tries + 1}
    ).returning(ThrottleCount.tries)
    return db.session.execute(counted).scalar_one()


@transactional
def forget_tries(key: str) -> None:
    """Start ``key`` afresh, for instance after a sign-in that succeeded."""
    db.session.execute(delete(ThrottleCount).where(ThrottleCount.key == key))


@transactional
def forget_tries_about(part: str) -> None:
    """Forget what was counted under every key that has ``part`` in it."""
    about = ThrottleCount.key.contains(part, autoescape=True)
    db.session.execute(delete(ThrottleCount).where(about))
