"""Of several reminders that would reach a guest within one hour, which one goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WITHIN: Final = timedelta(hours=1)
"""Rules whose times are less than this apart give a guest one mail."""


@dataclass(frozen=True)
class Candidate:
    """An active rule of one event whose time has not gone by without it.

    ``armed_at`` is since when the rule holds as it is; instants are UTC.
    """

    rule_id: int
    statuses: tuple[str, ...]
    due_at: datetime
    armed_at: datetime
    has_own_words: bool


def giving_way(candidates: Iterable[Candidate]) -> frozenset[tuple[int, str]]:
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


def reach_the_same(one: Candidate, other: Candidate) -> bool:
    """Whether two different rules would reach somebody within the hour."""
    return _meet(one, other) and not set(one.statuses).isdisjoint(other.statuses)


def _silent(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that give way, when the strongest choose first."""

    def strength(candidate: Candidate) -> tuple[bool, bool, datetime, int]:
        was_first = any(
            _meet(candidate, other) and candidate.due_at < other.armed_at for other in candidates
        )
        return not was_first, not candidate.has_own_words, candidate.due_at, candidate.rule_id

    speaking: list[Candidate] = []
    silent: list[Candidate] = []
    for candidate in sorted(candidates, key=strength):
        gives_way = any(_meet(candidate, other) for other in speaking)
        (silent if gives_way else speaking).append(candidate)
    return silent


def _meet(one: Candidate, other: Candidate) -> bool:
    return one.rule_id != other.rule_id and abs(one.due_at - other.due_at) < WITHIN
