"""Of several reminders that would reach a guest within one hour, which one goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WITHIN: Final = timedelta(hours=1)
"""Rules whose times are less than this apart give a guest one mail."""


@dataclass(frozen=True)
class RuleCandidate:
    """An active rule of one event whose time has not gone by without it.

    ``armed_at`` is since when the rule holds as it is; instants are UTC.
    """

    rule_id: int
    statuses: tuple[str, ...]
    due_at: datetime
    armed_at: datetime
    has_own_words: bool


def suppressed(candidates: Iterable[RuleCandidate]) -> frozenset[tuple[int, str]]:
    """The (rule id, status) that send nothing, because another rule speaks within the hour.

    One that had gone out before the other was made or changed has precedence: nobody gets a second
    mail for it. Then an organiser's own words, then what is due first.
    """
    every = list(candidates)
    statuses = {status for candidate in every for status in candidate.statuses}
    return frozenset(
        (candidate.rule_id, status)
        for status in statuses
        for candidate in _silent([c for c in every if status in c.statuses])
    )


def reach_same_guests(one: RuleCandidate, other: RuleCandidate) -> bool:
    """Whether two different rules would reach somebody within the hour."""
    return _meet(one, other) and not set(one.statuses).isdisjoint(other.statuses)


def _silent(candidates: Sequence[RuleCandidate]) -> list[RuleCandidate]:
    """Those that give way, when the strongest choose first."""

    def strength(candidate: RuleCandidate) -> tuple[bool, bool, datetime, int]:
        was_first = any(
            _meet(candidate, other) and candidate.due_at < other.armed_at for other in candidates
        )
        return not was_first, not candidate.has_own_words, candidate.due_at, candidate.rule_id

    speaking: list[RuleCandidate] = []
    silent: list[RuleCandidate] = []
    for candidate in sorted(candidates, key=strength):
        gives_way = any(_meet(candidate, other) for other in speaking)
        (silent if gives_way else speaking).append(candidate)
    return silent


def _meet(one: RuleCandidate, other: RuleCandidate) -> bool:
    return one.rule_id != other.rule_id and abs(one.due_at - other.due_at) < WITHIN
