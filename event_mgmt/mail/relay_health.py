"""Which part of a failing relay to leave alone: one message, one domain, or all of it.

A relay may end the conversation about some messages and take the others. Whoever then leaves it
alone altogether starves everybody; whoever does not mind besieges a relay that is really away.
What each message's own next try is, rules.wait_after tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

CUTS_OF_A_RELAY: Final = 3
"""After so many conversations in a row that it ended, the relay as a whole is left alone."""

CUTS_OF_A_DOMAIN: Final = 3
"""After so many conversations about it in a row, while others went well, a domain rests."""

_FIRST_REST: Final = timedelta(seconds=5)
_LONGEST_REST: Final = timedelta(minutes=5)
_TROUBLE_LASTS: Final = timedelta(minutes=1)


@dataclass
class _CutStreak:
    """Conversations about one domain that were ended, one after the other."""

    began_after: int
    cuts: int = 0
    rests: int = 0
    rests_until: datetime | None = None


class RelayHealth:
    """What one worker has learnt of its relay, kept in memory."""

    def __init__(self) -> None:
        self._answers = 0
        self._cuts = 0
        self._last_cut: datetime | None = None
        self._streaks: dict[str, _CutStreak] = {}

    def answered(self, recipient: str) -> None:
        """A conversation ended in order, whatever the answer was."""
        self._answers += 1
        self._cuts = 0
        self._streaks.pop(_domain(recipient), None)

    def cut(self, recipient: str, *, now: datetime) -> bool:
        """The relay ended a conversation; gives whether all of it seems to be away.

        Until it has answered again, one more such end is enough to say so.
        """
        domain = _domain(recipient)
        streak = self._streaks.setdefault(domain, _CutStreak(began_after=self._answers))
        streak.cuts += 1
        self._last_cut = now
        if streak.cuts >= CUTS_OF_A_DOMAIN and self._answers > streak.began_after:
            rest = min(_LONGEST_REST, _FIRST_REST * 2 ** min(streak.rests, 6))
            streak.rests += 1
            streak.rests_until = now + rest
            return False  # the domain's fault, not the relay's
        self._cuts += 1
        if self._cuts < CUTS_OF_A_RELAY:
            return False
        self._cuts = CUTS_OF_A_RELAY - 1
        return True

    def has_trouble(self, *, now: datetime) -> bool:
        """Whether the relay has ended a conversation a short while ago."""
        return self._last_cut is not None and now < self._last_cut + _TROUBLE_LASTS

    def is_resting(self, recipient: str, *, now: datetime) -> bool:
        """Whether nothing should be offered to this recipient's domain now."""
        streak = self._streaks.get(_domain(recipient))
        return streak is not None and streak.rests_until is not None and now < streak.rests_until


def _domain(recipient: str) -> str:
    return recipient.rpartition("@")[2].lower()
