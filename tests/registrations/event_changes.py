"""An event that changes, its guests, and what they read of it."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from event_mgmt.audit.service import SYSTEM
from event_mgmt.core.database import db
from event_mgmt.events import service as events
from event_mgmt.events.fields import EventBasics
from event_mgmt.events.models import Event
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.models import Registration
from tests.builders import NOW
from tests.registrations.fake_relay import Mail, Post
from tests.registrations.parties import a_party, enter

LATER = NOW + timedelta(hours=1)
WEEK = timedelta(days=7)


def guest(event: Event, post: Post, **given: Any) -> Registration:
    """Somebody who registered and has read the confirmation."""
    party = a_party("Luka", "Zagar", locale="en", **given)
    made = enter(event, party, NOW, nonce=party.email)
    post.deliver(NOW)
    return made


def move(event: Event, by: timedelta, now: datetime = LATER) -> None:
    """To another date, counted from where it is."""
    events.move(
        event.id,
        starts_at=event.starts_at + by,
        ends_at=event.ends_at + by,
        by=SYSTEM,
        now=now,
    )


def edit(event: Event, now: datetime = LATER, **changes: Any) -> None:
    """Through the form of the event."""
    names = [each.name for each in dataclasses.fields(EventBasics) if each.name != "seats"]
    values = {name: getattr(event, name) for name in names} | changes
    seats = event.pools[0].capacity
    events.edit_basics(event.id, EventBasics(**values, seats=seats), by=SYSTEM, now=now)


def rows(mail: Mail) -> dict[str, str]:
    """The labelled facts of a mail."""
    lines = (line.partition(": ") for line in mail.text.split("\n-- \n")[0].splitlines())
    return {label: value for label, colon, value in lines if colon and value}


def news_states(event: Event) -> list[MessageState]:
    """What became of the messages about news of the event, first to last."""
    db.session.rollback()
    wanted = select(Message.state).where(
        Message.event_id == event.id, Message.kind.startswith("event_")
    )
    return list(db.session.scalars(wanted.order_by(Message.id)))
