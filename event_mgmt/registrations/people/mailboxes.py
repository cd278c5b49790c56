"""Addresses that strangers may type: which are one mailbox, and how often it is written to.

Anybody can type anybody's address into a public form. Until the person behind it has confirmed it
through a personal link (by a click that sends a form: mail scanners follow every link), it gets a
few mails only; what comes beyond waits unmailed and holds no seat.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

MAX_PER_HOUR: Final = 3
MAX_PER_DAY: Final = 10
"""So many mails strangers' forms can send to an address that nobody has confirmed."""

_ONE_MAILBOX_WITHOUT_DOTS: Final = frozenset({"gmail.com", "googlemail.com"})


@dataclass(frozen=True)
class MailVolume:
    """How an address stands: confirmed, and how many mails forms have sent it lately."""

    is_confirmed: bool = False
    in_an_hour: int = 0
    in_a_day: int = 0

    @property
    def takes_another(self) -> bool:
        """Whether one more mail may go out because of a stranger's form."""
        return self.is_confirmed or (self.in_an_hour < MAX_PER_HOUR and self.in_a_day < MAX_PER_DAY)


def mailbox_of(address: str) -> str:
    """What is the same for all spellings of one mailbox; '' for none.

    Case does not count, nor what follows a plus sign (RFC 5233), nor dots where the provider says
    so. Only for counting: mail goes to the address as it was typed.
    """
    local, _at, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in _ONE_MAILBOX_WITHOUT_DOTS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}" if domain else ""


def advisory_lock_key(mailbox: str) -> int:
    """A number below 2**63 by which transactions about one mailbox wait for each other."""
    return int.from_bytes(hashlib.sha256(mailbox.encode()).digest()[:8]) >> 1
