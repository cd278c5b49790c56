"""When data go: pure decisions, with time as an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from event_mgmt.events.rules import personal_data_erased_at, sensitive_answers_erased_at
from event_mgmt.privacy.enums import RetentionKind

NIGHT_BEGINS: Final = timedelta(hours=1)
"""When the nightly round may begin, after midnight UTC: it is night in all of Europe, and the day
on which data are due has begun there."""

ACCOUNT_MAILS_LAST: Final = timedelta(days=365)
"""How long mails that belong to no event (invitations to a team, new passwords) are kept."""

_BOUND: Final = timedelta(days=2)
"""More than any zone's distance from UTC, twice."""


@dataclass(frozen=True)
class Rule:
    """An event's own rule: when it ends, in which zone, and for how long what is kept."""

    ends_at: datetime
    time_zone: str
    sensitive_days: int
    retention_months: int

    def goes_at(self, kind: RetentionKind) -> datetime:
        """When data of this kind go."""
        if kind is RetentionKind.SENSITIVE:
            return sensitive_answers_erased_at(
                self.ends_at, self.time_zone, days=self.sensitive_days
            )
        return personal_data_erased_at(self.ends_at, self.time_zone, months=self.retention_months)

    def is_due(self, kind: RetentionKind, *, now: datetime) -> bool:
        """Whether they go now. From the very instant on."""
        return self.goes_at(kind) <= now


def ended_by(kind: RetentionKind, length: int, *, now: datetime) -> datetime:
    """Nothing is due of events that ended later than this, if ``length`` is their rule's.

    Wide enough for every zone, so that a database may look first, and ``Rule`` decides.
    """
    if kind is RetentionKind.SENSITIVE:
        return now - timedelta(days=length) + _BOUND
    return now - timedelta(days=length * 28) + _BOUND


def night_of(now: datetime) -> date:
    """Which night's round ``now`` belongs to."""
    return (now.astimezone(UTC) - NIGHT_BEGINS).date()


def summed(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Two records of what went as one; zeros are left out."""
    both = {kind: counts.get(kind, 0) + more.get(kind, 0) for kind in {**counts, **more}}
    return {kind: count for kind, count in both.items() if count}
