"""What tests of this room need built."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message
from event_mgmt.messaging.enums import Unit
from event_mgmt.messaging.models import ReminderRule
from event_mgmt.registrations.enums import Status
from tests.builders import NOW, saved


def a_rule(
    event: Event, amount: int | None = 1, unit: Unit | None = Unit.DAYS, **given: Any
) -> ReminderRule:
    """A saved rule, a day before for those confirmed unless told otherwise."""
    if "at" in given:
        amount, unit = None, None
    values: dict[str, Any] = {
        "event_id": event.id,
        "amount": amount,
        "unit": unit,
        "statuses": [Status.CONFIRMED],
        "created_at": NOW,
        "armed_at": NOW,
        **given,
    }
    return saved(ReminderRule(**values))


def messages(*, kind: str = "reminder") -> list[Message]:
    """All messages of a kind, in the order they were written."""
    db.session.expire_all()
    return list(
        db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id))
    )
