"""When somebody has arrived: from everything that was done, in whichever order it comes in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from event_mgmt.check_in.enums import DoorActionKind
from event_mgmt.check_in.rules import Action, arrived_at

SIX = datetime(2027, 1, 12, 18, 0, tzinfo=UTC)
IN, OUT, UNDO = DoorActionKind.IN, DoorActionKind.OUT, DoorActionKind.UNDO


def _at(minutes: int) -> datetime:
    return SIX + timedelta(minutes=minutes)


def test_nobody_has_arrived_of_whom_nothing_was_done() -> None:
    assert arrived_at([]) is None


def test_the_first_arrival_counts_whichever_door_sends_first() -> None:
    doors = [Action(1, IN, _at(5)), Action(2, IN, _at(3))]

    assert {arrived_at(order) for order in permutations(doors)} == {_at(3)}


def test_an_arrival_that_is_taken_back_counts_no_more_in_any_order() -> None:
    done = [Action(1, IN, _at(0)), Action(2, UNDO, _at(1), refers_to_id=1)]

    assert {arrived_at(order) for order in permutations(done)} == {None}


def test_whoever_comes_after_all_arrives_then() -> None:
    done = [Action(1, IN, _at(0)), Action(2, UNDO, _at(1), refers_to_id=1), Action(3, IN, _at(9))]

    assert arrived_at(done) == _at(9)


def test_who_goes_out_has_still_arrived() -> None:
    assert arrived_at([Action(1, IN, _at(0)), Action(2, OUT, _at(30))]) == _at(0)


@pytest.mark.parametrize("kind", [DoorActionKind.WALK_IN, DoorActionKind.SUBSTITUTION])
def test_whoever_was_not_on_the_list_arrives_as_well(kind: DoorActionKind) -> None:
    assert arrived_at([Action(1, kind, _at(2))]) == _at(2)
