"""Believing what came back, or not: each mail once, in one transaction with its consequences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import structlog
from sqlalchemy import delete, exists, or_, select, update

from event_mgmt.core.database import db, transactional
from event_mgmt.core.errors import error_location
from event_mgmt.mail.bounces import codes, reports, rules
from event_mgmt.mail.bounces.models import HandledBounce, MailboxLease
from event_mgmt.mail.bounces.reports import BounceReport
from event_mgmt.mail.bounces.rules import BounceAssessment, BounceSeverity
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.signals import came_back, refused_for_good

log = structlog.get_logger()

LEASE: Final = timedelta(minutes=5)
"""Longer than any look at the mailbox may take."""

_NO_SYNC = {"synchronize_session": False}
_HANDLED_FOR: Final = timedelta(days=60)  # longer than any report is believed
_GONE_OUT: Final = (MessageState.SENT, MessageState.UNCERTAIN)


class BounceOutcome(StrEnum):
    """What became of one mail of the mailbox."""

    MARKED = "marked"  # a message came back; it goes
    READ = "read"  # it changes nothing, and goes
    LEFT = "left"  # nothing of ours: a human being may have written it
    LATER = "later"  # its message is still in the hands of a worker


@dataclass(frozen=True)
class MailPosition:
    """One mail: the mailbox, the validity of its numbers, its number."""

    mark: str
    validity: int
    uid: int


@dataclass(frozen=True)
class Bounce:
    """What was read of one mail; ``codes`` with the message id that each one states."""

    codes: dict[str, int]
    report: BounceReport | None
    is_automatic: bool


@transactional
def take_lease(mark: str, holder: str, *, is_urgent: bool, now: datetime) -> bool:
    """Take the mailbox for a look; false while somebody else has it, or when it is too early."""
    if db.session.get(MailboxLease, mark) is None:
        db.session.add(MailboxLease(mark=mark, next_look_at=now))
        db.session.flush()
    is_free = or_(
        MailboxLease.held_by.is_(None),
        MailboxLease.held_until < now,
        MailboxLease.held_until > now + 2 * LEASE,  # taken by a wrong clock
    )
    wanted = update(MailboxLease).where(MailboxLease.mark == mark, is_free)
    if not is_urgent:
        is_astray = MailboxLease.next_look_at > now + timedelta(hours=1)
        wanted = wanted.where(or_(MailboxLease.next_look_at <= now, is_astray))
    taken = db.session.execute(
        wanted.values(held_by=holder, held_until=now + LEASE), execution_options=_NO_SYNC
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


@transactional
def release_lease(
    mark: str, holder: str, *, fault: str, next_look_at: datetime, now: datetime
) -> None:
    """End a look; ``fault`` is empty after one that went to the end."""
    values: dict[str, object] = {"held_by": None, "held_until": None, "fault": fault[:500]}
    if not fault:
        values["looked_at"] = now
    db.session.execute(
        update(MailboxLease)
        .where(MailboxLease.mark == mark, MailboxLease.held_by == holder)
        .values(**values, next_look_at=next_look_at),
        execution_options=_NO_SYNC,
    )
    db.session.execute(
        delete(HandledBounce).where(HandledBounce.handled_at < now - _HANDLED_FOR),
        execution_options=_NO_SYNC,
    )


def handled(mark: str, validity: int, uids: Sequence[int]) -> dict[int, bool]:
    """Which of these mails were dealt with, and whether each of them is to be left there."""
    found = db.session.execute(
        select(HandledBounce.uid, HandledBounce.is_left).where(
            HandledBounce.mark == mark,
            HandledBounce.validity == validity,
            HandledBounce.uid.in_(uids),
        )
    ).all()
    db.session.rollback()
    return {row.uid: row.is_left for row in found}


@transactional
def handle(place: MailPosition, bounce: Bounce, *, secret_key: str, now: datetime) -> BounceOutcome:
    """Do what one mail asks for, and note that it was dealt with: both, or neither.

    Whoever comes second, or again after a kill, changes nothing and hears READ.
    """
    if _is_handled(place):
        return BounceOutcome.READ
    outcome = _apply(bounce, secret_key=secret_key, now=now)
    if outcome is not BounceOutcome.LATER:
        db.session.add(
            HandledBounce(
                mark=place.mark,
                validity=place.validity,
                uid=place.uid,
                handled_at=now,
                is_left=outcome is BounceOutcome.LEFT,
            )
        )
        db.session.flush()
    return outcome


def _is_handled(place: MailPosition) -> bool:
    return bool(
        db.session.execute(
            select(
                exists().where(
                    HandledBounce.mark == place.mark,
                    HandledBounce.validity == place.validity,
                    HandledBounce.uid == place.uid,
                )
            )
        ).scalar()
    )


def _apply(bounce: Bounce, *, secret_key: str, now: datetime) -> BounceOutcome:
    message = _message_of(bounce.codes, secret_key)
    if message is None:
        return BounceOutcome.READ if bounce.is_automatic else BounceOutcome.LEFT
    if bounce.report is None:
        return BounceOutcome.READ  # sent to a return path of ours: an absence, or worse
    if _is_in_hand(message):
        return BounceOutcome.LATER
    gone_out_at = message.sent_at or message.due_at
    if message.state not in _GONE_OUT or gone_out_at < now - rules.REPORTS_COUNT_FOR:
        return BounceOutcome.READ
    judged = _assessed(bounce.report, message.to_address)
    if judged.severity is BounceSeverity.NOTHING:
        return BounceOutcome.READ
    _mark(message, judged, now=now)
    return BounceOutcome.MARKED


def _message_of(stated: dict[str, int], secret_key: str) -> Message | None:
    """The message that a true code belongs to, locked until the end of the transaction."""
    for code, message_id in stated.items():
        found = db.session.execute(
            select(Message)
            .where(Message.id == message_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).scalar_one_or_none()
        if found is not None and codes.is_code_of(code, found, secret_key):
            return found
    return None


def _is_in_hand(message: Message) -> bool:
    """Whether it may have gone out, and what became of it is not yet written down."""
    is_tried_again = message.state is MessageState.QUEUED and message.attempts > 0
    return message.state is MessageState.SENDING or (is_tried_again and message.copies > 0)


def _assessed(report: BounceReport, address: str) -> BounceAssessment:
    """The worst that the report says of this very address."""
    ours = reports.normalized(address)
    fates: Iterable[BounceAssessment] = (
        rules.assess(action=one.action, status=one.status, diagnostic=one.diagnostic)
        for one in report.recipients
        if ours in one.addresses
    )
    order = [BounceSeverity.HARD, BounceSeverity.SOFT, BounceSeverity.NOTHING]
    return min(
        fates,
        key=lambda one: order.index(one.severity),
        default=BounceAssessment(BounceSeverity.NOTHING),
    )


def _mark(message: Message, judged: BounceAssessment, *, now: datetime) -> None:
    """As after a refusal by the relay; an address that is dead is told to the rooms above."""
    message.state = MessageState.FAILED
    message.sent_at = None
    message.last_code = judged.code
    message.last_error = f"{judged.status} {judged.diagnostic}".strip()[:500]
    db.session.flush()
    is_hard = judged.severity is BounceSeverity.HARD
    log.warning(
        "message_came_back",
        message_id=message.id,
        kind=message.kind,
        status=judged.status,
        is_hard=is_hard,
    )
    try:
        with db.session.begin_nested():
            came_back.send(message.kind, message=message, now=now)
            if is_hard:
                refused_for_good.send(message.kind, message=message, now=now)
    except Exception as error:  # noqa: BLE001 - the mailbox is read on whatever a subscriber does
        log.error(  # noqa: TRY400 - the error's own words may be about a person
            "subscriber_failed", error=type(error).__name__, where=error_location(error)
        )
