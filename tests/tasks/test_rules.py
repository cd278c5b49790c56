"""What a death leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from event_mgmt.tasks.enums import AfterDeath, Reason, TaskState
from event_mgmt.tasks.rules import DEATHS, after_death
from tests.builders import NOW


def test_the_third_death_is_the_last() -> None:
    fates = [after_death(AfterDeath.RESTART, attempt, now=NOW) for attempt in range(1, DEATHS + 1)]

    assert [fate.state for fate in fates] == [
        TaskState.WAITING,
        TaskState.WAITING,
        TaskState.FAILED,
    ]
    assert fates[-1].reason is Reason.DIED


def test_what_killed_it_is_given_time_to_pass() -> None:
    pauses = [after_death(AfterDeath.RESTART, each, now=NOW).due_at - NOW for each in (1, 2)]

    assert pauses == [timedelta(seconds=5), timedelta(seconds=30)]


@pytest.mark.parametrize(("kind_says", "keeps"), [("resume", True), ("restart", False)])
def test_only_who_resumes_keeps_the_checkpoint(kind_says: str, keeps: bool) -> None:
    assert after_death(AfterDeath(kind_says), 1, now=NOW).keeps_checkpoint is keeps


def test_what_cannot_be_repeated_ends_with_the_first_death() -> None:
    fate = after_death(AfterDeath.END, 1, now=NOW)

    assert (fate.state, fate.reason) == (TaskState.FAILED, Reason.INTERRUPTED)
