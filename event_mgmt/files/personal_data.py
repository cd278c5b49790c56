"""What files hold of people: rooms let those of their purposes go, accounts take theirs along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import select

from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.personal_data import DataSubject, Reach
from event_mgmt.files import service
from event_mgmt.files.models import StoredFile

TABLES: Final = frozenset({"files", "file_chunks"})


def erase(subject: DataSubject, reach: Reach, _by: Actor, _now: datetime) -> Mapping[str, int]:
    """Delete the files that belong to the subject's account, with their content."""
    ids = subject.ids("user")
    if not ids:
        return {}
    wanted = select(StoredFile.id).where(StoredFile.user_id.in_(ids))
    if reach.until is not None:
        wanted = wanted.where(StoredFile.created_at <= reach.until)
    return {"files": service.delete(db.session.scalars(wanted).all())}
