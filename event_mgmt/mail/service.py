"""What organisers do with messages: send again, take back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, update

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Missing, Stale
from event_mgmt.mail.models import NOT_GONE_OUT, Message, MessageState


@transactional
def retry(message_id: int, *, event_id: int, by: Actor, now: datetime) -> None:
    """Try a message of this event again that failed, or may not have arrived.

    Attempts begin anew. One more copy at most goes out where an earlier one may have arrived.
    Raises Missing when the event has no such message, Stale when it is neither failed nor
    uncertain (any more).
    """
    _change(
        message_id,
        event_id=event_id,
        allowed=(MessageState.FAILED, MessageState.UNCERTAIN),
        values={
            "state": MessageState.QUEUED,
            "due_at": now,
            "attempts": 0,
            "rested_seconds": 0,
            "copies": case((Message.copies > 0, 1), else_=0),
            "claimed_by": None,
            "leased_until": None,
        },
    )
    audit.record(
        "message_retried",
        by=by,
        now=now,
        subject="message",
        subject_id=message_id,
        event_id=event_id,
    )


@transactional
def withdraw(message_id: int, *, event_id: int, by: Actor, now: datetime) -> None:
    """Take back a message of this event that has not gone out.

    Raises Missing when the event has no such message, Stale when it is not waiting (any more).
    """
    _change(
        message_id,
        event_id=event_id,
        allowed=NOT_GONE_OUT,
        values={"state": MessageState.WITHDRAWN},
    )
    audit.record(
        "message_withdrawn",
        by=by,
        now=now,
        subject="message",
        subject_id=message_id,
        event_id=event_id,
    )


def _change(
    message_id: int, *, event_id: int, allowed: tuple[MessageState, ...], values: dict[str, object]
) -> None:
    """One conditional UPDATE, so that a worker that claims the message meanwhile is not undone."""
    changed = db.session.execute(
        update(Message)
        .where(Message.id == message_id, Message.event_id == event_id, Message.state.in_(allowed))
        .values(**values)
        .returning(Message.id),
        execution_options={"synchronize_session": False},
    ).scalar()
    if changed is not None:
        return
    found = db.session.get(Message, message_id)
    if found is None or found.event_id != event_id:
        raise Missing
    raise Stale
