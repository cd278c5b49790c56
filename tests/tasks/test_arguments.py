"""Arguments go into the row as JSON and come back as what their type declares, or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from event_mgmt.tasks.arguments import UnreadableArguments, as_json, read


@dataclass(frozen=True)
class Given:
    event_id: int
    names: tuple[str, ...]
    is_all: bool
    since: int | None
    words: Mapping[str, str]


WHOLE = Given(3, ("a", "b"), is_all=True, since=None, words={"search": "Ž"})


def test_what_was_given_comes_back() -> None:
    assert read(Given, json.loads(json.dumps(as_json(WHOLE)))) == WHOLE


@pytest.mark.parametrize(
    "amiss",
    [
        {"event_id": "3"},
        {"event_id": True},
        {"names": ["a", 1]},
        {"names": "a"},
        {"is_all": 1},
        {"since": "x"},
        {"words": {"search": 1}},
        {"words": []},
        {"more": 1},
    ],
    ids=str,
)
def test_what_the_type_does_not_declare_is_not_read(amiss: dict[str, object]) -> None:
    with pytest.raises(UnreadableArguments):
        read(Given, {**as_json(WHOLE), **amiss})


def test_a_field_that_is_not_there_is_not_guessed() -> None:
    stored = as_json(WHOLE)
    del stored["since"]

    with pytest.raises(UnreadableArguments):
        read(Given, stored)


def test_what_is_no_plain_value_is_not_written() -> None:
    with pytest.raises(UnreadableArguments):
        as_json(Given(3, (), is_all=True, since=object(), words={}))
