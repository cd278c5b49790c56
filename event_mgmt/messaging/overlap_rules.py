"""Of several reminders that would reach a guest within one hour, which one goes out.

1. The rules of one event overlap in a status when both ask for it and their times are less than
   WITHIN apart.
2. Of rules that overlap, the stronger one speaks, and the others give way: they send nothing to
   that status. Stronger is, in this order,
   a. one whose time came before the other was made or changed: nobody gets a second mail for that;
   b. one with the organiser's own words;
   c. one that is due earlier, then the older one.
3. The strongest choose first. A rule that gives way itself makes no other give way.
4. A rule that has spoken counts also when it is over, changed or paused since; one that is over
   without a word does not (``candidates.candidates_of``).
"""

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


def giving_way(candidates: Iterable[RuleCandidate]) -> frozenset[tuple[int, str]]:
    """The (rule id, status) that send nothing, because a stronger rule speaks within the hour."""
    every = list(candidates)
    statuses = {status for candidate in every for status in candidate.statuses}
    return frozenset(
        (candidate.rule_id, status)
        for status in statuses
        for candidate in _giving_way_among([c for c in every if status in c.statuses])
    )


def reach_same_guests(one: RuleCandidate, other: RuleCandidate) -> bool:
    """Whether two different rules would reach somebody within the hour."""
    return _meet(one, other) and not set(one.statuses).isdisjoint(other.statuses)


def _giving_way_among(candidates: Sequence[RuleCandidate]) -> list[RuleCandidate]:

    def strength(candidate: RuleCandidate) -> tuple[bool, bool, datetime, int]:
        was_first = any(
            _meet(candidate, other) and candidate.due_at < other.armed_at for other in candidates
        )
        return not was_first, not candidate.has_own_words, candidate.due_at, candidate.rule_id

    speaking: list[RuleCandidate] = []
    giving: list[RuleCandidate] = []
    for candidate in sorted(candidates, key=strength):
        gives_way = any(_meet(candidate, other) for other in speaking)
        (giving if gives_way else speaking).append(candidate)
    return giving


def _meet(one: RuleCandidate, other: RuleCandidate) -> bool:
    return one.rule_id != other.rule_id and abs(one.due_at - other.due_at) < WITHIN
