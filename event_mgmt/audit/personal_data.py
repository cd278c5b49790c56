"""What the history holds of people: it says who did what, and what an account was called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from event_mgmt.audit import erasure
from event_mgmt.audit.models import AuditEntry
from event_mgmt.audit.service import Actor
from event_mgmt.core.personal_data import DataSubject, Reach

TABLES: Final = frozenset({AuditEntry.__tablename__})


def erase(subject: DataSubject, _reach: Reach, _by: Actor, _now: datetime) -> Mapping[str, int]:
    """Leave the names out of what was done to the subject's account."""
    for user_id in subject.ids("user"):
        erasure.forget_user(user_id)
    return {}
