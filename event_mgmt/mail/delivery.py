"""Carrying what is due to the relay: claim, write the letters, hand them over, note the answers.

See queue.py for what is durable when. Nothing is sent inside a transaction; each letter is
written from what the database says at that moment, and goes out only if that still holds and its
recipient wants it when its turn comes (freshness.py). How much of a failing relay is left alone:
relay_health.py.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from event_mgmt.core.database import db
from event_mgmt.core.errors import error_location
from event_mgmt.mail import queue, rules
from event_mgmt.mail.freshness import FreshnessCheck
from event_mgmt.mail.html_rendering import in_locale
from event_mgmt.mail.kinds import mail_kinds
from event_mgmt.mail.letters import NotNeeded, WaitForOther
from event_mgmt.mail.mime_rendering import compose_mail
from event_mgmt.mail.models import Message
from event_mgmt.mail.queue import ClaimRequest, DeliveryResult
from event_mgmt.mail.relay_health import RelayHealth
from event_mgmt.mail.rules import AttemptResult, NextState
from event_mgmt.mail.transports import (
    OutgoingMail,
    RelayReply,
    ServerUnreachable,
    Transport,
    transport_for,
)
from event_mgmt.settings import Settings

log = structlog.get_logger()

_MARGIN_SECONDS = 5.0
_FIRST_BATCH = 8
_RESTING = "the relay ended the last conversations about this domain; it is tried again later"


@dataclass(frozen=True)
class DeliveryReport:
    """How many messages came to what; ``is_relay_away`` when some had to be left waiting."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    uncertain: int = 0
    skipped: int = 0
    is_relay_away: bool = False

    @property
    def total(self) -> int:
        """How many messages got an answer."""
        return self.sent + self.deferred + self.failed + self.uncertain + self.skipped


@dataclass(frozen=True)
class _PreparedMessage:
    """A claimed message with what will be handed over, or why there is nothing to hand over."""

    message_id: int
    token: str
    attempts: int
    copies: int
    rested: timedelta
    kind: str
    subject: str = ""
    outgoing: OutgoingMail | None = None
    receipt: Hashable | None = None
    answer: RelayReply | None = None


class Deliverer:
    """One worker's delivery: a kept connection, and the answers that are not written down yet."""

    def __init__(
        self, transport: Transport, *, wants_to_stop: Callable[[], bool] = lambda: False
    ) -> None:
        self._transport = transport
        self._wants_to_stop = wants_to_stop
        self._token = f"{socket.gethostname()[:40]}/{os.getpid()}/{secrets.token_hex(6)}"
        self._unwritten: list[DeliveryResult] = []
        self._batch = _FIRST_BATCH
        self._counts: dict[str, int] = {}
        self._is_relay_away = False
        self._health = RelayHealth()
        self._lease_ends = 0.0
        self._is_due_again = False

    def deliver_due(self, now: datetime, *, limit: int | None = None) -> DeliveryReport:
        """Deliver what is due at ``now`` (and comes due meanwhile), at most ``limit`` messages.

        Raises what the database raises; answers that could not be written down are kept and
        written first next time.
        """
        started = time.monotonic()
        self._counts, self._is_relay_away = {}, False
        claimed = 0

        def moment() -> datetime:
            return now + timedelta(seconds=time.monotonic() - started)

        if queue.queue_status(now).stranded:
            log.warning("claims_freed", messages=queue.release_stranded(now))
        while not self._is_relay_away and not self._wants_to_stop():
            size = self._batch if limit is None else min(self._batch, limit - claimed)
            batch = self._claim(size, moment)
            if not batch:
                break
            claimed += len(batch)
            self._deliver(batch, moment)
        self._write_down(moment())
        return DeliveryReport(**self._counts, is_relay_away=self._is_relay_away)

    def rest(self) -> None:
        """Let go of the connection: nothing will be sent for a while."""
        self._transport.close()

    def _claim(self, size: int, moment: Callable[[], datetime]) -> list[Message]:
        if self._is_due_again:  # a message that waits for what is written down with this
            self._write_down(moment())
            self._is_due_again = False
        if size <= 0 or not queue.queue_status(moment()).due:
            return []
        try:
            self._transport.open()
        except ServerUnreachable as error:
            self._note_absence(str(error))
            return []
        # Connecting may have taken its time: the lease begins now, and so does what we make of it.
        self._lease_ends = time.monotonic() + rules.LEASE_SECONDS - _MARGIN_SECONDS
        now = moment()
        claim = ClaimRequest(self._token, size, newcomers_first=self._health.has_trouble(now=now))
        claimed = queue.settle_and_claim(self._unwritten, claim, now=now)
        self._unwritten = []
        return claimed

    def _write_down(self, now: datetime) -> None:
        if self._unwritten:
            queue.settle_and_claim(self._unwritten, None, now=now)
            self._unwritten = []

    def _deliver(self, batch: list[Message], moment: Callable[[], datetime]) -> None:
        began = time.monotonic()
        check = FreshnessCheck(self._token)
        sent = 0
        try:
            for item in self._prepare(batch, check, moment()):
                answer = item.answer or self._hand_over(item, check, moment)
                sent += item.answer is None and answer.verdict is AttemptResult.ACCEPTED
                self._note(item, answer, moment())
        finally:
            check.end()
        self._batch = rules.next_batch(sent, time.monotonic() - began)

    def _hand_over(
        self, item: _PreparedMessage, check: FreshnessCheck, moment: Callable[[], datetime]
    ) -> RelayReply:
        assert item.outgoing is not None
        has_time = time.monotonic() + rules.DEADLINE_SECONDS <= self._lease_ends
        if self._is_relay_away or self._wants_to_stop() or not has_time:
            return RelayReply(AttemptResult.UNTOUCHED)
        if not check.is_fresh(item.message_id):
            return RelayReply(AttemptResult.UNTOUCHED)  # it waits again, and is written anew
        recipient = item.outgoing.recipient
        may_rest = rules.may_rest(item.attempts - 1, rested=item.rested)
        if may_rest and self._health.is_resting(recipient, now=moment()):
            return RelayReply(AttemptResult.RESTING, words=_RESTING)
        answer = self._transport.send(item.outgoing)
        if answer.verdict is AttemptResult.UNTOUCHED:
            self._note_absence(_loggable(answer))
        elif not answer.is_cut:
            self._health.answered(recipient)
        elif self._health.cut(recipient, now=moment()):
            self._note_absence(_loggable(answer))
        return answer

    def _prepare(
        self, batch: list[Message], check: FreshnessCheck, now: datetime
    ) -> list[_PreparedMessage]:
        """Write all letters of a batch that their recipients want, then let go of the database."""
        try:
            check.take_stamps([message.id for message in batch])
            refusals = check.refusals()
            kept = mail_kinds().read_ahead([each for each in batch if each.id not in refusals])
            prepared = [self._written(each, refusals.get(each.id), now) for each in batch]
            del kept
        except SQLAlchemyError:
            self._unwritten = [
                self._result(_blank(message), RelayReply(AttemptResult.UNTOUCHED), now)
                for message in batch
            ]
            raise
        finally:
            db.session.rollback()
        return prepared

    def _written(self, message: Message, refusal: str | None, now: datetime) -> _PreparedMessage:
        blank = _blank(message)
        if refusal is not None:
            return _answered(blank, AttemptResult.POINTLESS, f"recipient: {refusal}")
        try:
            with in_locale(message.locale):
                letter = mail_kinds().write(message)
            outgoing, subject = compose_mail(letter, message, now=now)
        except SQLAlchemyError:
            raise
        except NotNeeded:
            return _answered(blank, AttemptResult.POINTLESS)
        except WaitForOther as other:
            if other.holder != self._token:
                return _answered(blank, AttemptResult.WAITING)
            self._is_due_again = True  # what comes of the other one is known after this batch
            return _answered(blank, AttemptResult.UNTOUCHED)
        except Exception as error:  # noqa: BLE001 - one letter's fault must not stop the others
            _log_unwritable(message, error)
            return _answered(blank, AttemptResult.UNWRITABLE, f"letter: {type(error).__name__}")
        written = {"subject": subject, "outgoing": outgoing, "receipt": letter.receipt}
        return _PreparedMessage(**{**vars(blank), **written})

    def _note(self, item: _PreparedMessage, answer: RelayReply, now: datetime) -> None:
        result = self._result(item, answer, now)
        self._unwritten.append(result)
        counted = {
            NextState.SENT: "sent",
            NextState.QUEUED: "deferred",
            NextState.FAILED: "failed",
            NextState.UNCERTAIN: "uncertain",
            NextState.SKIPPED: "skipped",
        }[result.state]
        if answer.verdict in {AttemptResult.UNTOUCHED, AttemptResult.WAITING}:
            return
        self._counts[counted] = self._counts.get(counted, 0) + 1
        if result.state in {NextState.FAILED, NextState.UNCERTAIN}:
            log.warning(
                f"message_{counted}",  # noqa: G004 - the log's events are words, not sentences
                message_id=item.message_id,
                kind=item.kind,
                code=answer.code,
            )

    def _result(self, item: _PreparedMessage, answer: RelayReply, now: datetime) -> DeliveryResult:
        outcome = rules.outcome(
            answer.verdict, attempts=item.attempts, copies=item.copies, rested=item.rested
        )
        return DeliveryResult(
            message_id=item.message_id,
            token=item.token,
            state=outcome.state,
            due_at=now + outcome.wait if outcome.wait else None,
            uncounted_copies=0 if outcome.may_have_arrived else 1,
            uncounted_attempts=0 if outcome.is_attempt else 1,
            rested=outcome.rested,
            subject=item.subject,
            code=answer.code,
            words="" if outcome.state is NextState.SENT else answer.words,
            refused_for_good=answer.verdict is AttemptResult.REFUSED
            and rules.is_dead_address_reply(
                answer.code, answer.words, is_about_recipient=answer.is_about_recipient
            ),
            receipt=item.receipt,
        )

    def _note_absence(self, words: str) -> None:
        self._is_relay_away = True
        log.error("relay_away", reason=words)


def _loggable(answer: RelayReply) -> str:
    """Why a relay is left alone; its words about a message are left out: they quote its reader."""
    if answer.verdict is AttemptResult.UNTOUCHED or answer.code is None:
        return answer.words
    return f"it answered {answer.code} and ended the conversation"


def deliver_due(now: datetime, limit: int | None = None) -> DeliveryReport:
    """Deliver what is due at ``now`` with a deliverer of its own, and hang up."""
    settings: Settings = current_app.extensions["settings"]
    deliverer = Deliverer(transport_for(settings.mail))
    try:
        return deliverer.deliver_due(now, limit=limit)
    finally:
        deliverer.rest()


def _blank(message: Message) -> _PreparedMessage:
    return _PreparedMessage(
        message_id=message.id,
        token=message.claimed_by or "",
        attempts=message.attempts,
        copies=message.copies,
        rested=timedelta(seconds=message.rested_seconds),
        kind=message.kind,
        subject=message.subject,
    )


def _answered(blank: _PreparedMessage, verdict: AttemptResult, words: str = "") -> _PreparedMessage:
    return _PreparedMessage(**{**vars(blank), "answer": RelayReply(verdict, words=words)})


def _log_unwritable(message: Message, error: Exception) -> None:
    log.error(
        "letter_unwritable",
        message_id=message.id,
        kind=message.kind,
        error=type(error).__name__,
        where=error_location(error),
    )
