from __future__ import annotations

import pytest

from event_mgmt.web import page_store
from event_mgmt.web.page_store import Cache


class Clock:
    """A watch that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(page_store, "time", clock)
    return clock


def test_what_was_made_is_shown_again(clock):
    kept = Cache[str](most=10)
    kept.get("a", lambda: "first")

    assert kept.get("a", lambda: "second") == "first"
    assert kept.get("b", lambda: "other") == "other"


def test_it_is_made_anew_after_a_minute(clock):
    kept = Cache[str](most=10)
    kept.get("a", lambda: "first")
    clock.seconds += page_store.LASTS_SECONDS

    assert kept.get("a", lambda: "second") == "second"


def test_what_was_not_shown_for_longest_makes_room(clock):
    kept = Cache[str](most=2)
    kept.get("a", lambda: "a1")
    kept.get("b", lambda: "b1")
    kept.get("a", lambda: "a2")
    kept.get("c", lambda: "c1")

    assert kept.get("a", lambda: "a3") == "a1"
    assert kept.get("b", lambda: "b2") == "b2"


def test_a_drawing_that_fails_is_not_kept(clock):
    kept = Cache[str](most=10)

    with pytest.raises(LookupError):
        kept.get("a", lambda: {}["nothing"])

    assert kept.get("a", lambda: "fine") == "fine"
