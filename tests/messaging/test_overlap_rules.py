"""Reminders that would reach a guest within one hour."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from event_mgmt.messaging.overlap_rules import WITHIN, RuleCandidate, giving_way

TEN = datetime(2027, 2, 14, 10, 0, tzinfo=UTC)
LONG_AGO = datetime(2027, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
_ids = itertools.count(1)


def _rule(
    minutes: int = 0,
    *,
    own: bool = False,
    statuses: tuple[str, ...] = ("confirmed",),
    armed_at: datetime = LONG_AGO,
) -> RuleCandidate:
    return RuleCandidate(next(_ids), statuses, TEN + minutes * MINUTE, armed_at, own)


def test_own_words_go_out_whichever_comes_first() -> None:
    standard, own = _rule(0), _rule(40, own=True)

    assert giving_way([standard, own]) == {(standard.rule_id, "confirmed")}
    assert giving_way([own, standard]) == {(standard.rule_id, "confirmed")}


def test_of_two_alike_the_first_goes_out() -> None:
    first, second = _rule(0), _rule(59)

    assert giving_way([second, first]) == {(second.rule_id, "confirmed")}


def test_an_hour_apart_both_go_out() -> None:
    assert giving_way([_rule(0), _rule(60)]) == frozenset()


def test_those_whom_only_one_of_them_asks_get_that_one() -> None:
    both = _rule(0, statuses=("confirmed", "waitlisted"))
    own = _rule(30, own=True)

    assert giving_way([both, own]) == {(both.rule_id, "confirmed")}


def test_whoever_has_had_one_gets_no_second_that_was_made_afterwards() -> None:
    gone = _rule(0)
    late = _rule(30, own=True, armed_at=TEN + 5 * MINUTE)

    assert giving_way([gone, late]) == {(late.rule_id, "confirmed")}


def test_one_that_gives_way_itself_makes_no_other_give_way() -> None:
    first, middle, own = _rule(0), _rule(50), _rule(100, own=True)

    assert giving_way([first, middle, own]) == {(middle.rule_id, "confirmed")}


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.booleans(), st.integers(-60, 300)), min_size=1, max_size=8
    )
)
def test_everybody_gets_at_least_one_and_never_two_within_an_hour(drawn) -> None:
    rules = [
        _rule(minutes, own=own, armed_at=TEN + armed * MINUTE) for minutes, own, armed in drawn
    ]

    weaker = giving_way(rules)

    speaking = [rule for rule in rules if (rule.rule_id, "confirmed") not in weaker]
    times = sorted(rule.due_at for rule in speaking)
    assert all(later - earlier >= WITHIN for earlier, later in itertools.pairwise(times))
    for rule in rules:
        assert any(abs(rule.due_at - other.due_at) < WITHIN for other in speaking)
