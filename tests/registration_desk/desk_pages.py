"""Addresses of this room, and what its pages have written."""

from __future__ import annotations

from sqlalchemy import select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.registrations.models import Registration


def desk(event: Event, *more: object) -> str:
    """The address of an event's registrations, or of something below it."""
    return "/".join(["/desk/events", str(event.id), "registrations", *map(str, more)])


def actions_on(registration: Registration) -> list[str]:
    """What its history says was done."""
    return list(
        db.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.subject_id == registration.id, AuditEntry.subject == "registration")
            .order_by(AuditEntry.id)
        )
    )
