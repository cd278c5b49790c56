"""What a delivery report says about an address: dead, not reached this time, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from event_mgmt.mail.rules import is_dead_address_status

REPORTS_COUNT_FOR: Final = timedelta(days=30)
"""How long after a message was sent a report about it is believed; relays give up in five days."""

_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REPLY: Final = re.compile(r"(?:^|[\s;])([245]\d\d)[\s-]")
_FULL: Final = 552


class BounceSeverity(StrEnum):
    """What became of a message."""

    HARD = "hard"  # not delivered, and never will be: the address is dead
    SOFT = "soft"  # not delivered; another message may be
    NOTHING = "nothing"  # delivered, on its way, or nothing that we understand


@dataclass(frozen=True)
class BounceAssessment:
    """``code`` is like an SMTP reply's, ``status`` an enhanced one (RFC 3463), ``diagnostic`` the
    words of the server that refused.
    """

    severity: BounceSeverity
    code: int = 0
    status: str = ""
    diagnostic: str = ""


def assess(*, action: str, status: str, diagnostic: str) -> BounceAssessment:
    """What one recipient's fields (RFC 3464, 2.3) amount to.

    Only what has failed counts: delayed, delivered, relayed and expanded change nothing. A refusal
    of the content (5.6, 5.7) and a full mailbox do not make an address dead.
    """
    stated = _STATUS.search(status)
    if action.lower() != "failed" or stated is None or stated[1] == "2":
        return BounceAssessment(BounceSeverity.NOTHING)
    kind, detail = stated[1], f"{stated[2]}.{stated[3]}"
    reply = _REPLY.search(diagnostic)
    code = int(reply[1]) if reply and reply[1][0] == kind else int(kind) * 100 + 50
    if detail == "0.0" and (refined := _STATUS.search(diagnostic)) and refined[1] == kind:
        detail = f"{refined[2]}.{refined[3]}"
    if detail == "0.0" and code == _FULL:
        detail = "2.2"
    is_hard = kind == "5" and is_dead_address_status(detail)
    return BounceAssessment(
        BounceSeverity.HARD if is_hard else BounceSeverity.SOFT,
        code,
        f"{kind}.{detail}",
        diagnostic,
    )
