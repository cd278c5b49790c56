"""Readers: what the database says once a test has done its deed."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import func, inspect, select

from event_mgmt.audit.models import AuditEntry
from event_mgmt.core.database import db
from event_mgmt.events.models import Event, SeatPool
from event_mgmt.mail.models import Message
from event_mgmt.registrations.models import Registration

Row = TypeVar("Row")


def fresh(row: Row) -> Row:
    """The same row as it stands in the database now."""
    key = inspect(row, raiseerr=True).identity
    db.session.rollback()
    return db.session.get_one(type(row), key, populate_existing=True)


def taken(event: Event) -> int:
    """How many seats of all its pools are taken."""
    seats = select(func.sum(SeatPool.taken)).where(SeatPool.event_id == event.id)
    return int(db.session.execute(seats).scalar_one())


def kinds() -> list[str]:
    """The kinds of all messages, in the order they were written."""
    return list(db.session.scalars(select(Message.kind).order_by(Message.id)))


def kinds_to(registration: Registration) -> list[str]:
    """The kinds of a registration's messages, in the order they were written."""
    its = select(Message.kind).where(Message.registration_id == registration.id)
    return list(db.session.scalars(its.order_by(Message.id)))


def actions() -> list[str]:
    """What the history says was done, first to last."""
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
