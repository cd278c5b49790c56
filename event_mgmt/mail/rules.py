"""What becomes of a message after one attempt to hand it to the relay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

DEADLINE_SECONDS: Final = 40.0
"""How long one message may keep the relay busy, from connecting to its last answer."""

HASTY_SECONDS: Final = 10.0
"""How long a relay may think about a recipient at the first attempts: one that is silent about
some must not keep the mail of all others waiting."""

_HASTY_ATTEMPTS: Final = 2

LEASE_SECONDS: Final = 60.0
"""How long a claim holds; longer than any attempt, so that nobody takes a message in transit."""

COPIES: Final = 2
"""How often a message may be handed over when nobody knows whether it arrived."""

CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""More than the clocks of machines that are looked after ever do."""

LONGEST_WAIT: Final = timedelta(hours=1)
FOR_ANOTHER: Final = timedelta(seconds=1)
"""How long a message waits for another one that is in a worker's hands."""

_FIRST_WAITS: Final = (1, 5, 15, 60)
_FIRST_REST: Final = timedelta(minutes=1)  # then as long again as it has rested so far
_ABOUT_THE_SENDER: Final = frozenset({"1.7", "1.8"})
_NOT_THE_ADDRESS: Final = _ABOUT_THE_SENDER | {"2.2", "2.3", "3.1", "3.4", "4.5", "4.7"}
_ABOUT_MAILBOXES: Final = frozenset({550, 551, 553})
_ENHANCED: Final = re.compile(r"5\.(\d{1,3}\.\d{1,3})\b")
_GIVE_UP: Final = timedelta(hours=48)  # between RFC 5321's "at least 4-5 days" and the event


class AttemptResult(StrEnum):
    """How one attempt ended."""

    ACCEPTED = "accepted"  # the relay has the message
    DEFERRED = "deferred"  # not delivered; a later try may work (4xx, or lost before the dot)
    REFUSED = "refused"  # not delivered, and never will be (5xx)
    LOST = "lost"  # the connection broke after the final dot: nobody knows
    UNTOUCHED = "untouched"  # never offered: the relay was away, or the worker had to stop
    UNWRITABLE = "unwritable"  # no letter could be made of it
    POINTLESS = "pointless"  # the notice found nothing left to say
    WAITING = "waiting"  # another message to the same reader is in a worker's hands
    RESTING = "resting"  # never offered: the recipient's domain is left alone for a while


class NextState(StrEnum):
    """What the row becomes."""

    SENT = "sent"
    QUEUED = "queued"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class AttemptOutcome:
    """``wait``: until the next try. ``may_have_arrived``: whether this attempt's copy counts.

    ``is_attempt`` is false where the message was not offered to anybody; ``rested`` is how much
    longer it has then been kept back because its recipient's domain rests.
    """

    state: NextState
    wait: timedelta = timedelta()
    may_have_arrived: bool = False
    is_attempt: bool = True
    rested: timedelta = timedelta()


def outcome(
    verdict: AttemptResult, *, attempts: int, copies: int, rested: timedelta = timedelta()
) -> AttemptOutcome:
    """What follows from ``verdict``; ``attempts`` and ``copies`` include the one just made.

    ``rested`` is how long the message was kept back before without being offered.
    """
    if verdict is AttemptResult.DEFERRED:
        wait = wait_after(attempts, rested=rested)
        return (
            AttemptOutcome(NextState.FAILED)
            if wait is None
            else AttemptOutcome(NextState.QUEUED, wait)
        )
    if verdict is AttemptResult.RESTING:
        rest = min(max(rested, _FIRST_REST), LONGEST_WAIT)
        return AttemptOutcome(NextState.QUEUED, rest, is_attempt=False, rested=rest)
    if verdict is AttemptResult.LOST and copies >= COPIES:
        return AttemptOutcome(NextState.UNCERTAIN, may_have_arrived=True)
    return _PLAIN[verdict]


_PLAIN: Final = {
    AttemptResult.ACCEPTED: AttemptOutcome(NextState.SENT, may_have_arrived=True),
    AttemptResult.REFUSED: AttemptOutcome(NextState.FAILED),
    AttemptResult.LOST: AttemptOutcome(
        NextState.QUEUED, timedelta(minutes=_FIRST_WAITS[0]), may_have_arrived=True
    ),
    AttemptResult.UNTOUCHED: AttemptOutcome(NextState.QUEUED, is_attempt=False),
    AttemptResult.UNWRITABLE: AttemptOutcome(NextState.FAILED),
    AttemptResult.POINTLESS: AttemptOutcome(NextState.SKIPPED, is_attempt=False),
    AttemptResult.WAITING: AttemptOutcome(NextState.QUEUED, FOR_ANOTHER, is_attempt=False),
}


def wait_after(attempts: int, *, rested: timedelta = timedelta()) -> timedelta | None:
    """How long to wait after so many deferred attempts; ``None``: give up, 48 hours have passed.

    1, 5, 15 and 60 minutes, then hourly: soon enough for greylisting, slow enough for an outage.
    The hours are those in which the message waited for its own sake: after attempts and while its
    recipient's domain rested. An outage of the relay or of the worker is not among them.
    """
    if rested + _waited_after(attempts) > _GIVE_UP:
        return None
    waits = [timedelta(minutes=m) for m in _FIRST_WAITS]
    return waits[attempts - 1] if attempts <= len(waits) else LONGEST_WAIT


def may_rest(attempts: int, *, rested: timedelta) -> bool:
    """Whether a message may be kept back once more; one that has waited for 48 hours is offered
    in spite of all, so that none is given up without a last try. ``attempts`` are those before.
    """
    return rested + _waited_after(attempts) <= _GIVE_UP


def _waited_after(attempts: int) -> timedelta:
    hourly = LONGEST_WAIT * max(0, attempts - len(_FIRST_WAITS))
    return timedelta(minutes=sum(_FIRST_WAITS[:attempts])) + hourly


def recipient_seconds(attempt: int) -> float:
    """How long to wait for the relay's word about a recipient at this attempt, from 1."""
    return HASTY_SECONDS if attempt <= _HASTY_ATTEMPTS else DEADLINE_SECONDS


def is_dead_address_status(detail: str) -> bool:
    """Whether an enhanced status 5.``detail`` (RFC 3463) says that mail to the address is in vain.

    A full mailbox, too large a message, congestion and a refusal of the content (5.6, 5.7) say
    nothing of the address.
    """
    return detail not in _NOT_THE_ADDRESS and detail[:2] not in {"6.", "7."}


def is_dead_address_reply(code: int | None, words: str, *, is_about_recipient: bool) -> bool:
    """Whether a refusal for good (5xx) says that mail to the address is in vain.

    ``is_about_recipient``: it answered RCPT. Then the enhanced status tells where the reply has
    one, else the codes that RFC 5321, 4.2.3 has for mailboxes. An answer to MAIL or DATA, or after
    the content, is about the sender or the message, unless its status names the mailbox: relays
    that look a recipient up late say so there (RFC 3463: 5.1, and 5.2.1 for a disabled one).
    """
    stated = _ENHANCED.match(words)
    if is_about_recipient:
        return is_dead_address_status(stated[1]) if stated else code in _ABOUT_MAILBOXES
    return stated is not None and _is_about_a_mailbox(stated[1])


def _is_about_a_mailbox(detail: str) -> bool:
    return detail == "2.1" or (detail.startswith("1.") and detail not in _ABOUT_THE_SENDER)


def next_batch(sent: int, seconds: float) -> int:
    """How many messages to claim next: what the relay took in the last quarter of a second.

    A crash can repeat at most one batch, so a slow relay gets small ones; a quick relay gets
    batches large enough that many share what a batch costs: a commit and a dozen statements.
    """
    if sent == 0 or seconds <= 0:
        return 1
    return max(1, min(100, int(sent / seconds * 0.25)))


def relay_pause(failures: int) -> float:
    """Seconds a worker waits after so many fruitless looks in a row: 1, 2, 4 … up to 60."""
    return float(min(60, 2 ** min(failures - 1, 6)))
