"""Who hears of an event's news."""

from __future__ import annotations

from sqlalchemy import func, select

from event_mgmt.core.database import db
from event_mgmt.registrations.event_notices import TOLD
from event_mgmt.registrations.models import Registration


def people_told(event_id: int) -> int:
    """How many registered parties are written to when the event moves or is called off."""
    return db.session.execute(
        select(func.count())
        .select_from(Registration)
        .where(Registration.event_id == event_id, Registration.status.in_(TOLD))
    ).scalar_one()
