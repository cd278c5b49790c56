"""What became of the demo's mails: none of them may really go out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from event_mgmt.core.database import db
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.registrations.models import Registration


def deliver(now: datetime) -> None:
    """Note every mail that is due as sent."""
    due = update(Message).where(Message.state == MessageState.QUEUED, Message.due_at <= now)
    db.session.execute(
        due.values(state=MessageState.SENT, sent_at=Message.due_at, attempts=1, copies=1),
        execution_options={"synchronize_session": False},
    )


def fail_a_few() -> None:
    """Let a few of the newest mails meet what a few meet in real life."""
    newest = db.session.scalars(
        select(Message)
        .where(Message.registration_id.is_not(None), Message.state == MessageState.SENT)
        .order_by(Message.due_at.desc(), Message.id.desc())
        .limit(40)
        .execution_options(populate_existing=True)
    ).all()
    for message in newest[5::12]:
        message.state = MessageState.FAILED
        message.copies, message.sent_at = 0, None
        message.last_code, message.last_error = 550, "5.1.1 mailbox unavailable"
        registration = db.session.get_one(Registration, message.registration_id)
        registration.address_failed_at = message.due_at + timedelta(minutes=1)
    for message in newest[9:10]:
        _try_again(message)
        message.state, message.copies, message.sent_at = MessageState.UNCERTAIN, 2, None
        message.last_error = "connection lost after the message"


def _try_again(message: Message) -> None:
    """Take a message that was sent through the states that lead to another attempt."""
    for state in (MessageState.FAILED, MessageState.QUEUED, MessageState.SENDING):
        message.state = state
        db.session.flush()
