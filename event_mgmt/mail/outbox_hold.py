"""Holding the whole outbox back, and releasing it: for operators, such as after a restore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, insert, select, text, update

from event_mgmt.audit import service as audit
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import db, transactional
from event_mgmt.core.refusals import Refusal
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.models import Message, MessageState, OutboxHold

_NO_SYNC = {"synchronize_session": False}


class NotHeld(Refusal):
    """There is nothing to release."""

    message = _l("The outbox is not held.")


@dataclass(frozen=True)
class OutboxStatus:
    """How the outbox stands: the hold if there is one, and messages by how far they are.

    ``due`` are those of the ``waiting`` that would go out at once, ``for_newer`` those that would
    if this version knew their kind; ``in_delivery`` are in the hands of workers.
    """

    held_at: datetime | None
    reason: str
    waiting: int
    due: int
    oldest_due_at: datetime | None
    for_newer: int
    in_delivery: int


def held_since() -> datetime | None:
    """Since when the outbox is held; ``None`` while messages go out."""
    return db.session.execute(select(OutboxHold.held_at)).scalar()


def outbox_status(*, now: datetime) -> OutboxStatus:
    """How the outbox stands."""
    held = db.session.execute(select(OutboxHold.held_at, OutboxHold.reason)).one_or_none()
    is_due, is_known = Message.due_at <= now, mail_kinds().is_known
    waiting, due, oldest, for_newer = db.session.execute(
        select(
            func.count(),
            func.count().filter(is_due, is_known),
            func.min(Message.due_at).filter(is_due, is_known),
            func.count().filter(is_due, ~is_known),
        ).where(Message.state == MessageState.QUEUED)
    ).one()
    return OutboxStatus(
        held_at=held.held_at if held else None,
        reason=held.reason if held else "",
        waiting=waiting,
        due=due,
        oldest_due_at=oldest,
        for_newer=for_newer,
        in_delivery=_in_delivery(),
    )


@transactional
def hold(*, reason: str, by: Actor, now: datetime) -> int:
    """From now on no worker takes a message; one that is held already keeps its reason.

    Gives how many messages are still in the hands of workers and go out. What causes messages
    goes on writing them.
    """
    if db.engine.dialect.name == "postgresql":
        # A claim under way would not see the hold: let it end first, and the next one wait for us.
        db.session.execute(text("LOCK TABLE messages IN EXCLUSIVE MODE"))
    if held_since() is None:
        db.session.execute(insert(OutboxHold).values(id=1, held_at=now, reason=reason[:300]))
        changes = {"reason": reason} if reason else {}
        audit.record("outbox_held", by=by, now=now, subject="outbox", changes=changes)
    return _in_delivery()


@transactional
def release(*, withdraw_before: datetime | None, by: Actor, now: datetime) -> int:
    """Let messages go out again; those due before ``withdraw_before`` are withdrawn instead.

    Gives how many were withdrawn. Raises NotHeld.
    """
    if not db.session.execute(delete(OutboxHold), execution_options=_NO_SYNC).rowcount:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise NotHeld
    withdrawn = 0 if withdraw_before is None else _withdraw(withdraw_before)
    audit.record(
        "outbox_released", by=by, now=now, subject="outbox", changes={"withdrawn": withdrawn}
    )
    return withdrawn


def _withdraw(moment: datetime) -> int:
    done = db.session.execute(
        update(Message)
        .where(Message.state == MessageState.QUEUED, Message.due_at < moment)
        .values(state=MessageState.WITHDRAWN, claimed_by=None),
        execution_options=_NO_SYNC,
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _in_delivery() -> int:
    return db.session.execute(
        select(func.count()).where(Message.state == MessageState.SENDING)
    ).scalar_one()
