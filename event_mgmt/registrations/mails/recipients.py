"""How many parties are notified when an event changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from event_mgmt.core.database import db
from event_mgmt.events.enums import EventStatus
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.registrations.mails import last_announcements
from event_mgmt.registrations.mails.audience import is_meant
from event_mgmt.registrations.mails.event_mails import NOTIFIED
from event_mgmt.registrations.mails.last_announcements import ANNOUNCEMENT_KINDS
from event_mgmt.registrations.models import LastAnnouncement, Registration


def count_recipients(event_id: int, *, becoming: EventStatus | None = None) -> int:
    """How many registered parties can be written to about an event, at most.

    Of another date or place that nobody has typed yet, more cannot be said. With ``becoming``
    exactly as many as are written to if the event becomes that, as it is.
    """
    wanted = select(func.count()).select_from(Registration)
    if becoming is not None:
        event = db.session.get_one(Event, event_id)
        wanted = wanted.outerjoin(LastAnnouncement, last_announcements.is_for_current_address())
        wanted = wanted.where(last_announcements.has_changes(event, becoming=becoming))
    return db.session.execute(wanted.where(is_meant(event_id, NOTIFIED))).scalar_one()


def count_notified(event_id: int, at: datetime) -> int:
    """How many registered parties are written to about what was changed at that instant.

    That may be nobody: who was told before how the event is now, hears nothing.
    """
    return db.session.execute(
        select(func.count())
        .select_from(Message)
        .where(
            Message.event_id == event_id,
            Message.kind.in_(ANNOUNCEMENT_KINDS),
            Message.created_at == at,
        )
    ).scalar_one()
