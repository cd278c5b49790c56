"""Counting tries in the database, so that a limit holds across processes and machines."""

from __future__ import annotations

import functools
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from event_mgmt.core.database import Model, db, table_of, transactional
from event_mgmt.core.types import UtcDateTime


class ThrottleCount(Model):
    """How many tries one key has used in the window that ends at ``ends_at``."""

    __tablename__ = "throttle_counts"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@transactional
def count_attempt(key: str, *, window: timedelta, now: datetime) -> int:
    """Count one try for ``key``; gives the number in the running window, this one included."""
    counted = _counting(db.engine.dialect.name)
    given = {"key": key, "tries": 1, "ends_at": now + window, "now": now}
    return db.session.execute(counted, given).scalar_one()


@functools.cache
def _counting(dialect: str) -> ReturningInsert[int]:
    """Count on in a window that runs, or begin one; built once per database."""
    counts = table_of(ThrottleCount)
    fresh = (postgresql if dialect == "postgresql" else sqlite).insert(counts)
    is_over = counts.c.ends_at <= bindparam("now", type_=UtcDateTime)
    return fresh.on_conflict_do_update(
        index_elements=[counts.c.key],
        set_={
            "tries": case((is_over, 1), else_=counts.c.tries + 1),
            "ends_at": case((is_over, fresh.excluded.ends_at), else_=counts.c.ends_at),
        },
    ).returning(counts.c.tries)


@transactional
def delete_expired_counts(now: datetime) -> None:
    """Background job: forget the windows that have ended."""
    db.session.execute(delete(ThrottleCount).where(ThrottleCount.ends_at <= now))


@transactional
def reset_attempts(key: str) -> None:
    """Start ``key`` afresh, for instance after a sign-in that succeeded."""
    db.session.execute(delete(ThrottleCount).where(ThrottleCount.key == key))


@transactional
def reset_attempts_about(part: str) -> None:
    """Forget what was counted under every key that has ``part`` in it."""
    about = ThrottleCount.key.contains(part, autoescape=True)
    db.session.execute(delete(ThrottleCount).where(about))
