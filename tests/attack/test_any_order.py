"""Any deeds in any order: seats, fairness, mails and the record always hold; and that this is seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from event_mgmt.audit import service as audit
from event_mgmt.core.database import db
from event_mgmt.registrations.lifecycle import notifications, seats, waiting_list
from tests.attack.conftest import LONG
from tests.attack.machine import Desk

SORTS = {"register_online", "decide", "cancel", "change", "change_capacity", "sweep"}
CALM = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def _play(app: Flask, *, games: int, moves: int, shrinks: bool = True) -> Counter[str]:
    """Play; an assertion of the machine fails here. Gives how often each deed was done."""

    class Game(Desk):
        done: ClassVar[Counter[str]] = Counter()

    Game.app = app
    phases = [Phase.generate, Phase.shrink] if shrinks else [Phase.generate]
    run_state_machine_as_test(
        Game,
        settings=settings(
            max_examples=games,
            stateful_step_count=moves,
            deadline=None,
            derandomize=not LONG,
            database=None,
            phases=phases,
            suppress_health_check=CALM,
            print_blob=False,
        ),
    )
    return Game.done


def test_whatever_is_done_in_whatever_order_the_promises_hold(app: Flask) -> None:
    is_second = db.engine.dialect.name == "postgresql"
    games = (400 if not is_second else 60) if LONG else (12 if not is_second else 4)

    done = _play(app, games=games, moves=60 if LONG else 25)

    # The machine asserts after each step; this says that there were steps, and of every sort.
    assert done.keys() >= SORTS
    assert done.total() >= 10 * games


def _nothing(*_args: Any, **_kwargs: Any) -> int:
    return 0


def _only_count(pool_id: int, wanted: int, *, ignore_waiting_list: bool = False) -> bool:
    """Seats without a look at the capacity."""
    seats.release(pool_id, -wanted)
    return True


_CLAIM = seats.claim


def _whoever_waits(pool_id: int, wanted: int, *, ignore_waiting_list: bool = False) -> bool:
    """Seats for newcomers as if nobody waited."""
    return _CLAIM(pool_id, wanted, ignore_waiting_list=True)


def _last_comes_first(pool_id: int) -> list[Any]:
    return list(reversed(_NEXT_IN_LINE(pool_id)))


_NEXT_IN_LINE = waiting_list._next_in_line


class Mutant(NamedTuple):
    """A guard that is taken out, and the words with which a promise is seen to be broken then."""

    module: object
    name: str
    broken: Callable[..., Any]
    words: str


MUTANTS = {
    "seats that are never given back": Mutant(
        seats, "release", _nothing, "taken is what live registrations hold"
    ),
    "seats that are taken without counting": Mutant(
        seats, "claim", _only_count, "ck_seat_pools_seats"
    ),
    "newcomers who pass those that wait": Mutant(
        seats, "claim", _whoever_waits, r"\d+ was seated while \[.+\] wait"
    ),
    "a waiting list that nobody serves": Mutant(
        waiting_list, "promote_waiting", _nothing, r"\d+ waits before free seats"
    ),
    "a waiting list served from its end": Mutant(
        waiting_list,
        "_next_in_line",
        _last_comes_first,
        r"\d+ was served before \[.+\]|\d+ waits before free seats",
    ),
    "a change that nobody is told of": Mutant(
        notifications, "notify_status", _nothing, r"\w+ is told by mail"
    ),
    "a change that nobody writes down": Mutant(
        audit, "record", _nothing, "every change is written down"
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_broken_guard_is_noticed(
    attacked: Flask, monkeypatch: pytest.MonkeyPatch, mutant: str
) -> None:
    """The control: with any one guard taken out, the same game is lost, and for that reason."""
    guard = MUTANTS[mutant]
    monkeypatch.setattr(guard.module, guard.name, guard.broken)

    with pytest.raises((AssertionError, IntegrityError), match=guard.words):
        _play(attacked, games=60, moves=25, shrinks=False)
