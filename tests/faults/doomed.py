"""A worker that is killed (by SIGKILL, which asks nobody), or stopped, at a given point."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import event, select

from event_mgmt.core.database import db
from event_mgmt.mail import freshness, queue, rules
from event_mgmt.mail.delivery import Deliverer, deliver_due
from event_mgmt.mail.models import Message, MessageState
from event_mgmt.mail.queue import ClaimRequest, DeliveryResult
from event_mgmt.mail.smtp import SmtpTransport, _Client
from tests.applications import an_application
from tests.mail import samples  # noqa: F401 - its notice writes the messages' letters

_DOT = b".\r\n"


@dataclass(frozen=True)
class Order:
    """Deliver at ``now``, and be killed when ``phase`` is reached for the ``occurrence``-th time.

    ``signal``: SIGSTOP lets it stand still there instead, until somebody sends SIGCONT. ``deadline``
    is how many seconds one message may take.
    """

    phase: str
    occurrence: int
    control: str
    now: datetime
    instance: str
    database_url: str
    mail_url: str
    signal: int = signal.SIGKILL
    deadline: float = rules.DEADLINE_SECONDS


def _around(
    owner: Any, name: str, *, before: Callable[..., None] | None = None, after: Any = None
) -> None:
    real = getattr(owner, name)

    def wrapped(*args: Any, **named: Any) -> Any:
        if before is not None:
            before(*args, **named)
        result = real(*args, **named)
        if after is not None:
            after(result)
        return result

    setattr(owner, name, wrapped)


def before_claim(reached: Callable[[], None]) -> None:
    """Nothing has been taken from the outbox."""
    _around(queue, "settle_and_claim", before=lambda *_args, **_named: reached())


def amid_claim(reached: Callable[[], None]) -> None:
    """The claim's statements have run, and its commit has not."""
    _before_commit_of("_claim", reached)


def claimed(reached: Callable[[], None]) -> None:
    """The claim is committed; no letter is written."""
    _around(queue, "settle_and_claim", after=lambda batch: batch and reached())


def prepared(reached: Callable[[], None]) -> None:
    """The letters are written; none is offered to the relay."""
    _around(Deliverer, "_prepare", after=lambda _letters: reached())


def before_dot(reached: Callable[[], None]) -> None:
    """The relay has read a whole letter, and not the dot that makes it its own."""
    real = _Client.send

    def send(client: _Client, said: Any) -> None:
        if _ends_a_letter(said):
            real(client, said[: -len(_DOT)])
            reached()
            said = _DOT
        real(client, said)

    _Client.send = send


def after_dot(reached: Callable[[], None]) -> None:
    """The dot is on its way; the relay's answer is unread."""
    real = _Client.send

    def send(client: _Client, said: Any) -> None:
        real(client, said)
        if _ends_a_letter(said):
            reached()

    _Client.send = send


def answered(reached: Callable[[], None]) -> None:
    """The relay has said that it took the letter; only this process knows."""
    _around(SmtpTransport, "send", after=lambda _answer: reached())


def before_result(reached: Callable[[], None]) -> None:
    """The results of a batch are written down, and not committed."""
    _before_commit_of("_settle", reached)


def never(_reached: Callable[[], None]) -> None:
    """A worker that lives."""


def _ends_a_letter(said: Any) -> bool:
    return isinstance(said, bytes) and said.endswith(b"\r\n" + _DOT)


def _before_commit_of(step: str, reached: Callable[[], None]) -> None:
    """Call ``reached`` at the commit of a transaction in which ``step`` did something."""
    is_done = False

    def note(*args: Any, **_named: Any) -> None:
        nonlocal is_done
        is_done = is_done or step == "_claim" or bool(args[0])

    _around(queue, step, before=note)
    event.listen(db.session, "before_commit", lambda _session: is_done and reached())


PHASES = {
    phase.__name__: phase
    for phase in (
        before_claim,
        amid_claim,
        claimed,
        prepared,
        before_dot,
        after_dot,
        answered,
        before_result,
        never,
    )
}


def without_claim() -> None:
    """The control: take what is due by reading it only, as two innocent loops would."""

    def take(claim: ClaimRequest, *, now: datetime) -> list[Message]:
        messages = db.session.scalars(
            select(Message)
            .where(Message.state == MessageState.QUEUED, Message.due_at <= now)
            .order_by(Message.due_at, Message.id)
            .limit(claim.limit)
        ).all()
        return list(messages)

    def settle(results: Sequence[DeliveryResult], *, now: datetime) -> None:
        for result in results:
            db.session.get_one(Message, result.message_id).state = MessageState.SENT

    queue._claim, queue._settle = take, settle
    freshness.FreshnessCheck.is_fresh = lambda _look, _id: True


def without_count() -> None:
    """The control: claim, and do not count the copy that is about to be made."""
    real = queue._claim

    def take(claim: ClaimRequest, *, now: datetime) -> list[Message]:
        batch = real(claim, now=now)
        for message in batch:
            message.copies = 0
        return batch

    queue._claim = take


CONTROLS = {"": lambda: None, "without_claim": without_claim, "without_count": without_count}


def work(order: Order, line: Connection) -> None:
    """Say "ready", wait for a word, deliver what is due, and tell how many were sent."""
    app = an_application(
        INSTANCE_DIR=order.instance, DATABASE_URL=order.database_url, MAIL_URL=order.mail_url
    )
    left = order.occurrence

    def reached() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), order.signal)

    SmtpTransport.__init__.__kwdefaults__["deadline"] = order.deadline
    CONTROLS[order.control]()
    PHASES[order.phase](reached)
    line.send("ready")
    line.recv()
    with app.app_context():
        report = deliver_due(order.now)
        db.session.remove()
        db.engine.dispose()
    line.send(report.sent)
