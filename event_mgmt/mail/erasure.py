"""Erasing people from messages; that a message was written, and what became of it, stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, or_, select, update

from event_mgmt.core.database import db
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.recipients import RecipientKind


def erase_person(
    address: str,
    *,
    as_recipient: ColumnElement[bool],
    events: Select[int] | None = None,
    until: datetime | None = None,
) -> int:
    """Empty every message to ``address`` and to a person ``as_recipient``; gives how many.

    ``events`` selects the events that the messages to the address belong to (default: all, and
    those that belong to none); ``until`` leaves out messages written later.
    """
    return erase_messages(or_(as_recipient, to_person(address, events=events, until=until)))


def erase_recipients(kind: RecipientKind, ids: Sequence[int]) -> int:
    """Empty every message to these things, and let go of the links to them; gives how many.

    Before they are deleted: what links a message with a thing holds the thing back.
    """
    emptied = erase_messages(kind.names_one_of(ids))
    kind.delete_links(ids)
    return emptied


def to_person(
    address: str, *, events: Select[int] | None, until: datetime | None
) -> ColumnElement[bool]:
    """Whether a message is to ``address``, of these events (None: of any), written by ``until``."""
    to_them: list[ColumnElement[bool]] = [Message.to_address == address]
    if events is not None:
        to_them.append(Message.event_id.in_(events))
    if until is not None:
        to_them.append(Message.created_at <= until)
    return and_(*to_them)


def erase_messages(which: ColumnElement[bool]) -> int:
    """Empty these messages in the running transaction; gives how many still held something.

    What waits or failed is withdrawn: there is nobody left to write to. One that a worker has in
    its hands is taken out of them, so that nothing can be written back.
    """
    gone = db.session.execute(
        update(Message)
        .where(which, Message.to_address != "")
        .values(
            to_address="",
            to_name="",
            facts={},
            subject="",
            last_error="",
            state=case(
                (
                    Message.state.in_((MessageState.SENT, MessageState.SKIPPED)),
                    Message.state,
                ),
                else_=MessageState.WITHDRAWN,
            ),
            claimed_by=None,
            leased_until=None,
        )
        .returning(Message.id),
        execution_options={"synchronize_session": False},
    )
    return len(gone.all())


def rewrite_subjects(event_ids: Iterable[int], words: Callable[[str], str]) -> int:
    """Pass the subjects of these events' mails to staff through ``words``; gives how many changed.

    An organiser's mail to try a reminder out shows some guest's name.
    """
    found = db.session.execute(
        select(Message.id, Message.subject).where(
            Message.event_id.in_(list(event_ids)),
            Message.registration_id.is_(None),
            Message.subject != "",
        )
    ).all()
    reworded = {message_id: new for message_id, old in found if (new := words(old)) != old}
    for message_id, subject in reworded.items():
        db.session.execute(
            update(Message).where(Message.id == message_id).values(subject=subject[:300]),
            execution_options={"synchronize_session": False},
        )
    return len(reworded)


def erase_batch(which: ColumnElement[bool], *, most: int) -> int:
    """``forget`` for some of these messages; gives how many, fewer than ``most`` are the last."""
    wanted = select(Message.id).where(which, Message.to_address != "").limit(most)
    ids = list(db.session.scalars(wanted))
    return erase_messages(Message.id.in_(ids)) if ids else 0
