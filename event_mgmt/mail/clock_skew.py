"""Bringing back what a wrong clock sent into the future."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from event_mgmt.core.database import db, transactional
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.rules import CLOCKS_DIFFER, LONGEST_WAIT

log = structlog.get_logger()

_AT_ONCE = 500
_WAS_PUT_OFF = or_(Message.attempts > 0, Message.rested_seconds > 0)


def correct_future_due_times(now: datetime) -> None:
    """Background job: a message that waits because of a clock that was ahead waits no longer.

    Such is one that was written in the future, and one whose next try is further off than any wait
    between two tries. What is meant to go out later was written before ``now``, and stays.
    """
    if db.session.execute(select(exists().where(_is_too_far_ahead(now)))).scalar():
        log.warning("due_times_corrected", messages=_correct_due_times(now))


def _is_too_far_ahead(now: datetime) -> ColumnElement[bool]:
    return and_(
        Message.state == MessageState.QUEUED,
        Message.due_at > now + CLOCKS_DIFFER,
        or_(
            Message.created_at > now + CLOCKS_DIFFER,
            and_(_WAS_PUT_OFF, Message.due_at > now + LONGEST_WAIT + CLOCKS_DIFFER),
        ),
    )


@transactional
def _correct_due_times(now: datetime) -> int:
    """As long after ``now`` as they were meant to wait after they were written, in their order."""
    astray = db.session.execute(
        select(Message.id, Message.created_at, Message.due_at, _WAS_PUT_OFF.label("was_put_off"))
        .where(_is_too_far_ahead(now))
        .order_by(Message.due_at, Message.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for row in astray:
        meant = now if row.was_put_off else now + max(row.due_at - row.created_at, timedelta())
        db.session.execute(
            update(Message)
            .where(Message.id == row.id)
            .values(due_at=meant, created_at=min(row.created_at, now)),
            execution_options={"synchronize_session": False},
        )
    return len(astray)
