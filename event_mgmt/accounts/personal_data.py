"""What accounts hold of people: how it is found, and how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Select, select

from event_mgmt.accounts import erasure, queries
from event_mgmt.accounts.models import User
from event_mgmt.audit.service import Actor
from event_mgmt.core.personal_data import DataSubject, Reach, Reference

TABLES: Final = frozenset({"users", "memberships", "one_time_links"})


def addresses() -> Select[str]:
    """Every address that somebody signs in with."""
    return select(User.email).where(User.erased_at.is_(None))


def find(subject: DataSubject, reach: Reach) -> DataSubject:
    """The account of the subject's address, where the reach knows no limits."""
    user = queries.user_by_email(subject.address) if subject.address else None
    if user is None or not reach.is_everywhere:
        return subject
    if reach.until is not None and user.created_at > reach.until:
        return subject
    return subject.with_more([Reference("user", user.id)])


def check_erasable(subject: DataSubject, by: Actor) -> None:
    """Refuse while others depend on the account: OwnAccount, or AccountStillNeeded."""
    if subject.ids("user") and (user := queries.user_by_email(subject.address)):
        erasure.check_dispensable(user, by_id=by.user_id)


def erase(subject: DataSubject, reach: Reach, _by: Actor, now: datetime) -> Mapping[str, int]:
    """Empty and close the account."""
    if not subject.ids("user"):
        return {"accounts": 0}
    closed = erasure.close(subject.address, until=reach.until, now=now)
    return {"accounts": int(closed is not None)}
