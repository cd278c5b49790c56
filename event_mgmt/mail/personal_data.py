"""What messages hold of people: how it is found, and how it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Select, select

from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db
from event_mgmt.core.personal_data import Batch, DataSubject, Reach, Reference
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


def redact(subject: DataSubject, _reach: Reach, words: Callable[[object], object]) -> int:
    """Take the subject out of mails to staff: one to try a reminder out shows a guest's name."""
    return erasure.rewrite_subjects(subject.event_ids, words) if subject.address else 0


def erase_rest(event_id: int, most: int) -> Batch:
    """Empty mails of an event that are about no registration, such as those to partners."""
    mails = erasure.erase_batch(Message.event_id == event_id, most=most)
    return Batch({"mails": mails}, is_last=mails < most)
