"""Reading audit entries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db

PAGE_SIZE = 50


@dataclass(frozen=True)
class AuditPage:
    """One page of entries, newest first, and how many there are in all."""

    entries: list[AuditEntry]
    total: int


def entries_of_event(event_id: int, *, page: int = 1) -> AuditPage:
    """What was done to an event, its registrations, its mails and its lists."""
    return _page(AuditEntry.event_id == event_id, page=page)


def entries_of_organisation(organisation_id: int, *, page: int = 1) -> AuditPage:
    """What was done to an organisation and its team; its events have pages of their own."""
    return _page(
        AuditEntry.organisation_id == organisation_id, AuditEntry.event_id.is_(None), page=page
    )


def entries_of_platform(*, page: int = 1) -> AuditPage:
    """What was done to accounts, to organisations as such, and to people's data everywhere."""
    return _page(AuditEntry.organisation_id.is_(None), AuditEntry.event_id.is_(None), page=page)


def _page(*conditions: ColumnElement[bool], page: int) -> AuditPage:
    total = db.session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions))
    rows = db.session.scalars(
        select(AuditEntry)
        .where(*conditions)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return AuditPage(list(rows), total or 0)
