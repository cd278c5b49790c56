"""Any deeds in any order: seats, fairness, mails and the record always hold; and that this is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from event_mgmt.audit import service as audit
from event_mgmt.core.database import db
from event_mgmt.registrations import seats, telling, waiting
from tests.attack.conftest import LONG
from tests.attack.machine import Desk

CALM = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def _play(app: Flask, *, games: int, moves: int, shrinks: bool = True) -> None:
    class Game(Desk):
        pass

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


def test_whatever_is_done_in_whatever_order_the_promises_hold(app: Flask) -> None:
    is_second = db.engine.dialect.name == "postgresql"
    games = (400 if not is_second else 60) if LONG else (12 if not is_second else 4)

    _play(app, games=games, moves=60 if LONG else 25)


def _nothing(*_args: Any, **_kwargs: Any) -> int:
    return 0


def _only_count(pool_id: int, wanted: int, *, passes_waiting: bool = False) -> bool:
    """Seats without a look at the capacity."""
    seats.release(pool_id, -wanted)
    return True


_CLAIM = seats.claim


def _whoever_waits(pool_id: int, wanted: int, *, passes_waiting: bool = False) -> bool:
    """Seats for newcomers as if nobody waited."""
    return _CLAIM(pool_id, wanted, passes_waiting=True)


def _last_comes_first(pool_id: int) -> list[Any]:
    return list(reversed(_NEXT_IN_LINE(pool_id)))


_NEXT_IN_LINE = waiting._next_in_line

MUTANTS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "seats that are never given back": (seats, "release", _nothing),
    "seats that are taken without counting": (seats, "claim", _only_count),
    "newcomers who pass those that wait": (seats, "claim", _whoever_waits),
    "a waiting list that nobody serves": (waiting, "fill", _nothing),
    "a waiting list served from its end": (waiting, "_next_in_line", _last_comes_first),
    "a change that nobody is told of": (telling, "tell_status", _nothing),
    "a change that nobody writes down": (audit, "record", _nothing),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_broken_guard_is_noticed(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, mutant: str
) -> None:
    """The control: with any one guard taken out, the same game is lost."""
    module, name, broken = MUTANTS[mutant]
    monkeypatch.setattr(module, name, broken)

    with pytest.raises(Exception, match=r".+"):
        _play(sqlite_app, games=60, moves=25, shrinks=False)
