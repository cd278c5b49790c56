"""What messages hold of people: how it is found, and how it goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, func, select

from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.personal_data import Batch, DataSubject, Reach, Redact, Reference
from event_mgmt.mail import erasure
from event_mgmt.mail.models import Message
from event_mgmt.mail.recipients import recipient_kinds

TABLES: Final = frozenset({"messages"})


def addresses() -> Select[str]:
    """Every address that a message is kept for."""
    return select(Message.to_address).where(Message.to_address != "")


def find(subject: DataSubject, reach: Reach) -> DataSubject:
    """Whether anything was written to the subject's address: one message tells as much as all."""
    if not subject.address:
        return subject
    one = db.session.execute(
        select(Message.id, Message.event_id)
        .where(erasure.to_person(subject.address, events=reach.events, until=reach.until))
        .limit(1)
    ).all()
    return subject.with_more(Reference("message", row.id, None) for row in one)


def erase(subject: DataSubject, reach: Reach, _by: Actor, _now: datetime) -> Mapping[str, int]:
    """Empty what was written to the subject, at events or beside them."""
    mails = erasure.erase_person(
        subject.address,
        as_recipient=recipient_kinds().names_one_of(subject.ids),
        events=reach.events,
        until=reach.until,
    )
    return {"mails": mails}


def redact(subject: DataSubject, _reach: Reach, redacted: Redact) -> int:
    """Take the subject out of mails to staff: one to try a reminder out shows a guest's name."""
    return erasure.rewrite_subjects(subject.event_ids, redacted) if subject.address else 0


def erase_rest(event_id: int, most: int) -> Batch:
    """Empty mails of an event that are about no registration, such as those to partners."""
    mails = erasure.erase_batch(Message.event_id == event_id, most=most)
    return Batch({"mails": mails}, is_last=mails < most)


def count_holdings(event_ids: Collection[int]) -> Mapping[str, Mapping[int, int]]:
    """How many mails of each of these events still say to whom they went."""
    counted = (
        select(Message.event_id, func.count())
        .where(Message.event_id.in_(event_ids), Message.to_address != "")
        .group_by(Message.event_id)
    )
    return {
        "mails": {event_id: count for event_id, count in db.session.execute(counted) if event_id}
    }


def count_eventless(until: datetime) -> int:
    """How many mails that belong to no event were written by ``until``."""
    counted = select(func.count()).select_from(Message).where(_eventless(until))
    return db.session.execute(counted).scalar_one()


def erase_eventless(until: datetime) -> int:
    """Empty them: invitations to a team, new passwords."""
    return erasure.erase_messages(_eventless(until))


def _eventless(until: datetime) -> ColumnElement[bool]:
    return and_(Message.event_id.is_(None), Message.created_at <= until, Message.to_address != "")
