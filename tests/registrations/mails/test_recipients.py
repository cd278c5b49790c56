"""Who hears of an event's news, on both databases."""

from __future__ import annotations

from sqlalchemy import func, select

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db
from event_mgmt.core.localized import Localized
from event_mgmt.events import service
from event_mgmt.mail.models import Message
from event_mgmt.registrations.enums import Status
from event_mgmt.registrations.mails.recipients import count_recipients
from tests.builders import NOW, a_registration, an_event


def test_as_many_are_announced_to_the_organiser_as_are_written_to(app):
    event = an_event(seats=20)
    for status in Status:
        a_registration(event, status=status)
    a_registration(an_event())
    announced = count_recipients(event.id)

    service.cancel(event.id, reason=Localized(), by=SYSTEM, now=NOW)

    written = db.session.execute(
        select(func.count())
        .select_from(Message)
        .where(Message.kind == "event_cancelled", Message.event_id == event.id)
    ).scalar_one()
    assert announced == written == 4
