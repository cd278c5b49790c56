"""The organiser's questions of an event."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from event_mgmt.core.database import db
from event_mgmt.events.models import Question


def active_questions(event_id: int) -> Sequence[Question]:
    """The questions that an event asks at present, in their order."""
    return db.session.scalars(
        select(Question)
        .where(Question.event_id == event_id, Question.retired_at.is_(None))
        .order_by(Question.position, Question.id)
    ).all()


def all_questions(event_id: int) -> Sequence[Question]:
    """The event's questions in their order, retired ones too: their answers are still there."""
    return db.session.scalars(
        select(Question)
        .where(Question.event_id == event_id)
        .order_by(Question.position, Question.id)
    ).all()
