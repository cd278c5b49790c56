"""The delivery's own short transactions: take messages, and write down what became of them.

A claim counts the copy that is about to be made, durably, before any of the batch is offered to
the relay; a definite answer takes it back. So a worker that dies between the final dot and its
answer leads to a second copy at most, wherever it was killed. The price of one commit for a whole
batch: messages that were claimed and never offered look as if they might have arrived. Therefore
a message whose copy is in doubt travels alone: when its worker dies too, no innocent message is
parked with it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from blinker import Signal
from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from event_mgmt.core.database import db, table_of, transactional
from event_mgmt.core.errors import error_location
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.models import Message, MessageState, OutboxHold
from event_mgmt.mail.rules import COPIES, LEASE_SECONDS, NextState
from event_mgmt.mail.signals import accepted, perhaps_arrived, refused_for_good

log = structlog.get_logger()

_NO_SYNC = {"synchronize_session": False}
_NOT_HELD = ~exists().where(OutboxHold.id == 1)


@dataclass(frozen=True)
class ClaimRequest:
    """What a worker asks for: at most ``limit`` due messages under its ``token``.

    ``newcomers_first``: those that were never tried before those that were, while the relay keeps
    the worker waiting about some of them.
    """

    token: str
    limit: int
    newcomers_first: bool = False


@dataclass(frozen=True)
class DeliveryResult:
    """What became of one claimed message, as it is to be written down.

    ``due_at`` is the next try's time; None leaves it as it is. The uncounted copies and attempts
    are those that the claim counted and that did not come about; ``rested`` is how much longer the
    message is kept back without having been offered.
    """

    message_id: int
    token: str
    state: NextState
    due_at: datetime | None
    uncounted_copies: int
    uncounted_attempts: int
    rested: timedelta
    subject: str
    code: int | None
    words: str
    refused_for_good: bool
    receipt: Hashable | None = field(default=None, compare=False)

    @property
    def is_in_doubt(self) -> bool:
        """Whether nobody knows if this attempt's copy arrived."""
        return self.state is not NextState.SENT and not self.uncounted_copies


@dataclass(frozen=True)
class QueueStatus:
    """Whether there is anything to do at all."""

    due: bool
    stranded: bool


def _is_stranded(now: datetime) -> ColumnElement[bool]:
    """Claims whose lease is over, or ends later than any can: it was taken by a wrong clock."""
    last_end = now + timedelta(seconds=2 * LEASE_SECONDS)
    return and_(
        Message.state == MessageState.SENDING,
        or_(Message.leased_until < now, Message.leased_until > last_end),
    )


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What this version may take; what a newer one has written for its own kinds waits for it."""
    is_queued = Message.state == MessageState.QUEUED
    return is_queued, Message.due_at <= now, _NOT_HELD, mail_kinds().is_known


def queue_status(now: datetime) -> QueueStatus:
    """A glance, without any lock, that an idle worker can afford every second."""
    row = db.session.execute(
        select(
            exists().where(*_is_due(now)),
            exists().where(_is_stranded(now)),
        )
    ).one()
    db.session.rollback()
    return QueueStatus(due=row[0], stranded=row[1])


@transactional
def release_stranded(now: datetime) -> int:
    """Give back what dead workers held, however old it is; gives how many messages that were.

    ``claimed_by`` stays, so that a worker that was only slow can still write down its result.
    """
    freed = db.session.execute(
        update(Message)
        .where(_is_stranded(now))
        .values(
            state=case(
                (Message.copies >= COPIES, MessageState.UNCERTAIN), else_=MessageState.QUEUED
            ),
            leased_until=None,
        )
        .returning(Message.id),
        execution_options=_NO_SYNC,
    )
    ids = [message_id for (message_id,) in freed]
    if ids:
        _signal(perhaps_arrived, message_ids=ids, now=now)
    return len(ids)


@transactional
def settle_and_claim(
    results: Sequence[DeliveryResult], claim: ClaimRequest | None, *, now: datetime
) -> list[Message]:
    """Write down ``results`` and claim what is due next, in one commit.

    Gives the claimed messages in the order in which they came due; none without a ``claim``.
    """
    _settle(results, now=now)
    return [] if claim is None else _claim(claim, now=now)


def _claim(claim: ClaimRequest, *, now: datetime) -> list[Message]:
    wanted = (
        select(Message.id, Message.copies)
        .where(*_is_due(now))
        .order_by(Message.due_at, Message.id)
        .limit(claim.limit)
        .with_for_update(skip_locked=True)
    )
    newcomers = wanted.where(Message.attempts == 0, Message.rested_seconds == 0)
    due = db.session.execute(newcomers if claim.newcomers_first else wanted).all()
    if claim.newcomers_first and not due:
        due = db.session.execute(wanted).all()
    ids: list[int] = []
    for message_id, copies in due:
        if copies and ids:
            break
        ids.append(message_id)
        if copies:
            break
    if not ids:
        return []
    taken = db.session.scalars(
        update(Message)
        .where(Message.id.in_(ids))
        .values(
            state=MessageState.SENDING,
            claimed_by=claim.token,
            leased_until=now + timedelta(seconds=LEASE_SECONDS),
            copies=Message.copies + 1,
            attempts=Message.attempts + 1,
        )
        .returning(Message),
        execution_options={**_NO_SYNC, "populate_existing": True},
    ).all()
    return sorted(taken, key=lambda message: (message.due_at, message.id))


_table: Final = table_of(Message)
_SETTLE = (
    update(_table)
    .where(
        _table.c.id.in_(bindparam("of_ids", expanding=True)),
        _table.c.claimed_by == bindparam("of_token"),
        or_(  # still on its way; freed meanwhile and not claimed anew; or withdrawn meanwhile
            _table.c.state == MessageState.SENDING,
            _table.c.state == MessageState.QUEUED,
            _table.c.state == MessageState.UNCERTAIN,
            _table.c.state == MessageState.WITHDRAWN,
        ),
    )
    .values(
        state=case(
            (
                and_(
                    _table.c.state == MessageState.WITHDRAWN,
                    bindparam("new_state", type_=_table.c.state.type) != MessageState.SENT,
                ),
                MessageState.WITHDRAWN,
            ),
            else_=bindparam("new_state", type_=_table.c.state.type),
        ),
        due_at=func.coalesce(bindparam("new_due_at", type_=_table.c.due_at.type), _table.c.due_at),
        sent_at=bindparam("new_sent_at"),
        subject=bindparam("new_subject"),
        last_code=bindparam("new_code"),
        last_error=bindparam("new_error"),
        copies=_table.c.copies - bindparam("fewer_copies"),
        attempts=_table.c.attempts - bindparam("fewer_attempts"),
        rested_seconds=_table.c.rested_seconds + bindparam("more_rest"),
        leased_until=None,
        claimed_by=None,  # so that a result that is written twice counts once
    )
)


def _settle(results: Sequence[DeliveryResult], *, now: datetime) -> None:
    """Most of a batch came to the same: one statement for all of whom the same is written down."""
    alike: dict[DeliveryResult, list[int]] = {}
    for result in results:
        if result.refused_for_good:
            _settle_refusal(result, now=now)
        else:
            alike.setdefault(replace(result, message_id=0), []).append(result.message_id)
    for result, ids in alike.items():
        db.session.connection().execute(_SETTLE, {"of_ids": ids, **_values(result, now)})
    _signal_arrivals(results, now=now)


def _signal_arrivals(results: Sequence[DeliveryResult], *, now: datetime) -> None:
    """Let rooms remember what their letters said, in the same commit."""
    receipts: dict[Hashable, list[int]] = {}
    for result in results:
        if result.state is NextState.SENT and result.receipt is not None:
            receipts.setdefault(result.receipt, []).append(result.message_id)
    if receipts:
        _signal(accepted, receipts=receipts, now=now)
    if doubtful := [result.message_id for result in results if result.is_in_doubt]:
        _signal(perhaps_arrived, message_ids=doubtful, now=now)


def _settle_refusal(result: DeliveryResult, *, now: datetime) -> None:
    of_one = {"of_ids": [result.message_id], **_values(result, now)}
    noted = db.session.connection().execute(_SETTLE, of_one)
    if not noted.rowcount:
        return
    message = db.session.get_one(Message, result.message_id, populate_existing=True)
    _signal(refused_for_good, message=message, now=now)


def _signal(signal: Signal, **facts: Any) -> None:
    """Tell the rooms above; a fault of theirs must not undo what the relay answered."""
    try:
        with db.session.begin_nested():
            signal.send(None, **facts)
    except Exception as error:  # noqa: BLE001 - what was delivered is, whatever a subscriber does
        log.error(  # noqa: TRY400 - the error's own words may be about a person
            "subscriber_failed", error=type(error).__name__, where=error_location(error)
        )


def _values(result: DeliveryResult, now: datetime) -> dict[str, object]:
    return {
        "of_token": result.token,
        "new_state": MessageState(result.state.value),
        "new_due_at": result.due_at,
        "new_sent_at": now if result.state is NextState.SENT else None,
        "new_subject": result.subject[:300],
        "new_code": result.code,
        "new_error": result.words[:500],
        "fewer_copies": result.uncounted_copies,
        "fewer_attempts": result.uncounted_attempts,
        "more_rest": int(result.rested.total_seconds()),
    }
